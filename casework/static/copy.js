// Buttons that copy the words beside them. Without this file the words are there to be selected.
for (const button of document.querySelectorAll("[data-copies]")) {
  if (!navigator.clipboard) continue;
  const words = document.getElementById(button.dataset.copies);
  const said = document.getElementById(`${button.dataset.copies}-said`);
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(words.textContent);
      said.textContent = button.dataset.done;
    } catch {
      getSelection().selectAllChildren(words);
      said.textContent = "Press Ctrl and C, or Command and C, to copy";
    }
  });
}
