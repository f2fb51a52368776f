// Links with data-opens="ID" open the dialog of that id; without script they lead to a page that
// asks the same. Buttons with data-closes close the dialog they are in.

export function startDialogs(root) {
  root.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      const dialog = root.getElementById(opener.dataset.opens);
      if (dialog?.showModal && !opensElsewhere(event)) {
        event.preventDefault();
        dialog.showModal();
        // what is asked for comes first, not the button that closes
        dialog.querySelector("input:not([type=hidden]), textarea, select")?.focus();
      }
      return;
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) {
      closer.closest("dialog")?.close();
      return;
    }
    // a click on a dialog's own box, and not on what is in it, is a click on its backdrop
    if (event.target instanceof HTMLDialogElement) event.target.close();
  });
}

function opensElsewhere(event) {
  return event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
}
