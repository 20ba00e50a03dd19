// Warns two minutes before the session ends, and keeps it open at the press of one key.
// Windows of one browser share a session, so each tells the others when it was used.
const warning = document.getElementById("session-warning");
const limit = Number(warning.dataset.idleMinutes) * 60_000;
const notice = 120_000;
const windows = "BroadcastChannel" in window ? new BroadcastChannel("casework-session") : null;
let seen = Date.now();
let isOver = false;

const show = (part) => {
  for (const block of warning.querySelectorAll("[data-part]")) {
    block.hidden = block.dataset.part !== part;
  }
  warning.setAttribute("aria-labelledby", warning.querySelector(`[data-part=${part}] h2`).id || "session-warning-title");
  if (!warning.open) warning.showModal();
  warning.querySelector(`[data-part=${part}] button`).focus();
};

const renew = () => {
  seen = Date.now();
  if (!isOver && warning.open) warning.close();
};

const extend = async () => {
  const headers = { "X-CSRFToken": warning.dataset.token };
  try {
    const answer = await fetch(warning.dataset.extend, { method: "POST", headers, redirect: "manual" });
    if (answer.status !== 204) return finish();
  } catch {
    return; // the network is away: the warning stays, to try again
  }
  renew();
  windows?.postMessage("seen");
};

const finish = () => {
  isOver = true;
  document.title = `Signed out – ${document.title}`;
  show("over");
};

const look = () => {
  const idle = Date.now() - seen;
  if (isOver) return;
  if (idle >= limit) finish();
  else if (idle >= limit - notice && !warning.open) show("warning");
};

warning.querySelector("[data-act=extend]").addEventListener("click", extend);
warning.querySelector("[data-act=close]").addEventListener("click", () => warning.close());
// Escape means "leave me be": the session is kept, as the button would.
warning.addEventListener("cancel", (event) => {
  if (isOver) return;
  event.preventDefault();
  extend();
});
windows?.addEventListener("message", renew);
windows?.postMessage("seen");
setInterval(look, 5_000);
