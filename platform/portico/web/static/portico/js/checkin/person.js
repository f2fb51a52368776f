// Who is signed in on this phone, and their placements as the school last described them. The
// page is filled from this, with a network or without. One person at a time: the next one who
// signs in takes the place, signing out empties it.

import { noteServerTime } from "./clock.js";
import { within } from "./database.js";

const STATE = "/check-in/state.json";
const TIMEOUT = 15000;

// The school's answer, or null when there is no way to the school now. A café's sign-in page
// that answers in its place is no answer.
export async function askSchool() {
  const before = Date.now();
  try {
    const response = await fetch(STATE, {
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (!response.ok) return null;
    const state = await response.json();
    if (!("user" in state)) return null;
    const skew = noteServerTime(state.now, before, Date.now());
    return { ...state, skew };
  } catch {
    return null;
  }
}

// Keep it for the next time without a network. The token stays out: it is asked for anew before
// each replay, since one from before a sign-in is refused.
export async function keepPerson({ csrf, ...state }) {
  const kept = { ...state, heardAt: state.now, signedIn: true };
  await within("person", "readwrite", (store) => store.put(kept, "current"));
}

export const currentPerson = () =>
  within("person", "readonly", (store) => store.get("current"));

export const forgetPerson = () =>
  within("person", "readwrite", (store) => store.delete("current"));

// The sign-in has ended, but not by signing out: taps are still theirs, and are kept.
export async function noteSignedOut() {
  await within("person", "readwrite", (store) => {
    store.get("current").onsuccess = (found) => {
      const person = found.target.result;
      if (person) store.put({ ...person, signedIn: false }, "current");
    };
  });
}

// What the school answered to one tap, so that the page need not ask again.
export async function noteAttendance(placementId, attendance) {
  await within("person", "readwrite", (store) => {
    store.get("current").onsuccess = (found) => {
      const person = found.target.result;
      const placement = person?.placements.find((one) => one.id === placementId);
      if (!placement) return;
      placement.attendance = attendance;
      store.put(person, "current");
    };
  });
}
