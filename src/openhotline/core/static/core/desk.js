// The desk's only script of our own: hold to reveal, keys on buttons, dialogs.
// Everything is found by data attributes at the moment of the event, so pages that htmx swaps in just work.

const $ = (selector, root = document) => root.querySelector(selector);
const token = () => $('meta[name="csrf-token"]')?.content ?? "";

function say(text) {
  const status = $("#status");
  if (status) status.textContent = text;
}

function post(url, fields, options = {}) {
  return fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": token() },
    body: new URLSearchParams(fields),
    cache: "no-store",
    credentials: "include", // in production the media door is another origin of ours
    ...options,
  });
}

// ---- Hold to reveal ----------------------------------------------------------------------------
// One hold at a time. The server has committed its audit row before a byte arrives; what we report at the
// end is how long the picture stood on the screen and how large, and the server caps what we claim. While it
// stands there the page says so every few seconds: a browser that is killed says no more, and the look ends.

const BEAT_MS = 3000;
let hold = null;

function stepsOf(tile) {
  const name = tile.dataset.revealStep;
  return name ? [...document.querySelectorAll(`input[name="${CSS.escape(name)}"]`)] : [];
}

function stepOf(tile) {
  return stepsOf(tile).find((one) => one.checked)?.value ?? "";
}

async function reveal(tile, how, key = "") {
  if (hold) return;
  const mine = { tile, how, key, image: $("img", tile), shown: null, begun: stepsOf(tile).find((one) => one.checked) };
  hold = mine;
  say("");
  await ready(tile);
  if (hold !== mine) return; // let go before anything was asked for
  const blob = await fetched(mine);
  if (blob && hold === mine) show(mine, blob);
  else if (blob) report(mine, 0, { width: 0, height: 0 }); // let go before the picture came: it is never shown
}

// A page that has something to finish first (a decision on its way) answers this event with what to wait for.
function ready(tile) {
  const first = [];
  tile.dispatchEvent(new CustomEvent("desk:look", { bubbles: true, detail: { first } }));
  return Promise.all(first);
}

async function fetched(mine) {
  try {
    const answer = await post(mine.tile.dataset.revealUrl, { step: stepOf(mine.tile) });
    // An address shows one look; the answer, also a refusal, brings that of the next.
    mine.tile.dataset.revealUrl = answer.headers.get("X-Next") ?? mine.tile.dataset.revealUrl;
    if (!answer.ok) throw new Error(await sentence(answer));
    mine.view = answer.headers.get("X-View") ?? "";
    return await answer.blob();
  } catch (error) {
    say(error instanceof TypeError ? "The media door does not answer. The picture was not shown." : error.message);
    return null;
  }
}

// One step clearer: chosen for the next hold, and at once while a key is held. Each step is a look of its own.
async function clearer(tile) {
  const steps = stepsOf(tile);
  const next = steps[steps.findIndex((one) => one.checked) + 1];
  if (!next) return;
  next.checked = true;
  const before = hold;
  if (!before || before.shown === null || before.next) return;
  const mine = { ...before, shown: null, view: "" };
  before.next = mine;
  const blob = await fetched(mine);
  before.next = null;
  if (blob && hold === before) {
    end(before);
    hold = mine;
    show(mine, blob);
  } else if (blob) report(mine, 0, { width: 0, height: 0 });
}

async function sentence(answer) {
  const plain = (answer.headers.get("Content-Type") ?? "").startsWith("text/plain");
  return plain ? answer.text() : `The picture was not shown (${answer.status}). Reload the page and try again.`;
}

function show(mine, blob) {
  mine.url = URL.createObjectURL(blob);
  mine.blurred ??= mine.image.getAttribute("src");
  mine.image.src = mine.url;
  mine.tile.setAttribute("aria-pressed", "true");
  mine.shown = performance.now(); // from here on the picture may be on the screen
  mine.beating = setInterval(() => beat(mine), BEAT_MS);
}

