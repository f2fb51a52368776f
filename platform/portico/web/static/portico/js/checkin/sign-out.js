// Signing out on a phone that others use: what the school has already told this phone goes, what
// it has not been sent yet stays, and the student is told so before.

import { forgetPerson } from "./person.js";
import { forgetSent, waitingOf } from "./queue.js";

export function startSignOut(root) {
  root.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-sign-out]");
    if (!form || form.dataset.asked) return;
    event.preventDefault();
    const user = form.dataset.person;
    const unsent = await waitingOf(user).catch(() => []);
    if (unsent.length && !(await agreed(root))) return;
    await Promise.all([forgetPerson(), forgetSent(user)]).catch(() => {});
    form.dataset.asked = "yes";
    form.requestSubmit(event.submitter ?? undefined);
  });
}

function agreed(root) {
  const dialog = root.getElementById("unsent-at-sign-out");
  if (!dialog?.showModal) return true;
  return new Promise((resolve) => {
    dialog.returnValue = "";
    dialog.onclose = () => resolve(dialog.returnValue === "sign-out");
    dialog.showModal();
  });
}
