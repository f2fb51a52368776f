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
const PATIENCE = 4000; // milliseconds a phone with a bad network waits for the live check-in page

addEventListener("install", (event) => event.waitUntil(keepAll().then(() => skipWaiting())));

async function keepAll() {
  const cache = await caches.open(CACHE);
  await Promise.all(
    KEPT.map(async (url) => {
      const response = await fetch(url, { credentials: "omit", cache: "reload" });
      if (!response.ok || response.redirected) throw new Error(`${url}: ${response.status}`);
      await cache.put(url, response);
    }),
  );
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
