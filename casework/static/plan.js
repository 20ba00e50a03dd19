// A section of a plan is kept on the server whenever typing pauses, and saved as a version as it is
// left, or now and then while it is written for long. Nothing is kept in the browser. Buttons that
// change rows do it without a new page. Without this script the page is a plain form.
const form = document.querySelector("form[data-plan-form]");
const said = form.querySelector("[data-plan-said]");
const PAUSE = 1_500;
const VERSION_EVERY = 10 * 60_000;
let timer = 0;
// Typed since the server last had it; typed since the last version.
let isDirty = false;
let isUnsaved = false;
let isOver = false;
let lastVersion = Date.now();
let sending = Promise.resolve();

const say = (words) => {
  if (said.textContent !== words) said.textContent = words;
};

const typed = (more = {}) => {
  const body = new URLSearchParams([...new FormData(form)]);
  for (const [name, value] of Object.entries(more)) body.append(name, value);
  return body;
};

const post = (address, body) =>
  fetch(address, {
    method: "POST",
    body,
    redirect: "manual",
    // The largest body that a browser sends for a page that is going away.
    keepalive: body.toString().length < 60_000,
  });

const send = async (isLeaving) => {
  if (isOver || !(isDirty || (isLeaving && isUnsaved))) return;
  isDirty = false;
  const isDue = isLeaving || Date.now() - lastVersion > VERSION_EVERY;
  try {
    const answer = await post(form.dataset.autosave, typed(isDue ? { make: "1" } : {}));
    if (answer.type === "opaqueredirect") {
      isOver = true;
      say("You have been signed out. Save, and you are asked to sign in and get this page back.");
    } else if (!answer.ok) {
      isDirty = answer.status >= 500;
      say("What you typed could not be kept. Save it now.");
    } else {
      const told = await answer.json();
      if (told.is_version) {
        lastVersion = Date.now();
        isUnsaved = isDirty;
      }
      form.elements.number.value = told.number;
      form.querySelector("[data-plan-check]").innerHTML = told.check;
      say(told.words);
    }
  } catch {
    isDirty = true;
    say("No connection. What you typed is on this page only. It is kept once the connection is back.");
  }
};

// One after another, so that an answer never comes to a form that has moved on.
const autosave = () => {
  sending = sending.then(() => send(false));
  return sending;
};

const note = () => {
  isDirty = true;
  isUnsaved = true;
  clearTimeout(timer);
  timer = setTimeout(autosave, PAUSE);
};

const leave = () => {
  clearTimeout(timer);
  send(true);
};

const focusAfter = (what, row, before) => {
  const own = row && document.getElementById(`row-${row}`);
  if (what === "add") {
    const rows = form.querySelectorAll("fieldset[id^=row-]");
    rows[rows.length - 1]?.querySelector("textarea").focus();
  } else if (own) {
    (own.querySelector(`button[value="${what}:${row}"]`) ?? own.querySelector("button")).focus();
  } else {
    const rows = form.querySelectorAll("fieldset[id^=row-]");
    (rows[Math.min(before, rows.length - 1)]?.querySelector("textarea") ?? form.querySelector("[value=add]") ?? form.querySelector("textarea")).focus();
  }
};

const WORDS = { add: "Row added", up: "Row moved up", down: "Row moved down", remove: "Row taken out", bring: "Rows added from the advice", list: "List added" };

// The server does the same to the form as without this script, and its page takes the place of rows.
const change = async (button) => {
  const [what, row] = button.value.split(":");
  const before = [...form.querySelectorAll("fieldset[id^=row-]")].findIndex((one) => one.contains(button));
  clearTimeout(timer);
  await sending;
  const answer = await post(form.getAttribute("action"), typed({ do: button.value }));
  if (!answer.ok) throw new Error("not done");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of ["[data-plan-rows]", "[data-plan-check]"]) {
    form.querySelector(part).replaceWith(document.adoptNode(page.querySelector(`form ${part}`)));
  }
  focusAfter(what, row, before);
  say(`${WORDS[what]}. Not saved yet.`);
  note();
};

form.addEventListener("input", note);
form.addEventListener("change", note);
form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button?.name === "do" && button.value.split(":")[0] in WORDS) {
    event.preventDefault();
    change(button).catch(() => {
      isOver = true;
      const sent = document.createElement("input");
      Object.assign(sent, { type: "hidden", name: "do", value: button.value });
      form.append(sent);
      form.submit();
    });
    return;
  }
  clearTimeout(timer);
  isOver = true; // what is sent is saved, or comes back on the page
});
window.addEventListener("pageshow", (event) => {
  // Come back to by the browser's own button: what was saved on leaving is shown anew.
  if (event.persisted) location.reload();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") autosave();
});
window.addEventListener("pagehide", leave);
