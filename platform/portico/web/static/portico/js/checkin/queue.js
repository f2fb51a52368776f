// The queue of taps. An item is written before anything else happens to it, and leaves only when
// the school has it or the student removes it.
//
//   locating   just tapped, the phone is still asked where it is (a few seconds)
//   waiting    to be sent
//   sent       the school has it; kept a day without what was written, to be looked at
//   refused    the school said no, and why; kept until the student removes it

import { announce } from "./channel.js";
import { stamp } from "./clock.js";
import { within } from "./database.js";

const KEEP_SENT = 24 * 3600 * 1000;
const PRIVATE = ["goals", "done", "answers", "reflection", "worry", "location", "pulse"];

export async function add(event) {
  const item = { key: crypto.randomUUID(), state: "locating", ...event, ...stamp() };
  item.number = await within("queue", "readwrite", (store) => store.add(item));
  announce({ changed: true });
  return item;
}

// All items in the order they were tapped, which no clock can change.
const all = () => within("queue", "readonly", (store) => store.getAll());

export async function itemsOf(user) {
  return (await all()).filter((item) => item.user === user);
}

export async function waitingOf(user) {
  return (await itemsOf(user)).filter((item) => ["waiting", "locating"].includes(item.state));
}

export async function anyWaiting() {
  return (await all()).some((item) => item.state === "waiting");
}

// Change one item, unless it has left the state it is thought to be in.
async function change(key, from, changes) {
  await within("queue", "readwrite", (store) => {
    store.index("key").get(key).onsuccess = (found) => {
      const item = found.target.result;
      if (!item || !from.includes(item.state)) return;
      const changed = { ...item, ...changes };
      for (const name of Object.keys(changed)) {
        if (changed[name] === undefined) delete changed[name];
      }
      store.put(changed);
    };
  });
  announce({ changed: true });
}

export const located = (key, location) =>
  change(key, ["locating"], { location, state: "waiting" });

export const refused = (key, { detail, field }) =>
  change(key, ["waiting"], { state: "refused", detail, field });

export const tryAgain = (key) => change(key, ["refused"], { state: "waiting", detail: undefined });

// What was written goes as soon as the school has it: the phone may be shared.
export function sent(key, says) {
  const forgotten = Object.fromEntries(PRIVATE.map((name) => [name, undefined]));
  return change(key, ["waiting"], { ...forgotten, state: "sent", says, sent_at: Date.now() });
}

export async function remove(key) {
  await within("queue", "readwrite", (store) => {
    store.index("key").getKey(key).onsuccess = (found) => {
      if (found.target.result !== undefined) store.delete(found.target.result);
    };
  });
  announce({ changed: true });
}

// When the page opens: taps that were left asking for a place are sent without one, and what the
// school has had for a day goes.
export async function tidy() {
  await within("queue", "readwrite", (store) => {
    store.openCursor().onsuccess = (found) => {
      const cursor = found.target.result;
      if (!cursor) return;
      const item = cursor.value;
      if (item.state === "sent" && Date.now() - item.sent_at > KEEP_SENT) cursor.delete();
      if (item.state === "locating" && item.life !== performance.timeOrigin) {
        cursor.update({ ...item, state: "waiting" });
      }
      cursor.continue();
    };
  });
}

// At sign-out: what the school already has is nobody else's to see. The unsent stays.
export async function forgetSent(user) {
  await within("queue", "readwrite", (store) => {
    store.openCursor().onsuccess = (found) => {
      const cursor = found.target.result;
      if (!cursor) return;
      if (cursor.value.user === user && cursor.value.state === "sent") cursor.delete();
      cursor.continue();
    };
  });
}
