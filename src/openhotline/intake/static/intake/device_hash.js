// The page on which a young person makes codes of their own pictures. A picture goes to the worker on this device and
// nowhere else: the field that chooses it stands in no form, and this file sends nothing. What is sent stands in the
// text field to be read, and goes when the button is pressed, as a form without scripts would.
//
// Every sentence comes from the page (`data-sentence`), where it is translated.

import { tellsTheTruth } from "./picture.js";

const MOST = 10;
const VIDEO = /^video\/|\.(mp4|m4v|mov|avi|mkv|webm|3gp)$/i;

const tool = document.querySelector("[data-tool]");
const part = (name, root = tool) => root.querySelector(`[data-part="${name}"]`);
const codes = part("codes");
const pictures = new Map(); // number of a picture: { name, hash, quality, reason }
let last = 0;

/** The page's sentence of this name as a new element, with the texts for its places. */
function sentence(name, places = {}) {
  const template = document.querySelector(`template[data-sentence="${name}"]`);
  const copy = template.content.firstElementChild.cloneNode(true);
  for (const [place, text] of Object.entries(places)) {
    for (const element of copy.querySelectorAll(`[data-place="${place}"]`)) element.textContent = text;
  }
  return copy;
}

/** Say why nothing can be made here, and leave the other ways. */
function refuse(name) {
  document.querySelector("[data-needs-script]").hidden = true;
  tool.hidden = true;
  document.querySelector("[data-refusal]").replaceChildren(sentence(name));
}

function choose(files) {
  const taken = [...files].slice(0, MOST - pictures.size);
  part("too-many").hidden = taken.length === files.length;
  for (const file of taken) take(file);
  show();
}

function take(file) {
  last += 1;
  const video = VIDEO.test(file.type) || VIDEO.test(file.name);
  pictures.set(last, { name: file.name, reason: video ? "video" : "waiting" });
  if (!video) worker.postMessage({ number: last, file });
}

function heard({ data }) {
  if (data.state) begin(data.state);
  else if (pictures.has(data.number)) {
    const { name } = pictures.get(data.number);
    pictures.set(data.number, { name, ...data });
    if (data.reason === "falsified") refuse("falsified");
    else show();
  }
}

function begin(state) {
  if (state !== "ready") {
    refuse(state);
    return;
  }
  document.querySelector("[data-needs-script]").hidden = true;
  tool.hidden = false;
}

function show() {
  const rows = [...pictures].map(([number, picture]) => row(number, picture));
  part("pictures").replaceChildren(...rows);
  const made = [...pictures.values()].filter((picture) => picture.hash);
  codes.value = [...new Set(made.map((picture) => `${picture.hash} ${picture.quality}`))].join("\n");
  codes.rows = Math.max(2, made.length * 2);
  part("send").hidden = made.length === 0;
  const waiting = [...pictures.values()].some((picture) => picture.reason === "waiting");
  part("button").disabled = waiting;
  part("status").replaceChildren(...(pictures.size === 0 || waiting ? [] : [sentence("counted", { made: made.length, all: pictures.size })]));
}

function row(number, picture) {
  const line = document.createElement("li");
  line.append(sentence(picture.reason ?? "made", { name: picture.name }));
  const button = sentence("remove", { name: picture.name });
  button.addEventListener("click", () => {
    pictures.delete(number);
    show();
    part("choose").focus();
  });
  line.append(button);
  return line;
}

part("choose").addEventListener("change", ({ target }) => {
  choose(target.files);
  target.value = ""; // the same picture can be chosen again, and the field holds no name
});
part("send").addEventListener("submit", (event) => {
  const offline = navigator.onLine === false;
  part("offline").hidden = !offline;
  if (offline) event.preventDefault();
});
// Who comes back to this page later finds nothing of what was chosen.
addEventListener("pagehide", () => {
  pictures.clear();
  show();
});

let worker = null;

async function start() {
  const canvas = (width, height) => Object.assign(document.createElement("canvas"), { width, height });
  if (!(await tellsTheTruth(canvas))) {
    refuse("falsified");
    return;
  }
  worker = new Worker(new URL("hash_worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("message", heard);
  worker.addEventListener("error", () => refuse("unable"));
}

start().catch(() => refuse("unable"));
