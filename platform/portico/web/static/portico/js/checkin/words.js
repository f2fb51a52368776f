// The page's words are in its HTML, put there in the person's language; here they are only filled
// in: elements with data-says="name" in a template, and templates for parts of the page.

const language = document.documentElement.lang || undefined;
// "es" alone is Spain's, which counts 24 hours
const locale = language === "es" ? "es-US" : language;
const schoolZone = document.getElementById("check-in")?.dataset.timeZone;

const time = { hour: "numeric", minute: "2-digit" };
const atSchool = new Intl.DateTimeFormat(locale, { ...time, timeZone: schoolZone });
const schoolDay = new Intl.DateTimeFormat("en-CA", { timeZone: schoolZone });
// what comes as "14:30" or "2027-03-04" is the school's already
const asGiven = new Intl.DateTimeFormat(locale, { ...time, timeZone: "UTC" });
const dayAsGiven = new Intl.DateTimeFormat(locale, {
  weekday: "long",
  month: "long",
  day: "numeric",
  timeZone: "UTC",
});

// "9:02 AM" as the server writes it: "9:02 a.m."
const asWritten = (text) => text.replace(/([AP])M\b/g, (_, half) => `${half.toLowerCase()}.m.`);

// A moment as a clock at the school shows it, wherever the phone is
export const timeWords = (moment) => asWritten(atSchool.format(new Date(moment)));

// The school's calendar day of a moment: "2027-03-04"
export const dayOf = (moment) => schoolDay.format(new Date(moment));

export const dayWords = (day) => dayAsGiven.format(new Date(`${day}T00:00Z`));
export const clockWords = (clock) => asWritten(asGiven.format(onSomeDay(clock)));
export const spanWords = (start, end) =>
  asWritten(asGiven.formatRange(onSomeDay(start), onSomeDay(end)));
const onSomeDay = (clock) => new Date(`2000-01-01T${clock}Z`);

// say("since", { time }) → the words of data-says="since", with {time} filled in
export function say(name, values = {}) {
  const words = document.getElementById("check-in-words").content;
  const text = words.querySelector(`[data-says="${name}"]`)?.textContent ?? "";
  return text.trim().replace(/\{(\w+)\}/g, (whole, word) => values[word] ?? whole);
}

// A copy of the <template id=…>, with the text of each [data-text=name] set
export function copyOf(templateId, texts = {}) {
  const copy = document.getElementById(templateId).content.firstElementChild.cloneNode(true);
  for (const [name, text] of Object.entries(texts)) {
    for (const element of copy.querySelectorAll(`[data-text="${name}"]`)) {
      element.textContent = text;
    }
  }
  return copy;
}

// "Grand Concourse Rehab" → "GC"
export function initials(name) {
  const words = name.split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  if (words.length < 2) return name.slice(0, 2).toUpperCase();
  return (words[0][0] + words[1][0]).toUpperCase();
}
