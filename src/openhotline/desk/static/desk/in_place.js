// A form with data-in-place is sent in the background, and the next page takes the place of this one. Nothing that was
// decided is lost on the way: it stays in this page, is sent again with the same key, and the server does it once. A
// browser that is killed meanwhile sends it when it comes back (kept.js).
// With data-goes-on the page made ahead (ahead.js) stands there before the server has answered. Until it has, nothing
// is revealed on it or decided; and where the answer is not the expected one, the page of before comes back with what
// was entered, or the page that the server sent takes its place.
// Without this script the same forms are sent as forms are.

import { fetchAhead, pageAhead, tilesFromAhead } from "./ahead.js";
import { forget, keep, kept } from "./kept.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15000;
const PATIENCE_MS = 15000;

const $ = (selector, root = document) => root.querySelector(selector);
let pending = null; // { form, fields, url, wait, timer, before, stands, saved, over }

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!("inPlace" in form.dataset) || event.submitter?.name === "preview") return;
  event.preventDefault();
  if (pending) return;
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  begin({ form, fields, url: event.submitter?.getAttribute("formaction") ?? form.action });
  if (fields.has("decide")) keep(pending.url, fields);
  send();
  const next = pageAhead();
  if (next && navigator.onLine && "goesOn" in form.dataset) goOn(pending, next);
});
document.addEventListener("submit", (event) => "forgets" in event.target.dataset && forget());

function begin(mine) {
  pending = { ...mine, wait: FIRST_WAIT_MS, timer: 0, before: null, stands: null };
  pending.saved = new Promise((over) => (pending.over = over));
  able(false);
}

function end(mine) {
  pending = null;
  forget();
  mine.over();
}

function saved(mine) {
  end(mine);
  document.dispatchEvent(new CustomEvent("desk:saved", { detail: { turn: mine.fields.get("turn") } }));
}

function able(on, main = $("#main")) {
  for (const form of main.querySelectorAll("form[data-in-place]")) {
    form.toggleAttribute("data-saving", !on);
    for (const one of form.elements) if (one.type === "submit") one.disabled = !on || "waiting" in form.dataset;
  }
}

// The page of before is kept as it is until the server has said yes.
function goOn(mine, next) {
  mine.before = $("#main");
  mine.stands = next.turn;
  able(false, next.main);
  put(next.main);
}

function comeBack(mine) {
  if (mine.before) put(mine.before);
  mine.before = mine.stands = null;
  $("#facts[data-waiting]")?.dispatchEvent(new Event("change", { bubbles: true })); // what follows went elsewhere
}

// Whoever looks before the decision is saved waits for that: the picture is not theirs yet.
document.addEventListener("desk:look", (event) => pending?.stands && event.detail.first.push(pending.saved));

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
    if (pending !== mine) return; // asked twice, and answered by the other
    const page = new DOMParser().parseFromString(text, "text/html");
    if (!answer.ok) return refused(mine, page);
    if (!$("#main", page) || !$("body.desk", page)) return location.assign(answer.url); // signed out meanwhile
    // Nobody is shown a picture who came back to another page.
    if (mine.form || location.pathname.endsWith("/queue/")) return done(mine, page, answer.url);
    saved(mine);
    able(true);
    banner("What you had decided before this browser was closed is saved.", true);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    if (pending === mine) again(mine);
  }
}

function again(mine) {
  comeBack(mine);
  banner(`Not saved yet: the desk cannot be reached. What you decided is kept on this page and is sent again in ${Math.round(mine.wait / 1000)} s. Leave this page open.`);
  mine.timer = setTimeout(send, mine.wait);
  mine.wait = Math.min(mine.wait * 2, LONGEST_WAIT_MS);
}

// The server heard and said no: the sentence is shown, and what was entered stays.
function refused(mine, page) {
  comeBack(mine);
  end(mine);
  able(true);
  const words = ($("h1 ~ p", page) ?? $("h1", page))?.textContent.trim();
  banner(words || "That was not saved. Load the page again.", true);
}

function banner(text, final = false) {
  const box = $("#unsaved");
  box.hidden = false;
  $("#unsaved-text").textContent = text;
  $("#unsaved-again").hidden = final;
}

function done(mine, page, url) {
  if (mine.stands && mine.stands === $('#facts input[name="turn"]', page)?.value && !$("[data-pause]", page)) agreed(page);
  else replaced(page, url);
  saved(mine);
  arrived();
}

// The page that stands is the right one: what is fresh in the answer goes into it, and what was entered stays.
function agreed(page) {
  const main = $("#main");
  const told = $(".said [role=status]", main);
  $("p", told).textContent = [...page.querySelectorAll(".said [role=status]")].map((one) => one.textContent.trim()).join(" ");
  for (const one of page.querySelectorAll(".said > :not([role=status])")) told.parentNode.append(document.adoptNode(one));
  const [text, fresh] = [$(".text", main), $(".text", page)];
  if (text.textContent !== fresh.textContent) text.replaceWith(document.adoptNode(fresh));
  Object.assign($("[data-reveal-url]", main).dataset, $("[data-reveal-url]", page).dataset);
  able(true);
}

function replaced(page, url) {
  put(document.adoptNode($("#main", page)));
  for (const part of ["nav.nav", "#meter"]) {
    const fresh = $(part, page);
    if (fresh) $(part)?.replaceWith(document.adoptNode(fresh));
  }
  document.title = page.title;
  history.replaceState(null, "", place(url));
}

function put(main) {
  document.dispatchEvent(new CustomEvent("desk:leave"));
  tilesFromAhead(main);
  $("#main").replaceWith(main);
  window.htmx?.process(main);
  document.dispatchEvent(new CustomEvent("desk:arrived"));
  // Read aloud as the focus comes here; a second line on the page would say it twice to whoever sees it.
  const said = [...main.querySelectorAll(".said [role=status]")].map((one) => one.textContent.trim()).join(" ");
  if (said) main.setAttribute("aria-description", said);
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
}

// An address that only takes forms is none to come back to: the picture in hand has one of its own.
function place(url) {
  return $("#facts") ? $("#facts").action : url.replace(/(next|skip|swap|undo)\/$/, "");
}

// From before this page came: the browser was closed or killed before the server had it.
async function sendWhatWasKept() {
  const before = await kept();
  if (!before || pending) return;
  begin({ form: $("#facts"), ...before });
  send();
}
sendWhatWasKept();

addEventListener("online", send);
addEventListener("beforeunload", (event) => pending && event.preventDefault());
document.addEventListener("click", (event) => event.target.closest?.("#unsaved-again") && send());

function arrived() {
  const url = $("#facts[data-ahead]")?.dataset.ahead;
  if (url) fetchAhead(url).catch(() => {}); // it is fetched when it is shown, then
  const gone = $("[data-gone-after]");
  if (gone) setTimeout(() => gone.remove(), Number(gone.dataset.goneAfter) * 1000);
}
arrived();
