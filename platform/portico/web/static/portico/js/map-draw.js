// The map of schools and listings. Its data, from data-points:
//
//   { "center":   { "lat": 40.82, "lng": -73.91 },      the viewer's school; rings around it
//     "rings":    [1, 2, 3],                            miles (optional)
//     "areas":    [{ "name", "lat", "lng" }],           names of neighborhoods (optional)
//     "schools":  [{ "name", "lat", "lng", "mine" }],
//     "listings": [{ "title", "site", "lat", "lng", "origin", "origin_label",
//                    "slots", "distance", "url" }] }    origin: own | released | partner
//
// data-tiles adds a tile server's pictures. Without it, land is drawn from data-outline (GeoJSON;
// features with "beyond": true are other land, "name" and "source" are shown), and without that
// there are rings, schools and names on a plain ground.

const METRES_A_MILE = 1609.344;
const DEGREES_A_MILE = 1 / 69.1;
const CLUSTER_PIXELS = 30;
const ROOM = { paddingTopLeft: [40, 44], paddingBottomRight: [70, 44] }; // for pins and names
const NO_CLUSTERS_FROM_ZOOM = 15;

export async function drawMap(element, L) {
  const { points, outline, tiles } = element.dataset;
  const [data, land] = await Promise.all([getJson(points), outline ? getJson(outline) : null]);
  const map = createMap(element, L);
  if (tiles) addTiles(map, L, tiles);
  else if (land) addLand(map, L, land);
  else element.classList.add("is-plain");
  for (const area of data.areas ?? []) addName(map, L, area, area.name, "map-area");
  addRings(map, L, data, element.dataset.wordDistance);
  for (const school of data.schools ?? []) addSchool(map, L, school);
  fit(map, L, data);
  addListings(map, L, data.listings ?? [], element.dataset.wordCluster);
  return map;
}

async function getJson(url) {
  const answer = await fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.json();
}

function createMap(element, L) {
  const map = L.map(element, {
    zoomSnap: 0.25,
    minZoom: 8,
    maxZoom: 17,
    scrollWheelZoom: false, // a page must scroll past its map
    zoomControl: false,
  });
  map.attributionControl.setPrefix(false);
  map.createPane("land").style.zIndex = 250;
  const labels = map.createPane("labels");
  labels.style.zIndex = 590;
  labels.style.pointerEvents = "none";
  L.control
    .zoom({
      position: "topright",
      zoomInTitle: element.dataset.wordZoomIn,
      zoomOutTitle: element.dataset.wordZoomOut,
    })
    .addTo(map);
  L.control.scale({ position: "bottomleft" }).addTo(map);
  return map;
}

function addTiles(map, L, url) {
  L.tileLayer(url, { attribution: "© OpenStreetMap contributors", maxZoom: 19 }).addTo(map);
}

function addLand(map, L, land) {
  L.geoJSON(land, {
    pane: "land",
    interactive: false,
    style: ({ properties }) => ({
      className: properties.beyond ? "map-land is-beyond" : "map-land",
      fillOpacity: 1,
    }),
  }).addTo(map);
  for (const { properties } of land.features) {
    if (properties.lat) addName(map, L, properties, properties.name, "map-area");
  }
  if (land.source) map.attributionControl.addAttribution(escapeHtml(land.source));
}

function addName(map, L, { lat, lng }, text, className, options = {}) {
  L.tooltip([lat, lng], {
    pane: "labels",
    permanent: true,
    direction: "center",
    className,
    content: escapeHtml(text),
    ...options,
  }).addTo(map);
}

function addRings(map, L, { center, rings = [1, 2, 3] }, words) {
  if (!center) return;
  rings.forEach((miles, index) => {
    L.circle([center.lat, center.lng], {
      radius: miles * METRES_A_MILE,
      className: index === 0 ? "map-ring is-nearest" : "map-ring",
      interactive: false,
    }).addTo(map);
    const north = { lat: center.lat + miles * DEGREES_A_MILE, lng: center.lng };
    addName(map, L, north, words.replace("{miles}", miles), "map-distance");
  });
}

