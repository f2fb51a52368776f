{% load static %}// Keeps what the check-in page needs, so that it opens without a network. What it keeps is the same
// for everybody at this school: fetched without cookies, and a redirect is not kept.
{% if module %}
import { replay } from "{% static 'portico/js/checkin/replay.js' %}";
{% endif %}
const CACHE = "portico-{{ version }}";
const KEPT = {{ urls|safe }};
const CHECK_IN = "{{ check_in|escapejs }}";
const SHELL = "{{ shell|escapejs }}";
const OFFLINE = "{{ offline|escapejs }}";
const AT_ONCE = 6;
const ATTEMPTS = 4;
const PAUSE = 500; // milliseconds, longer each time
const PATIENCE = 4000; // milliseconds a phone with a bad network waits for the live check-in page

addEventListener("install", (event) => event.waitUntil(keepAll().then(() => skipWaiting())));

// A few at a time, and each more than once if need be: on a bad network one lost file must not
// cost the whole.
async function keepAll() {
  const cache = await caches.open(CACHE);
  const left = [...KEPT];
  const keepNext = async () => {
    for (let url = left.shift(); url; url = left.shift()) await cache.put(url, await fetched(url));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, keepNext));
}

async function fetched(url, attempt = 1) {
  try {
    const response = await fetch(url, { credentials: "omit", cache: "reload" });
    if (response.ok && !response.redirected) return response;
    throw new Error(`${url}: ${response.status}`);
  } catch (error) {
    if (attempt === ATTEMPTS) throw error;
    await new Promise((resolve) => setTimeout(resolve, attempt * PAUSE));
    return fetched(url, attempt + 1);
  }
}

addEventListener("activate", (event) => event.waitUntil(takeOver()));

async function takeOver() {
  for (const name of await caches.keys()) {
    if (name.startsWith("portico-") && name !== CACHE) await caches.delete(name);
  }
  await registration.navigationPreload?.enable();
  await clients.claim();
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, url.pathname));
  else if (KEPT.includes(url.pathname + url.search)) event.respondWith(keptOrFetched(request));
});

async function keptOrFetched(request) {
  return (await caches.match(request.url)) ?? fetch(request);
}

// The live page where there is a network; the kept one where there is none, and for check-in also
// where it takes too long or the school's server is in trouble.
async function page(event, path) {
  const live = fromNetwork(event);
  if (path !== CHECK_IN) {
    return live.catch(async () => (await caches.match(OFFLINE)) ?? Response.error());
  }
  const shell = await caches.match(SHELL);
  if (!shell) return live;
  const good = live.then(
    (response) => (response.status < 500 ? response : shell),
    () => shell,
  );
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE, shell));
  return Promise.race([good, patience]);
}

async function fromNetwork(event) {
  return (await event.preloadResponse) ?? fetch(event.request);
}

{% if module %}
// Background Sync: the network is back, perhaps with the app closed. A rejection asks for another go.
addEventListener("sync", (event) => {
  if (event.tag === "check-ins") event.waitUntil(replayOrAgain());
});

async function replayOrAgain() {
  const { why } = await replay();
  if (["offline", "later"].includes(why)) throw new Error(why);
}
{% endif %}
