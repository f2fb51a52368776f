// Whether this student lets check-in read the phone's position. Said here it holds at once, also
// without a network; the school is told with the next replay and remembers it for every phone.

import { within } from "./database.js";

const CHOICE = "/check-in/location/";
const TIMEOUT = 15000;

const unsentChoice = (user) => within("settings", "readonly", (store) => store.get(user));

export async function usesLocation(person) {
  const choice = await unsentChoice(person.user);
  return choice ? choice.location : person.location_allowed;
}

export const chooseLocation = (user, location) =>
  within("settings", "readwrite", (store) => store.put({ user, location }));

// Tell the school; `school` is its latest answer. Returns that answer with the choice in it.
export async function sendChoice(school) {
  const choice = await unsentChoice(school.user);
  if (!choice) return school;
  const told = { ...school, location_allowed: choice.location };
  if (choice.location !== school.location_allowed && !(await post(choice, school.csrf))) {
    return told; // next time
  }
  await within("settings", "readwrite", (store) => store.delete(school.user));
  return told;
}

async function post(choice, token) {
  try {
    const response = await fetch(CHOICE, {
      method: "POST",
      credentials: "same-origin",
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT),
      headers: { "X-CSRFToken": token },
      body: new URLSearchParams({ share: choice.location ? "yes" : "no" }),
    });
    return response.type === "opaqueredirect"; // it leads back to the page: done
  } catch {
    return false;
  }
}