// Whoever cannot be heard is shown nothing: without an answer, or with a refusal (a break), the picture goes.
async function beat(mine) {
  if (!mine.tile.dataset.beatUrl) return;
  let why = "The media door does not answer. The picture was hidden.";
  try {
    const answer = await post(mine.tile.dataset.beatUrl, { view: mine.view });
    if (answer.ok) return;
    why = await sentence(answer);
  } catch {
    // the sentence above
  }
  if (hold !== mine) return;
  release();
  say(why);
}

function release() {
  const mine = hold;
  hold = null;
  if (!mine) return;
  if (mine.begun) mine.begun.checked = true; // the next hold begins where this one began
  if (mine.shown === null) return;
  end(mine);
  mine.image.src = mine.blurred;
  mine.tile.setAttribute("aria-pressed", "false");
}

function end(mine) {
  clearInterval(mine.beating);
  const seconds = (performance.now() - mine.shown) / 1000;
  report(mine, seconds, drawnSize(mine.image));
  URL.revokeObjectURL(mine.url);
}

// The picture keeps its shape inside the box (object-fit: contain); only the drawn part was seen.
function drawnSize(image) {
  const box = image.getBoundingClientRect();
  const seen = image.naturalWidth && image.naturalHeight; // 0 when the bytes were no picture
  const scale = seen ? Math.min(box.width / image.naturalWidth, box.height / image.naturalHeight) : 0;
  return { width: Math.round(image.naturalWidth * scale), height: Math.round(image.naturalHeight * scale) };
}

async function report(mine, seconds, size) {
  const url = mine.tile.dataset.releaseUrl;
  if (!url) return;
  const fields = { seconds: seconds.toFixed(3), view: mine.view, ...size };
  try {
    // keepalive: the seconds arrive even when the page is being left
    const answer = await post(url, fields, { keepalive: true });
    if (!answer.ok) throw new Error(String(answer.status));
    mine.tile.dispatchEvent(new CustomEvent("released", { bubbles: true, detail: fields })); // hx-trigger can listen
  } catch {
    say("The time of this view could not be saved; it will be counted by its longest possible length.");
  }
}

document.addEventListener("pointerdown", (event) => {
  const tile = event.target.closest?.("[data-reveal-url]");
  if (tile && event.isPrimary && event.button === 0) reveal(tile, "pointer");
});
for (const type of ["pointerup", "pointercancel"]) {
  document.addEventListener(type, () => hold?.how === "pointer" && release());
}
document.addEventListener("contextmenu", (event) => {
  if (event.target.closest?.("[data-reveal-url]")) event.preventDefault(); // a long touch would open "save picture"
});
// Whatever takes the page away also takes the picture away.
window.addEventListener("blur", release);
window.addEventListener("pagehide", release);
window.addEventListener("beforeprint", release);
document.addEventListener("visibilitychange", () => document.hidden && release());
document.addEventListener("desk:leave", release);
// A part of the page that comes anew (what follows, the meter) ends no look; what takes the picture's own place does.
for (const type of ["htmx:beforeSwap", "htmx:oobBeforeSwap"]) {
  document.addEventListener(type, (event) => event.detail.target?.contains(hold?.tile ?? null) && release());
}
document.addEventListener("htmx:afterSwap", () => hold && !hold.tile.isConnected && release());

// ---- Keys ----------------------------------------------------------------------------------------
// A button says its own key: <button data-key="s">. A person may have chosen other keys, or none at all (WCAG
// 2.1.4); both are kept on the server and come with the page. Space on a focused tile stays whatever is chosen.

const CHOSEN = new Map(Object.entries(JSON.parse(document.body.dataset.keymap || "{}")));
const HOLD = CHOSEN.get(" ") ?? " ";
const NAMES = { " ": "Space" };

function keyOf(button) {
  return CHOSEN.get(button.dataset.key) ?? button.dataset.key;
}

function keysOn() {
  return document.body.dataset.keys !== "off";
}

