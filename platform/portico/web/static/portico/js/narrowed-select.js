// A <select data-narrowed-by="ID"> with groups shows the group named like the chosen option of
// the select ID, and ungrouped options. Without script all groups show.

function narrow(select, chooser) {
  const chosen = chooser.selectedOptions[0];
  const name = chosen?.value ? chosen.textContent.trim() : "";
  for (const group of select.querySelectorAll("optgroup")) {
    const fits = !name || group.label === name;
    group.hidden = !fits;
    group.disabled = !fits;
    if (!fits && group.contains(select.selectedOptions[0])) select.value = "";
  }
}

for (const select of document.querySelectorAll("[data-narrowed-by]")) {
  const chooser = document.getElementById(select.dataset.narrowedBy);
  if (!chooser) continue;
  chooser.addEventListener("change", () => narrow(select, chooser));
  narrow(select, chooser);
}
