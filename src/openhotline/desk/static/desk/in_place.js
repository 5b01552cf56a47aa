// A form with data-in-place is sent in the background, and the next page takes the place of this one. Nothing that was
// decided is lost on the way: it stays in this page, is sent again with the same key, and the server does it once. A
// browser that is killed meanwhile sends it when it comes back (kept.js).
// Without this script the same forms are sent as forms are.

import { forget, keep, kept } from "./kept.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15000;
const PATIENCE_MS = 15000;
const MOST_AHEAD = 8;

const $ = (selector, root = document) => root.querySelector(selector);
let pending = null; // { form, fields, url, wait, timer }

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!("inPlace" in form.dataset) || event.submitter?.name === "preview") return;
  event.preventDefault();
  if (pending) return;
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  pending = { form, fields, url: event.submitter?.getAttribute("formaction") ?? form.action, wait: FIRST_WAIT_MS, timer: 0 };
  able(form, false);
  if (fields.has("decide")) keep(pending.url, fields);
  send();
});
document.addEventListener("submit", (event) => "forgets" in event.target.dataset && forget());

function able(form, on) {
  for (const one of form.elements) if (one.type === "submit") one.disabled = !on;
}

async function send() {
  const mine = pending;
  if (!mine) return;
  clearTimeout(mine.timer);
  let answer;
  try {
    answer = await fetch(mine.url, {
      method: "POST",
      body: mine.fields,
      headers: { "X-In-Place": "yes", "X-CSRFToken": $('meta[name="csrf-token"]')?.content ?? "" },
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.status >= 500) throw new TypeError(String(answer.status));
    const text = await answer.text();
    const page = new DOMParser().parseFromString(text, "text/html");
    if (!answer.ok) return refused(mine, page);
    if (!$("#main", page) || !$("body.desk", page)) return location.assign(answer.url); // signed out meanwhile
    // Nobody is shown a picture who came back to another page.
    if (mine.form || location.pathname.endsWith("/queue/")) return done(page, answer.url);
    pending = null;
    forget();
    banner("What you had decided before this browser was closed is saved.", true);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    again(mine);
  }
}

function again(mine) {
  banner(`Not saved yet: the desk cannot be reached. What you decided is kept on this page and is sent again in ${Math.round(mine.wait / 1000)} s. Leave this page open.`);
  mine.timer = setTimeout(send, mine.wait);
  mine.wait = Math.min(mine.wait * 2, LONGEST_WAIT_MS);
}

// The server heard and said no: the sentence is shown, and what was entered stays.
function refused(mine, page) {
  pending = null;
  forget();
  if (mine.form) able(mine.form, true);
  const words = ($("h1 ~ p", page) ?? $("h1", page))?.textContent.trim();
  banner(words || "That was not saved. Load the page again.", true);
}

function banner(text, final = false) {
  const box = $("#unsaved");
  box.hidden = false;
  $("#unsaved-text").textContent = text;
  $("#unsaved-again").hidden = final;
}

function done(page, url) {
  pending = null;
  forget();
  document.dispatchEvent(new CustomEvent("desk:leave"));
  const main = document.adoptNode($("#main", page));
  for (const image of main.querySelectorAll("img")) fromAhead(image);
  $("#main").replaceWith(main);
  for (const part of ["nav.nav", "#meter"]) {
    const fresh = $(part, page);
    if (fresh) $(part)?.replaceWith(document.adoptNode(fresh));
  }
  document.title = page.title;
  history.replaceState(null, "", place(url));
  window.htmx?.process(document.body);
  document.dispatchEvent(new CustomEvent("desk:arrived"));
  // Read aloud as the focus comes here; a second line on the page would say it twice to whoever sees it.
  const said = [...main.querySelectorAll(".said [role=status]")].map((one) => one.textContent.trim()).join(" ");
  if (said) main.setAttribute("aria-description", said);
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
  arrived();
}

// An address that only takes forms is none to come back to: the picture in hand has one of its own.
function place(url) {
  return $("#facts") ? $("#facts").action : url.replace(/(next|skip|swap|undo)\/$/, "");
}

// From before this page came: the browser was closed or killed before the server had it.
async function sendWhatWasKept() {
  const before = await kept();
  if (!before || pending) return;
  const form = $("#facts");
  pending = { form, ...before, wait: FIRST_WAIT_MS, timer: 0 };
  if (form) able(form, false);
  send();
}
sendWhatWasKept();

addEventListener("online", send);
addEventListener("beforeunload", (event) => pending && event.preventDefault());
document.addEventListener("click", (event) => event.target.closest?.("#unsaved-again") && send());

// ---- What comes next -----------------------------------------------------------------------------
// The blurred tiles of the next turns are fetched while this one is looked at, and held in memory by their path.

const tiles = new Map();

function fromAhead(image) {
  const held = tiles.get(new URL(image.getAttribute("src"), location.href).pathname);
  if (held) image.src = held;
}

async function fetchAhead(form) {
  const token = $('meta[name="csrf-token"]')?.content ?? "";
  const answer = await fetch(form.dataset.ahead, { method: "POST", headers: { "X-CSRFToken": token } });
  if (!answer.ok) return;
  const came = await answer.json();
  const nav = $("nav.nav", new DOMParser().parseFromString(came.nav, "text/html"));
  if (nav) $("nav.nav")?.replaceWith(document.adoptNode(nav));
  for (const url of came.tiles) {
    const path = new URL(url, location.href).pathname;
    if (tiles.has(path)) continue;
    const tile = await fetch(url, { cache: "no-store", credentials: "include" });
    if (!tile.ok) return;
    tiles.set(path, URL.createObjectURL(await tile.blob()));
  }
  for (const [path, url] of [...tiles].slice(0, -MOST_AHEAD)) {
    URL.revokeObjectURL(url);
    tiles.delete(path);
  }
}

function arrived() {
  const form = $("#facts[data-ahead]");
  if (form) fetchAhead(form).catch(() => {}); // it is fetched when it is shown, then
  const gone = $("[data-gone-after]");
  if (gone) setTimeout(() => gone.remove(), Number(gone.dataset.goneAfter) * 1000);
}
arrived();
