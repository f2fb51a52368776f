// Where the phone is, asked only at the tap. A no, a poor fix, no answer: each is an answer, and
// none of them keeps the check-in from being saved. The school compares it with the site and keeps
// a verdict, never the position.

const TIMEOUT = 10000;
const STATUS = { 1: "refused", 2: "unavailable", 3: "unavailable" };

export function readLocation({ allowed }) {
  if (!allowed) return Promise.resolve({ status: "off" });
  if (!navigator.geolocation) return Promise.resolve({ status: "unavailable" });
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({
          status: "ok",
          latitude: coords.latitude,
          longitude: coords.longitude,
          accuracy: Math.round(coords.accuracy),
        }),
      (error) => resolve({ status: STATUS[error.code] ?? "unavailable" }),
      { enableHighAccuracy: true, timeout: TIMEOUT, maximumAge: 30000 },
    );
  });
}
