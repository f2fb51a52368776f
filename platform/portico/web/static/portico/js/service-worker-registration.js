// Optional: only where the site says where its service worker is (<body data-service-worker>),
// and where the browser allows one (https, or *.localhost).

export function registerServiceWorker(url) {
  if (!url || !("serviceWorker" in navigator)) return;
  // the worker keeps pages in one language, and is fetched without cookies: its address says which
  const address = `${url}?language=${document.documentElement.lang}`;
  // a browser without module workers takes the classic one
  navigator.serviceWorker
    .register(address, { scope: "/", type: "module" })
    .catch(() => navigator.serviceWorker.register(`${address}&classic`, { scope: "/" }))
    .catch((error) => console.warn("The service worker was not registered.", error));
}
