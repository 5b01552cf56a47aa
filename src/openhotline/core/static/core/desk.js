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
// end is how long the picture stood on the screen and how large, and the server caps what we claim.

let hold = null;

function stepOf(tile) {
  const name = tile.dataset.revealStep;
  return name ? ($(`input[name="${CSS.escape(name)}"]:checked`)?.value ?? "") : "";
}

async function reveal(tile, how) {
  if (hold) return;
  const mine = { tile, how, image: $("img", tile), shown: null };
  hold = mine;
  say("");
  try {
    const answer = await post(tile.dataset.revealUrl, { step: stepOf(tile) });
    if (!answer.ok) throw new Error(await sentence(answer));
    mine.view = answer.headers.get("X-View") ?? "";
    const blob = await answer.blob();
    if (hold === mine) show(mine, blob);
    else report(mine, 0, { width: 0, height: 0 }); // let go before the picture came: it is never shown
  } catch (error) {
    say(error instanceof TypeError ? "The desk cannot be reached. The picture was not shown." : error.message);
  }
}

async function sentence(answer) {
  const plain = (answer.headers.get("Content-Type") ?? "").startsWith("text/plain");
  return plain ? answer.text() : `The picture was not shown (${answer.status}). Reload the page and try again.`;
}

function show(mine, blob) {
  const url = URL.createObjectURL(blob);
  mine.url = url;
  mine.blurred = mine.image.getAttribute("src");
  mine.image.src = url;
  mine.tile.setAttribute("aria-pressed", "true");
  mine.shown = performance.now(); // from here on the picture may be on the screen
}

function release() {
  const mine = hold;
  hold = null;
  if (!mine || mine.shown === null) return;
  const seconds = (performance.now() - mine.shown) / 1000;
  const size = drawnSize(mine.image);
  mine.image.src = mine.blurred;
  mine.tile.setAttribute("aria-pressed", "false");
  URL.revokeObjectURL(mine.url);
  report(mine, seconds, size);
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
document.addEventListener("visibilitychange", () => document.hidden && release());
document.addEventListener("htmx:beforeSwap", release);

// ---- Keys ----------------------------------------------------------------------------------------
// A button says its own key: <button data-key="s">. Single keys can be switched off (WCAG 2.1.4): by
// data-keys="off" on the body, or in the dialog, which a cookie remembers. Space on a focused tile stays.

const COOKIE = "openhotline_keys";

function keysOn() {
  return document.body.dataset.keys !== "off";
}

function setKeys(on) {
  document.body.dataset.keys = on ? "on" : "off";
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${COOKIE}=${on ? "on" : "off"}; path=/; max-age=31536000; samesite=strict${secure}`;
  drawSwitch();
}

function drawSwitch() {
  const button = $("#keys-switch");
  button?.setAttribute("aria-pressed", String(keysOn()));
  if (button) button.textContent = keysOn() ? "Single keys are on" : "Single keys are off";
}

function typing(element) {
  return Boolean(element?.closest?.('input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable]'));
}

// Space means the focused tile; or, when nothing that uses Space has the focus, the page's only tile.
function tileForSpace(element) {
  const focused = element.closest?.("[data-reveal-url]");
  if (focused) return focused;
  if (!keysOn() || element.closest?.("button, a, input, textarea, select, summary, dialog, [contenteditable]")) return null;
  const all = document.querySelectorAll("[data-reveal-url]");
  return all.length === 1 ? all[0] : null;
}

// While a dialog is open, only its own buttons have keys.
function buttonFor(key) {
  const open = $("dialog[open]");
  const buttons = [...(open ?? document).querySelectorAll("[data-key]")];
  return buttons.find((b) => b.dataset.key === key && !b.disabled && (open || !b.closest("dialog")));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.key === " ") {
    const tile = tileForSpace(event.target);
    if (!tile) return;
    event.preventDefault(); // no scrolling, and no second reveal while the key repeats
    if (!event.repeat) reveal(tile, "key");
    return;
  }
  if (event.repeat || !keysOn() || typing(event.target)) return;
  const button = buttonFor(event.key);
  if (!button) return;
  event.preventDefault();
  button.click();
});
document.addEventListener("keyup", (event) => {
  if (event.key === " " && hold?.how === "key") {
    event.preventDefault();
    release();
  }
});

// ---- Dialogs -------------------------------------------------------------------------------------

function drawKeys() {
  const list = $("#keys-list");
  if (!list) return;
  const rows = [...document.querySelectorAll("[data-key]")]
    .filter((button) => !button.closest("dialog"))
    .map((button) => [button.dataset.key, button.dataset.keyLabel ?? button.textContent.trim()]);
  if ($("[data-reveal-url]")) rows.unshift(["Space", "Hold: show the picture"]);
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
});

// ---- htmx ----------------------------------------------------------------------------------------

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = token();
});
document.addEventListener("htmx:responseError", (event) => {
  say(`That was not saved (${event.detail.xhr.status}). Reload the page and try again.`);
});
document.addEventListener("htmx:sendError", () => say("The desk cannot be reached. What you entered is still here."));

const remembered = document.cookie.match(new RegExp(`(?:^|; )${COOKIE}=(on|off)`))?.[1];
if (remembered && keysOn()) document.body.dataset.keys = remembered;
drawSwitch();
