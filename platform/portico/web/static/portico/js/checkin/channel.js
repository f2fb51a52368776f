// Every tab and the service worker hear when the queue changed or a replay ended.

const NAME = "portico-check-in";
const out = new BroadcastChannel(NAME);

export function announce(news) {
  out.postMessage(news);
}

// A channel of its own: one that announces does not hear itself, and this page should.
export function hear(listener) {
  const channel = new BroadcastChannel(NAME);
  channel.addEventListener("message", (event) => listener(event.data));
}
