// The page's words are in its HTML, put there in the person's language; here they are only filled
// in: elements with data-says="name" in a template, and templates for parts of the page.

const locale = document.documentElement.lang || undefined;
const clockFace = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" });
const dayName = new Intl.DateTimeFormat(locale, {
  weekday: "long",
  month: "long",
  day: "numeric",
});

export const timeWords = (moment) => clockFace.format(new Date(moment));
export const dayWords = (day) => dayName.format(new Date(`${day}T12:00`));

// "14:30" of the school's own clock, as people write it
export const clockWords = (time) => timeWords(`2000-01-01T${time}`);

export function spanWords(start, end) {
  return clockFace.formatRange(new Date(`2000-01-01T${start}`), new Date(`2000-01-01T${end}`));
}

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
