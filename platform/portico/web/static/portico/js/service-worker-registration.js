// Optional: only where the site says where its service worker is (<body data-service-worker>),
// and where the browser allows one (https, or *.localhost).

export function registerServiceWorker(url) {
  if (!url || !("serviceWorker" in navigator)) return;
  // a browser without module workers takes the classic one
  navigator.serviceWorker
    .register(url, { scope: "/", type: "module" })
    .catch(() => navigator.serviceWorker.register(`${url}?classic`, { scope: "/" }))
    .catch((error) => console.warn("The service worker was not registered.", error));
}
