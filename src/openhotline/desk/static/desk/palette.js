// Everything that can be done on a page, by name: its links and its buttons that have a key. Nothing is offered that
// the page does not show.

const $ = (selector, root = document) => root.querySelector(selector);
const MOST = 12;
let at = 0;

function offered() {
  const links = [...document.querySelectorAll("nav.nav a, .person a")].map((link) => [link.textContent.trim(), link]);
  const buttons = [...document.querySelectorAll("[data-key]")]
    .filter((button) => !button.closest("dialog") && !button.disabled && button.dataset.opens !== "palette")
    .map((button) => [button.dataset.keyLabel ?? button.textContent.trim(), button]);
  return [...buttons, ...links];
}

function matching(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return offered().filter(([name]) => words.every((word) => name.toLowerCase().includes(word)));
}

function draw() {
  const found = matching($("#palette-text").value).slice(0, MOST);
  at = Math.min(at, Math.max(0, found.length - 1));
  const rows = found.map(([name, target], index) => {
    const row = Object.assign(document.createElement("li"), { textContent: name, id: `palette-${index}` });
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(index === at));
    row.addEventListener("click", () => go(target));
    return row;
  });
  if (!rows.length) rows.push(Object.assign(document.createElement("li"), { textContent: "Nothing here has such a name." }));
  $("#palette-list").replaceChildren(...rows);
  $("#palette-text").setAttribute("aria-activedescendant", found.length ? `palette-${at}` : "");
  return found;
}

function go(target) {
  $("#palette").close();
  target.focus();
  target.click();
}

document.addEventListener("click", (event) => {
  if (!event.target.closest?.('[data-opens="palette"]')) return;
  at = 0;
  $("#palette-text").value = "";
  draw();
});
$("#palette-text")?.addEventListener("input", () => {
  at = 0;
  draw();
});
$("#palette")?.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    at = Math.max(0, at + step);
    draw();
  } else if (event.key === "Enter" && event.target.id === "palette-text") {
    event.preventDefault();
    const chosen = draw()[at];
    if (chosen) go(chosen[1]);
  }
});
