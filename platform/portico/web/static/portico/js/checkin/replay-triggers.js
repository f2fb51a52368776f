// When to try: as the page opens, when the network comes back, when the app comes to the front,
// and now and then while something waits (a phone may think it has a network when it has none).
// Where the browser has Background Sync the worker is woken too, even with the app closed.

import { anyWaiting, tidy } from "./queue.js";
import { replay } from "./replay.js";

const FIRST_PAUSE = 15000;
const LONGEST_PAUSE = 5 * 60000;
export const SYNC_TAG = "check-ins";

export function startReplay({ refresh = false } = {}) {
  let pause = FIRST_PAUSE;
  let timer;

  async function attempt() {
    clearTimeout(timer);
    const outcome = await replay({ refresh });
    const again = ["offline", "later"].includes(outcome.why) && (await anyWaiting());
    pause = again ? Math.min(pause * 2, LONGEST_PAUSE) : FIRST_PAUSE;
    if (again) timer = setTimeout(attempt, pause);
  }

  addEventListener("online", attempt);
  addEventListener("pageshow", (event) => event.persisted && attempt());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") attempt();
  });
  tidy().then(attempt);
  return attempt;
}

export async function askForBackgroundSync() {
  const registration = await navigator.serviceWorker?.getRegistration();
  try {
    await registration?.sync?.register(SYNC_TAG);
  } catch {
    // not allowed here: the triggers above are enough
  }
}
