// A Today button beside every box that takes a day. Without this script, T does the same.
for (const box of document.querySelectorAll("input[data-today]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary casework-today";
  button.textContent = "Today";
  const label = document.querySelector(`label[for="${CSS.escape(box.id)}"]`);
  if (label) {
    const hidden = document.createElement("span");
    hidden.className = "govuk-visually-hidden";
    hidden.textContent = ` for ${label.textContent.trim()}`;
    button.append(hidden);
  }
  // The keyboard has T, so Tab goes straight on to the next question.
  button.tabIndex = -1;
  button.addEventListener("click", () => {
    box.value = box.dataset.today;
    box.focus();
  });
  box.after(button);
}
