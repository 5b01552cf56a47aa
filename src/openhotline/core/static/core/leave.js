// "Exit this page" without waiting: Shift three times within five seconds, or the button, covers the page at once and
// puts the way out in its place in the history. Without this script the button is a plain link to the same place.

const TIMES = 3;
const WITHIN_MS = 5000;

const around = document.querySelector(".leave");
const link = around.querySelector("[data-leave]");
const status = around.querySelector("[role=status]");
let pressed = [];

function cover() {
  const sheet = document.createElement("div");
  sheet.className = "leaving";
  document.body.append(sheet);
  document.title = around.dataset.leaveTitle;
}

function leave() {
  cover();
  location.replace(link.href);
}

link.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Shift") {
    pressed = []; // a capital letter is no wish to leave
    return;
  }
  if (event.repeat) return;
  const now = event.timeStamp;
  pressed = [...pressed.filter((at) => now - at < WITHIN_MS), now];
  status.textContent = pressed.length < TIMES ? around.dataset.leaveSaid : "";
  if (pressed.length >= TIMES) leave();
});

// Who comes back by the browser's own way finds a page that was kept: not covered any more, but asked for anew.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
