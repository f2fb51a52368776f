// When was it tapped? A phone's clock can be hours off, and can be put right between tap and send.
// Kept with each tap: the phone's own time, how far that was from the school's (skew, the school's
// time minus the phone's), and how long ago it was at least, by a clock that only goes forward.

let anchor = null; // the last time this page heard the school's time

// `serverNow` was read somewhere between the wall-clock times `before` and `after`.
export function noteServerTime(serverNow, before, after) {
  const skew = Math.round(serverNow + (after - before) / 2 - after);
  anchor = { skew, wall: after, steady: performance.now() };
  return skew;
}

// The skew now, or null when this page has not heard from the school yet. Had the clock been
// turned back since, wall time fell behind the steady clock; the other way round says nothing,
// for the steady clock of many phones stands still while they sleep.
export function skewNow() {
  if (!anchor) return null;
  const behind = performance.now() - anchor.steady - (Date.now() - anchor.wall);
  return Math.round(anchor.skew + Math.max(0, behind));
}

// Part of a queued tap: what is needed later to say how long ago it was.
export function stamp() {
  return {
    client_time: new Date().toISOString(),
    skew_ms: skewNow(),
    life: performance.timeOrigin,
    steady: performance.now(),
  };
}

// How long ago `item` was tapped by the steady clock, or null when the app was closed since: that
// clock began anew. Time asleep may be missing, so the tap was at least this long ago.
export function elapsed(item) {
  if (item.life !== performance.timeOrigin) return null;
  return Math.round(performance.now() - item.steady);
}
