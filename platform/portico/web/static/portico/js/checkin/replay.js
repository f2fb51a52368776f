// Sends what waits, once. One replay at a time on this phone (a lock across tabs and worker), a
// fresh CSRF token before each, the item's key with it: the school knows what it has had already.

import { announce } from "./channel.js";
import { elapsed } from "./clock.js";
import { sendChoice } from "./location-choice.js";
import { askSchool, keepPerson, noteAttendance, noteSignedOut } from "./person.js";
import { anyWaiting, refused, sent, waitingOf } from "./queue.js";

const EVENTS = "/check-in/events/";
const LOCK = "portico-check-in";
const TIMEOUT = 20000;
const FIELDS = [
  "key",
  "user",
  "placement",
  "attendance",
  "kind",
  "client_time",
  "goals",
  "done",
  "answers",
  "reflection",
  "pulse",
  "worry",
  "location",
  "end",
];

// How it went: `why` is "" | "offline" | "signed-out" | "someone-else" | "later".
// With refresh the school is asked who is here even when nothing waits.
export async function replay({ refresh = false } = {}) {
  if (!refresh && !(await anyWaiting())) return { sent: 0, why: "" };
  const run = navigator.locks
    ? navigator.locks.request(LOCK, sendWaiting)
    : sendWaiting();
  const outcome = await run;
  announce({ outcome });
  return outcome;
}

async function sendWaiting() {
  const school = await askSchool();
  if (!school) return { sent: 0, why: "offline" };
  if (!school.user) {
    await noteSignedOut();
    return { sent: 0, why: "signed-out" };
  }
  await keepPerson(await sendChoice(school));
  return sendItems(school);
}

async function sendItems(school) {
  const outcome = { sent: 0, why: "" };
  let token = school.csrf;
  for (const item of await waitingOf(school.user)) {
    if (item.state !== "waiting") continue;
    let answer = await send(item, { token, skew: school.skew });
    if (answer.status === 403) {
      // signed in anew in another tab since we asked: the token is of before
      const again = await askSchool();
      if (again?.user !== item.user) return { ...outcome, why: "someone-else" };
      token = again.csrf;
      answer = await send(item, { token, skew: school.skew });
    }
    const why = await settle(item, answer);
    if (why) return { ...outcome, why };
    if (answer.ok) outcome.sent += 1;
  }
  return outcome;
}

async function send(item, { token, skew }) {
  const body = Object.fromEntries(FIELDS.map((name) => [name, item[name]]));
  body.skew_ms = item.skew_ms ?? skew;
  body.elapsed_ms = elapsed(item);
  try {
    const response = await fetch(EVENTS, {
      method: "POST",
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT),
      headers: {
        "Content-Type": "application/json",
        "X-CSRFToken": token,
        "Idempotency-Key": item.key,
      },
      body: JSON.stringify(body),
    });
    const answer = await response.json().catch(() => null);
    return { status: response.status, ok: response.ok && answer?.attendance !== undefined, answer };
  } catch {
    return { status: 0, ok: false, answer: null };
  }
}

// Write down what came of it; a reason to stop, or "" to go on with the next.
async function settle(item, { status, ok, answer }) {
  if (ok) {
    await noteAttendance(item.placement, answer.attendance);
    await sent(item.key, answer.says);
    return "";
  }
  if (status === 0) return "offline";
  if (status === 401) {
    await noteSignedOut();
    return "signed-out";
  }
  if (status === 409 && answer?.code === "wrong_user") return "someone-else";
  if (isFinal(status, answer)) {
    await refused(item.key, { detail: answer.detail, field: answer.field });
    return "";
  }
  return "later"; // the school has trouble, or something between us answered: nothing is lost
}

// Only the school's own no, with its reason, ends an item.
const isFinal = (status, answer) =>
  [400, 404, 409, 410, 422].includes(status) && typeof answer?.detail === "string";
