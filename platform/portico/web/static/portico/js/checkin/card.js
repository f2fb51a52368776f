// One placement's card: before the day, during it, after it.

import { copyOf, initials, say, spanWords, timeWords } from "./words.js";

const MOST_GOALS = 3;

// `onTap({ kind, fields })` is called with what the form holds.
export function drawCard({ placement, day, onTap }) {
  const card = copyOf("placement-card", {
    site: placement.site,
    title: placement.title,
    mark: initials(placement.site),
    times: timesWords(day),
  });
  const draw = { arrive: drawArrival, there: drawDay, gone: drawEnd }[day.stage];
  card.querySelector("[data-body]").append(draw({ day, onTap }));
  return card;
}

function timesWords({ times }) {
  if (!times) return say("times-unknown");
  if (!times.expected) return say("unscheduled");
  return say("today", { times: spanWords(times.start, times.end) });
}

function drawArrival({ day, onTap }) {
  const form = copyOf("arrival");
  const list = form.querySelector("[data-goals]");
  for (const text of day.offered) list.append(offeredGoal(text));
  const more = form.querySelector("[data-more-goals]");
  const addField = () => {
    const field = copyOf("goal-field");
    list.append(field);
    return field.querySelector("input");
  };
  const settle = () => {
    // as many goals as fit; the button goes when there is no room for another field
    const ticked = list.querySelectorAll("[type=checkbox]:checked").length;
    const fields = list.querySelectorAll("[type=text]").length;
    more.hidden = ticked + fields >= MOST_GOALS;
    for (const box of list.querySelectorAll("[type=checkbox]:not(:checked)")) {
      box.disabled = ticked >= MOST_GOALS;
    }
  };
  if (!day.offered.length) addField();
  more.addEventListener("click", () => {
    addField().focus();
    settle();
  });
  list.addEventListener("change", settle);
  settle();

  const questions = form.querySelector("[data-questions]");
  for (const question of day.questions) {
    const field = copyOf("question", { question: question.text });
    field.querySelector("[data-answer]").dataset.answer = question.id;
    questions.append(field);
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const goals = goalsOf(list);
    const missing = form.querySelector("[data-goal-missing]");
    missing.hidden = goals.length > 0;
    if (!goals.length) {
      (list.querySelector("[type=text]") ?? addField()).focus();
      return;
    }
    onTap({ kind: "in", fields: { goals, answers: answersOf(questions) } });
  });
  return form;
}

function offeredGoal(text) {
  const goal = copyOf("offered-goal", { goal: text });
  goal.querySelector("input").value = text;
  return goal;
}

function goalsOf(list) {
  const fields = list.querySelectorAll("[type=checkbox]:checked, [type=text]");
  const texts = [...fields].map((field) => field.value.trim()).filter(Boolean);
  return [...new Set(texts)].slice(0, MOST_GOALS);
}

function answersOf(questions) {
  const fields = [...questions.querySelectorAll("[data-answer]")];
  return Object.fromEntries(fields.map((field) => [field.dataset.answer, field.value.trim()]));
}

function drawDay({ day, onTap }) {
  const form = copyOf("during", { since: say("since", { time: timeWords(day.in) }) });
  const list = form.querySelector("[data-goals]");
  day.goals.forEach((goal, number) => {
    const box = copyOf("goal-to-tick", { goal: goal.text });
    box.querySelector("input").value = number;
    box.querySelector("input").checked = goal.done;
    list.append(box);
  });
  form.querySelector("[data-goals-set]").hidden = !day.goals.length;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const data = new FormData(form);
    onTap({
      kind: "out",
      fields: {
        done: data.getAll("done").map(Number),
        reflection: data.get("reflection").trim(),
        pulse: data.get("pulse") ? Number(data.get("pulse")) : null,
        worry: data.get("worry").trim(),
      },
    });
  });
  return form;
}

function drawEnd({ day }) {
  const times = { start: day.in ? timeWords(day.in) : "…", end: timeWords(day.out) };
  const end = copyOf("ended", { times: say("from-until", times) });
  const list = end.querySelector("[data-goals]");
  for (const goal of day.goals) {
    list.append(copyOf(goal.done ? "goal-done" : "goal-open", { goal: goal.text }));
  }
  return end;
}
