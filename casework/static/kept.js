// What is typed into a long form is kept on the server every few seconds, and nothing in the
// browser. Without this script the page is a plain form. A file is not kept: it is chosen again.
const form = document.querySelector("form[data-keep-address]");
const kept = document.querySelector("[data-kept]");
const KEEP_EVERY = 3_000;
let isDirty = false;
let isOver = false;

const WORDS = {
  kept: "What you typed is kept for you alone. It is not sent yet.",
  "signed out": "You have been signed out. Send it, and you are asked to sign in and get this page back.",
  refused: "What you typed could not be kept. Send it now.",
  away: "No connection. What you typed is on this page only. It is kept once the connection is back.",
};

const typed = () => {
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return new URLSearchParams(fields);
};

const keep = async () => {
  isDirty = false;
  const body = typed();
  const options = { method: "POST", body, redirect: "manual", keepalive: body.toString().length < 60_000 };
  try {
    const answer = await fetch(form.dataset.keepAddress, options);
    if (answer.status === 204) return "kept";
    if (answer.type === "opaqueredirect") {
      isOver = true;
      return "signed out";
    }
    if (answer.status < 500) return "refused";
  } catch {
    // No connection: the same as a server that does not answer.
  }
  isDirty = true;
  return "away";
};

const keepIfNeeded = async () => {
  if (!isDirty || isOver) return;
  const words = WORDS[await keep()];
  if (kept.textContent !== words) kept.textContent = words;
};

const note = () => {
  isDirty = true;
};
form.addEventListener("input", note);
form.addEventListener("change", note);
form.addEventListener("submit", () => {
  isOver = true; // what is sent is saved, or comes back on the page
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) isOver = false;
});
setInterval(keepIfNeeded, KEEP_EVERY);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") keepIfNeeded();
});
window.addEventListener("pagehide", keepIfNeeded);
