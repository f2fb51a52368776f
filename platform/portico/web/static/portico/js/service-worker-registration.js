// Optional: only where the site says where its service worker is (<body data-service-worker>),
// and where the browser allows one (https, or *.localhost).

export function registerServiceWorker(url) {
  if (!url || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(url, { scope: "/" }).catch((error) => {
    console.warn("The service worker was not registered.", error);
  });
}
