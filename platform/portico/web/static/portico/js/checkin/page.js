// The check-in page: filled from what the phone keeps, so it is the same with and without a
// network. A tap is saved first; everything else comes after.

import { drawCard } from "./card.js";
import { hear } from "./channel.js";
import { dayOfPlacement, toConfirm } from "./day.js";
import { drawItems } from "./items.js";
import { chooseLocation, usesLocation } from "./location-choice.js";
import { readLocation } from "./location.js";
import { currentPerson } from "./person.js";
import { add, itemsOf, located, remove, tryAgain } from "./queue.js";
import { askForBackgroundSync, startReplay } from "./replay-triggers.js";
import { clockWords, copyOf, dayWords, initials, say } from "./words.js";

const root = document.getElementById("check-in");
const part = (name) => root.querySelector(`[data-part="${name}"]`);

let outcome = null; // of the last replay; null until the first has ended
let attempt = () => {};

// One at a time, or an older look at the queue could be drawn over a newer one.
let painted = Promise.resolve();
function paint() {
  painted = painted.then(paintAll, paintAll);
  return painted;
}

async function paintAll() {
  const person = await currentPerson();
  const items = person ? await itemsOf(person.user) : [];
  const loading = !person && !outcome;
  part("loading").hidden = !loading;
  part("nobody").hidden = loading || Boolean(person);
  part("who").textContent = person ? say("who", { name: person.name }) : "";
  for (const avatar of document.querySelectorAll("[data-person-initials]")) {
    avatar.textContent = person ? initials(person.name) : "";
  }
  paintSignIn(person, items);
  paintCards(person, items);
  paintEstimates(person, items);
  await paintLocation(person);
  paintItems("refused", items.filter((item) => item.state === "refused"));
  paintItems("items", items.filter((item) => item.state !== "refused"));
}

function paintItems(name, items) {
  const told = part("status").textContent;
  redraw(name, [items, told], () => drawItems({ items, told, onTryAgain, onRemove }));
}

// Draw a part anew, but only if it looks different now: the focus stays where it is.
function redraw(name, looks, draw) {
  const drawn = JSON.stringify(looks);
  if (part(name).dataset.looks === drawn) return;
  part(name).dataset.looks = drawn;
  part(name).replaceChildren(...draw());
}

function paintSignIn(person, items) {
  const out = person?.signedIn === false;
  part("sign-in-notice").hidden = !out;
  if (!out) return;
  const unsent = items.some((item) => item.state === "waiting");
  part("sign-in-words").textContent = say(unsent ? "sign-in-to-send" : "signed-out");
}

// Redrawn only when the day has moved on: half-typed goals stay where they are.
function paintCards(person, items) {
  const placements = person?.placements ?? [];
  part("no-placement").hidden = !person || placements.length > 0;
  const drawn = new Map([...part("cards").children].map((card) => [card.dataset.placement, card]));
  const cards = placements.map((placement) => {
    const day = dayOfPlacement({ placement, person, items });
    const looks = JSON.stringify([placement.title, placement.site, day]);
    const old = drawn.get(placement.id);
    if (old?.dataset.looks === looks) return old;
    const card = drawCard({
      placement,
      day,
      onTap: (tap) => onTap({ ...tap, card, placement, person }),
    });
    card.dataset.placement = placement.id;
    card.dataset.stage = day.stage;
    card.dataset.looks = looks;
    return card;
  });
  const same = cards.length === drawn.size && cards.every((card) => card.isConnected);
  if (!same) part("cards").replaceChildren(...cards);
}

function paintEstimates(person, items) {
  const open = (person?.placements ?? []).flatMap((placement) =>
    toConfirm({ placement, items }).map((one) => ({ one, placement, person })),
  );
  redraw("estimates", open.map(({ one }) => one), () => open.map(drawEstimate));
}

function drawEstimate({ one, placement, person }) {
  const question = copyOf("estimate", {
    question: say("estimate", {
      day: dayWords(one.day),
      site: placement.site,
      time: clockWords(one.end),
    }),
  });
  const { attendance, day } = one;
  const confirm = (end) =>
    save({ person, placement, kind: "confirm_estimate", attendance, day, end });
  const other = question.querySelector("form");
  other.elements.end.value = one.end;
  other.addEventListener("submit", (event) => {
    event.preventDefault();
    if (other.elements.end.value) confirm(other.elements.end.value);
  });
  question.querySelector("[data-yes]").addEventListener("click", () => confirm());
  return question;
}

async function paintLocation(person) {
  const on = Boolean(person) && (await usesLocation(person));
  part("location").hidden = !part("cards").querySelector(":scope > :not([data-stage=gone])");
  part("location-switch").querySelector("input").checked = on;
  part("location-words").textContent = say(on ? "location-on" : "location-off");
}

async function onTap({ kind, fields, card, placement, person }) {
  for (const button of card.querySelectorAll("button")) button.disabled = true;
  await save({ person, placement, kind, ...fields });
}

async function save({ person, placement, ...event }) {
  const allowed = await usesLocation(person);
  const item = await add({ user: person.user, placement: placement.id, ...event });
  tell(say(allowed ? "saved-locating" : "saved"));
  const asks = event.kind !== "confirm_estimate";
  await located(item.key, asks ? await readLocation({ allowed }) : { status: "off" });
  askForBackgroundSync();
  tell(say(navigator.onLine ? "sending" : "saved"));
  await attempt();
}

async function onTryAgain(item) {
  await tryAgain(item.key);
  await attempt();
}

function onRemove(item) {
  const dialog = document.getElementById("remove-item");
  dialog.returnValue = "";
  dialog.onclose = () => dialog.returnValue === "remove" && remove(item.key);
  dialog.showModal();
}

function tell(text) {
  part("status").textContent = text;
}

async function tellOutcome(heard) {
  outcome = heard;
  const person = await currentPerson();
  const items = person ? await itemsOf(person.user) : [];
  const waits = items.some((item) => item.state === "waiting");
  const last = items.findLast((item) => ["sent", "refused"].includes(item.state));
  if (heard.sent && last?.state === "sent") tell(last.says || say("item-sent"));
  else if (last?.state === "refused" && !waits) tell(say("item-refused"));
  else if (heard.why === "signed-out") tell(""); // the notice says it
  else if (waits) tell(say("saved"));
  await paint();
}

part("location-switch").addEventListener("change", async (event) => {
  const person = await currentPerson();
  await chooseLocation(person.user, event.target.checked);
  await paint();
  await attempt();
});

root.hidden = false;
hear((news) => (news.outcome ? tellOutcome(news.outcome) : paint()));
await paint();
attempt = startReplay({ refresh: true });
