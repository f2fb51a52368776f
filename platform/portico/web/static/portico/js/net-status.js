// Shows elements with data-net-status while the browser has no network.

export function startNetStatus(root) {
  const show = () => {
    for (const element of root.querySelectorAll("[data-net-status]")) {
      element.hidden = navigator.onLine;
    }
  };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();
}
