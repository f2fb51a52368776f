// A short word at the bottom of the page; also when a request of htmx comes to nothing, which
// would otherwise look as if nothing had been clicked. The words are in the template (#toast).

const SHOWN_FOR = 6000;
let hiding;

export function say(text, root = document) {
  const toast = root.getElementById("toast");
  if (!toast || !text) return;
  toast.textContent = text;
  clearTimeout(hiding);
  hiding = setTimeout(() => toast.replaceChildren(), SHOWN_FOR);
}

export function startToast(root) {
  const words = root.getElementById("toast")?.dataset;
  if (!words) return;
  root.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    say(status === 401 || status === 403 ? words.signedOut : words.failed, root);
  });
  root.addEventListener("htmx:sendError", () => {
    say(navigator.onLine ? words.failed : words.offline, root);
  });
  root.addEventListener("htmx:timeout", () => say(words.failed, root));
}
