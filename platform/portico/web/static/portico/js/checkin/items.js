// What this person tapped on this phone, newest first, and what became of it. What the page has
// just told (`told`) is not said twice.

import { copyOf, dayWords, say, timeWords } from "./words.js";

const MOST = 10;

export function drawItems({ items, told, onTryAgain, onRemove }) {
  return items
    .slice(-MOST)
    .reverse()
    .map((item) => drawItem({ item, told, onTryAgain, onRemove }));
}

function drawItem({ item, told, onTryAgain, onRemove }) {
  const template = item.state === "refused" ? "refused-item" : "item";
  const row = copyOf(template, {
    what: whatWords(item),
    state: stateWords(item),
    says: [item.says ?? item.detail].find((text) => text && text !== told) ?? "",
  });
  row.dataset.state = item.state;
  row.dataset.key = item.key;
  for (const icon of row.querySelectorAll("[data-icon]")) {
    icon.hidden = icon.dataset.icon !== (item.state === "sent" ? "sent" : "waiting");
  }
  row.querySelector("[data-try-again]")?.addEventListener("click", () => onTryAgain(item));
  row.querySelector("[data-remove]")?.addEventListener("click", () => onRemove(item));
  return row;
}

function whatWords(item) {
  const at = Date.parse(item.client_time) + (item.skew_ms ?? 0);
  return say(`item-${item.kind}`, { time: timeWords(at), day: item.day ? dayWords(item.day) : "" });
}

const stateWords = (item) => say(`item-${item.state}`);
