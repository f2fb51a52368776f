// On every page. Everything works without it; with it, dialogs open in place, menus close,
// and the page says when the network is gone.
import { startReplay } from "./checkin/replay-triggers.js";
import { startSignOut } from "./checkin/sign-out.js";
import { startDialogs } from "./dialogs.js";
import { startMenus } from "./menus.js";
import { startNetStatus } from "./net-status.js";
import { registerServiceWorker } from "./service-worker-registration.js";
import { startToast } from "./toast.js";

startDialogs(document);
startMenus(document);
startNetStatus(document);
startToast(document);
registerServiceWorker(document.body.dataset.serviceWorker);
startSignOut(document);
// check-ins that wait are sent from whichever page is open; the check-in page does it itself
if (document.body.dataset.serviceWorker && !document.getElementById("check-in")) startReplay();

// a form that came back with errors: start reading where they are listed
document.querySelector("[data-focus]")?.focus();