function addSchool(map, L, school) {
  const pin = document.createElement("span");
  pin.className = school.mine ? "school-pin is-mine" : "school-pin";
  pin.append(document.createElement("i"));
  const icon = L.divIcon({ className: "", html: pin, iconSize: [22, 22] });
  L.marker([school.lat, school.lng], {
    icon,
    zIndexOffset: 500,
    keyboard: false,
    interactive: false,
  }).addTo(map);
  addName(map, L, school, school.name, "map-name", { direction: "right", offset: [14, 0] });
}

function fit(map, L, { center, schools = [], listings = [] }) {
  const all = [...schools, ...listings, ...(center ? [center] : [])];
  if (all.length === 0) map.setView([0, 0], 8);
  else if (all.length === 1) map.setView([all[0].lat, all[0].lng], 13);
  else map.fitBounds(L.latLngBounds(all.map(({ lat, lng }) => [lat, lng])), ROOM);
}

// Listings nearer to each other than a thumb become one pin with their number; again after each
// zoom. Enough for the few hundred a page shows, and no plug-in.
function addListings(map, L, listings, clusterWords) {
  const group = L.layerGroup().addTo(map);
  const redraw = () => {
    group.clearLayers();
    for (const items of clustered(map, listings)) {
      group.addLayer(
        items.length === 1
          ? listingMarker(L, items[0])
          : clusterMarker(map, L, items, clusterWords.replace("{count}", items.length)),
      );
    }
  };
  map.on("zoomend", redraw);
  redraw();
}

function clustered(map, listings) {
  const cells = [];
  const apart = map.getZoom() >= NO_CLUSTERS_FROM_ZOOM;
  for (const listing of listings) {
    const spot = map.project([listing.lat, listing.lng]);
    const cell = apart ? null : cells.find((one) => one.spot.distanceTo(spot) < CLUSTER_PIXELS);
    if (cell) cell.items.push(listing);
    else cells.push({ spot, items: [listing] });
  }
  return cells.map((cell) => cell.items);
}

function clusterMarker(map, L, items, label) {
  const bounds = L.latLngBounds(items.map(({ lat, lng }) => [lat, lng]));
  const icon = L.divIcon({ html: String(items.length), className: "pin-cluster", iconSize: [38, 38] });
  const marker = named(L.marker(bounds.getCenter(), { icon }), label);
  return marker.on("click", () => map.fitBounds(bounds.pad(0.6), { maxZoom: NO_CLUSTERS_FROM_ZOOM }));
}

function listingMarker(L, listing) {
  const pin = document.createElement("span");
  pin.className = `pin pin-${listing.origin}`;
  const slots = document.createElement("b");
  slots.textContent = listing.slots ?? "";
  pin.append(slots);
  const icon = L.divIcon({
    className: "",
    html: pin,
    iconSize: [30, 30],
    iconAnchor: [15, 32],
    popupAnchor: [0, -30],
  });
  const label = [listing.title, listing.site, listing.origin_label].filter(Boolean).join(", ");
  return named(L.marker([listing.lat, listing.lng], { icon }), label).bindPopup(popup(listing));
}

function popup(listing) {
  const title = document.createElement(listing.url ? "a" : "strong");
  title.textContent = listing.title;
  if (listing.url) title.href = listing.url;
  const site = document.createElement("span");
  site.textContent = [listing.site, listing.distance].filter(Boolean).join(" · ");
  const origin = document.createElement("span");
  origin.className = "muted";
  origin.textContent = listing.origin_label ?? "";
  const box = document.createElement("div");
  box.className = "grid gap-0.5";
  box.append(title, site, origin);
  return box;
}

// Leaflet writes no alt text on a divIcon: name the element once it is there
function named(marker, label) {
  return marker.on("add", () => marker.getElement()?.setAttribute("aria-label", label));
}

function escapeHtml(text) {
  const span = document.createElement("span");
  span.textContent = text;
  return span.innerHTML;
}
