// How a placement's day stands on this phone: what the school said last, and on top of it what was
// tapped here and is not sent yet.

import { skewNow } from "./clock.js";
import { dayOf } from "./words.js";

const MOST_GOALS = 3;

// Returns { stage: "arrive" | "there" | "gone", in, out, goals, times, offered, questions }.
// `times` is null where the schedule of today is not known: the phone last heard yesterday.
export function dayOfPlacement({ placement, person, items }) {
  const now = Date.now() + (skewNow() ?? person.skew ?? 0);
  const fresh = dayOf(person.heardAt) === dayOf(now);
  const day = {
    in: null,
    out: null,
    goals: [],
    times: fresh ? placement.today : null,
    offered: offeredGoals(placement, { fresh }),
    questions: placement.questions,
  };
  const attendance = fresh ? placement.attendance : null;
  if (attendance) {
    day.in = attendance.checked_in_at;
    day.out = attendance.checked_out_at;
    day.goals = attendance.goals;
  }
  for (const item of unsentToday(items, { placement, now })) apply(day, item);
  day.stage = day.out ? "gone" : day.in ? "there" : "arrive";
  return day;
}

// Estimated days the student has not confirmed with a tap that is still on its way.
export function toConfirm({ placement, items }) {
  const confirmed = new Set(items.map((item) => item.attendance).filter(Boolean));
  return placement.to_confirm.filter((one) => !confirmed.has(one.attendance));
}

function unsentToday(items, { placement, now }) {
  return items.filter(
    (item) =>
      item.placement === placement.id &&
      ["waiting", "locating"].includes(item.state) &&
      dayOf(realTime(item)) === dayOf(now),
  );
}

const realTime = (item) => Date.parse(item.client_time) + (item.skew_ms ?? 0);

function apply(day, item) {
  const at = new Date(realTime(item)).toISOString();
  if (item.kind === "in" && !day.in) {
    day.in = at;
    day.goals = item.goals.map((text) => ({ text, done: false }));
  }
  if (item.kind === "out") {
    day.out = at;
    day.goals = day.goals.map((goal, number) => ({
      ...goal,
      done: goal.done || item.done.includes(number),
    }));
  }
}

// Last time's unfinished goals; of a day that is over, those of that day.
function offeredGoals(placement, { fresh }) {
  const left = fresh
    ? []
    : (placement.attendance?.goals ?? []).filter((goal) => !goal.done).map((goal) => goal.text);
  return [...new Set([...left, ...placement.unfinished_goals])].slice(0, MOST_GOALS);
}