async function setKeys(on) {
  document.body.dataset.keys = on ? "on" : "off";
  drawSwitch();
  const url = document.body.dataset.keysSwitch;
  if (!url) return;
  const saved = await post(url, { on: on ? "yes" : "no" }).then((answer) => answer.ok, () => false);
  if (!saved) say("That could not be saved. It holds on this page only.");
}

function drawSwitch() {
  const button = $("#keys-switch");
  button?.setAttribute("aria-pressed", String(keysOn()));
  if (button) button.textContent = keysOn() ? "Single keys are on" : "Single keys are off";
}

function typing(element) {
  return Boolean(element?.closest?.('input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable]'));
}

// Space means the focused tile; the key of holding, where nothing else would hear it, the page's only tile.
function tileFor(key, element) {
  const focused = key === " " && element.closest?.("[data-reveal-url]");
  if (focused) return focused;
  if (key !== HOLD || !keysOn() || typing(element) || element.closest?.("dialog")) return null;
  if (key === " " && element.closest?.("button, a, input, summary")) return null;
  const all = document.querySelectorAll("[data-reveal-url]");
  return all.length === 1 ? all[0] : null;
}

// While a dialog is open, only its own buttons have keys.
function buttonFor(key) {
  const open = $("dialog[open]");
  const buttons = [...(open ?? document).querySelectorAll("[data-key]")];
  return buttons.find((b) => keyOf(b) === key && !b.disabled && (open || !b.closest("dialog")));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const tile = tileFor(event.key, event.target);
  if (tile) {
    event.preventDefault(); // no scrolling, and no second reveal while the key repeats
    if (!event.repeat) reveal(tile, "key", event.key);
    return;
  }
  if (event.repeat || !keysOn() || typing(event.target)) return;
  const button = buttonFor(event.key);
  if (!button) return;
  event.preventDefault();
  button.click();
});
document.addEventListener("keyup", (event) => {
  // Whichever hand lets go of Shift first: a capital comes up as a small letter.
  if (hold?.how === "key" && event.key.toLowerCase() === hold.key.toLowerCase()) {
    event.preventDefault();
    release();
  }
});

// The letter on a button is the one that presses it.
function drawLetters() {
  for (const button of document.querySelectorAll("[data-key]")) {
    const letter = $("kbd", button.closest("label") ?? button);
    if (letter && CHOSEN.has(button.dataset.key)) letter.textContent = keyOf(button);
  }
}

// ---- Dialogs -------------------------------------------------------------------------------------

function drawKeys() {
  const list = $("#keys-list");
  if (!list) return;
  const rows = [...document.querySelectorAll("[data-key]")]
    .filter((button) => !button.closest("dialog"))
    .map((button) => [keyOf(button), button.dataset.keyLabel ?? button.textContent.trim()]);
  if ($("[data-reveal-url]")) rows.unshift([NAMES[HOLD] ?? HOLD, "Hold: show the picture"]);
  list.replaceChildren(...rows.flatMap(([key, label]) => [term(key), meaning(label)]));
}

function term(key) {
  const dt = document.createElement("dt");
  dt.append(Object.assign(document.createElement("kbd"), { textContent: key }));
  return dt;
}

function meaning(label) {
  return Object.assign(document.createElement("dd"), { textContent: label });
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-opens]");
  if (opener) {
    release();
    drawKeys();
    document.getElementById(opener.dataset.opens)?.showModal();
  }
  if (event.target.closest?.("#keys-switch")) setKeys(!keysOn());
  if (event.target.closest?.("[data-clearer]")) clearer($("[data-reveal-url]"));
});

// ---- htmx ----------------------------------------------------------------------------------------

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = token();
});
document.addEventListener("htmx:responseError", (event) => {
  say(`That was not saved (${event.detail.xhr.status}). Reload the page and try again.`);
});
document.addEventListener("htmx:sendError", () => say("The desk cannot be reached. What you entered is still here."));

for (const type of ["htmx:afterSettle", "desk:arrived", "desk:saved"]) document.addEventListener(type, drawLetters);
drawLetters();
drawSwitch();
