// Draws every [data-map] of the page, but only when it comes near the screen: on a phone the map
// is far down, and Leaflet is the heaviest thing a page loads.
import { drawMap } from "./map-draw.js";

let leaflet;

function loadLeaflet(url) {
  leaflet ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.addEventListener("load", () => resolve(window.L));
    script.addEventListener("error", () => reject(new Error(`${url} was not loaded`)));
    document.head.append(script);
  });
  return leaflet;
}

async function start(element) {
  try {
    await drawMap(element, await loadLeaflet(element.dataset.leaflet));
  } catch (error) {
    console.warn(error);
    const text = document.createElement("p");
    text.className = "p-4 muted";
    text.textContent = element.dataset.wordFailed;
    element.replaceChildren(text);
  }
}

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target } of entries.filter((entry) => entry.isIntersecting)) {
      watcher.unobserve(target);
      start(target);
    }
  },
  { rootMargin: "200px" },
);

for (const element of document.querySelectorAll("[data-map]")) watcher.observe(element);
