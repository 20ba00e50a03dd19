// Recording a meeting case by case: single keys, and nothing typed is lost. Without this script the
// page is a plain form. What is typed is kept on the server, and nothing in the browser.
const page = document.querySelector("[data-single-keys]");
const form = document.getElementById("decision");
const live = document.getElementById("live");
const kept = document.querySelector("[data-kept]");
const keys = document.getElementById("keys");
const saveButton = form.querySelector("[data-save]");
const KEEP_EVERY = 3_000;
const TRY_EVERY = 4_000;
let isDirty = false;
let isSaving = false;
let isSignedOut = false;

const say = (words) => {
  live.textContent = words;
};

// What stands in a live region when a page opens is not read out; what comes into it later is.
const opening = live.textContent.trim();
if (opening) {
  live.textContent = "";
  setTimeout(() => say(opening), 300);
}

// What goes with the decision that is chosen: phrases of another, and the boxes of a deferral.
const fit = () => {
  const answer = form.querySelector("input[name=answer]:checked")?.value ?? "";
  for (const block of form.querySelectorAll("[data-shown-for]")) {
    block.hidden = !block.dataset.shownFor.split(" ").includes(answer);
  }
  for (const block of form.querySelectorAll("[data-hidden-for]")) {
    block.hidden = block.dataset.hiddenFor.split(" ").includes(answer);
  }
  for (const box of form.querySelectorAll("input[data-outcome]")) {
    const isOther = Boolean(answer && box.dataset.outcome && box.dataset.outcome !== answer);
    if (isOther) box.checked = false;
    box.closest(".govuk-checkboxes__item").hidden = isOther;
  }
};

const choose = (box) => {
  box.checked = box.type === "radio" ? true : !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  say(`${box.dataset.words.replace(/\.$/, "")}: ${box.checked ? "chosen" : "not chosen"}`);
};

const jump = (target) => {
  const details = target.closest("details");
  if (details) details.open = true;
  target.focus();
  target.scrollIntoView({ block: "nearest" });
};

const isTyping = (element) =>
  element.matches("textarea, select, [contenteditable], input:not([type=radio]):not([type=checkbox])");

const findKey = (key) => {
  const letter = CSS.escape(key.toLowerCase());
  const box = form.querySelector(`[data-digit="${letter}"], [data-letter="${letter}"]`);
  if (box && !box.closest("[hidden]")) return () => choose(box);
  const places = [...form.querySelectorAll(`[data-jump~="${letter}"]`)];
  const place = places.find((one) => !one.closest("[hidden]"));
  if (place) return () => jump(place);
  const link = document.querySelector(`a[data-key="${letter}"]`);
  return link ? () => link.click() : null;
};

document.addEventListener("keydown", (event) => {
  if (event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    if (!event.repeat) form.requestSubmit(saveButton);
    return;
  }
  if (event.key === "Escape" && isTyping(event.target)) return event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (page.dataset.singleKeys !== "on") return;
  const act = event.key === "?" ? () => keys.showModal() : event.key.length === 1 && findKey(event.key);
  if (!act || event.repeat) return;
  event.preventDefault();
  act();
});

// The keys of this page, and a way to do without the single ones.
document.querySelector("[data-open-keys]").addEventListener("click", () => keys.showModal());
keys.querySelector("[data-close-keys]").addEventListener("click", () => keys.close());
document.getElementById("single-keys").addEventListener("change", (event) => {
  page.dataset.singleKeys = event.target.checked ? "on" : "off";
  const body = new URLSearchParams({
    csrf_token: form.elements.csrf_token.value,
    keys: page.dataset.singleKeys,
  });
  fetch(page.dataset.keysAddress, { method: "POST", body, redirect: "manual" }).catch(() => {});
});

// Keeping: what is typed goes to the server every few seconds. It answers "kept", "signed out" or,
// where there is no connection or no server, "away".
const keep = async () => {
  isDirty = false;
  const body = new URLSearchParams(new FormData(form));
  const options = { method: "POST", body, redirect: "manual", keepalive: body.toString().length < 60_000 };
  try {
    const answer = await fetch(page.dataset.keepAddress, options);
    if (answer.status === 204) return "kept";
    if (answer.type === "opaqueredirect") {
      isSignedOut = true;
      return "signed out";
    }
    if (answer.status < 500) return "refused";
  } catch {
    // No connection: the same as a server that does not answer.
  }
  isDirty = true;
  return "away";
};

const WORDS = {
  kept: "What you typed is kept. It is not saved yet.",
  "signed out": "You have been signed out. Save, and you are asked to sign in and get this page back.",
  refused: "What you typed could not be kept. Save it now.",
  away: "No connection. What you typed is on this page only. It is kept once the connection is back.",
};

const tell = (state) => {
  const hasChanged = kept.textContent !== WORDS[state];
  kept.textContent = WORDS[state];
  // Said aloud only where something must be known, and once.
  if (hasChanged && state !== "kept") say(WORDS[state]);
};

const keepIfNeeded = async () => {
  if (isDirty && !isSaving && !isSignedOut) tell(await keep());
};

form.addEventListener("input", () => {
  isDirty = true;
});
form.addEventListener("change", () => {
  isDirty = true;
  fit();
});
setInterval(keepIfNeeded, KEEP_EVERY);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") keepIfNeeded();
});
window.addEventListener("pagehide", keepIfNeeded);

// Saving: the page is let go of only while the server answers, so that a lost connection loses
// nothing and nothing looks saved that is not.
const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));

const save = async () => {
  while ((await keep()) === "away") {
    kept.textContent = "";
    say("Not saved: there is no connection. What you typed is still here. Trying again.");
    await wait(TRY_EVERY);
  }
  form.submit();
};

form.addEventListener("submit", (event) => {
  // Another button of the form, which takes what is typed along itself.
  if (event.submitter && (event.submitter.name || event.submitter.hasAttribute("formaction"))) {
    isSaving = true;
    return;
  }
  event.preventDefault();
  if (isSaving) return;
  isSaving = true;
  say("Saving");
  save();
});

// Gone back to, a page that was let go of can be used again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) isSaving = false;
});

document.body.classList.add("casework-with-keys");
fit();
