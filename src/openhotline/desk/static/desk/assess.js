// Quick answers and the sorting sheet. Both only set what the form could set by hand.

// A quick answer sets its own facts and opens every other one, but for those answered beside it (AI involvement,
// age): so that an answer given before it is kept, whichever comes first.
const BESIDE = new Set([
  "ai_involvement", "ai_basis", "ai_confidence", "real_child", "real_child_basis", "real_child_confidence", "age_band",
]);

function answer(form, facts) {
  for (const field of form.querySelectorAll("[data-fact]")) {
    const name = field.dataset.fact;
    const wanted = facts.get(name) ?? (BESIDE.has(name) ? null : "not_determined");
    const choice = wanted && field.querySelector(`input[value="${CSS.escape(wanted)}"]`);
    if (choice) choice.checked = true;
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

// A question is put away where it can change nothing any more; one that was answered stays in sight.
function putAway(form) {
  const answers = new Map([...new FormData(form)]);
  for (const field of form.querySelectorAll("[data-when]")) {
    const asked = field.dataset.when.split(";").every((one) => {
      const [fact, values] = one.split("=");
      return values.split(",").includes(answers.get(fact) ?? "not_determined");
    });
    field.hidden = !asked && (answers.get(field.dataset.fact) ?? "not_determined") === "not_determined";
  }
}

function drawQuestions() {
  const form = document.querySelector("#facts");
  if (form) putAway(form);
}
document.addEventListener("change", (event) => event.target.closest?.("#facts") && drawQuestions());
document.addEventListener("desk:arrived", drawQuestions);

document.addEventListener("click", (event) => {
  const quick = event.target.closest?.("[data-facts]");
  if (quick) answer(quick.form, new Map(quick.dataset.facts.split(" ").map((pair) => pair.split("="))));
  const all = event.target.closest?.("[data-set-all]");
  if (all) {
    // What has no tile is set aside by itself or not at all: nobody has seen it. Texts and the like, which are no
    // pictures, have a key of their own; it leaves the other tiles as they are.
    const which = all.dataset.setAll;
    const texts = which === "no-picture" ? "[data-no-picture]" : "";
    for (const box of document.querySelectorAll(`input[name="aside"]${texts}`)) {
      const wanted = Boolean(texts) || (which === "on" && !("alone" in box.dataset));
      if (box.checked !== wanted) because(box, wanted);
      box.checked = wanted;
    }
    count();
    document.querySelector("#sheet")?.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

function count() {
  const told = document.querySelector("#aside-count");
  if (told) told.textContent = String(document.querySelectorAll('input[name="aside"]:checked').length);
}
// A tile keeps the reason that was chosen when it was set aside, whatever is chosen for the next.
function because(box, on) {
  const chosen = box.form.querySelector('input[name="reason"]:checked');
  const tile = box.closest("li");
  tile.querySelector('input[type="hidden"]').value = on ? chosen?.value ?? "" : "";
  tile.querySelector(".because").textContent = on ? box.dataset.words ?? chosen?.dataset.words ?? "" : "";
}
document.addEventListener("change", (event) => {
  if (event.target.name !== "aside") return;
  because(event.target, event.target.checked);
  count();
});

// Arrows move over the tiles of a sheet; Space sets aside, as on every checkbox.
document.addEventListener("keydown", (event) => {
  if (event.target.name !== "aside" || event.ctrlKey || event.altKey || event.metaKey) return;
  const boxes = [...document.querySelectorAll('input[name="aside"]')];
  const at = boxes.indexOf(event.target);
  const tops = boxes.map((box) => box.getBoundingClientRect().top);
  const across = tops.filter((top) => Math.abs(top - tops[0]) < 4).length;
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[event.key];
  if (!step || !boxes[at + step]) return;
  event.preventDefault();
  boxes[at + step].focus();
});

// A blurred tile that does not come is asked for once more: where nobody answers, the page says so. What the door itself
// refuses (a break) is no fault of it.
async function tellWhetherDown(image) {
  const box = document.querySelector("#media-down");
  if (!box || !image.closest(".tile")) return;
  const asked = fetch(image.src, { cache: "no-store", credentials: "include" });
  const answers = await asked.then((answer) => ![500, 502, 503, 504].includes(answer.status), () => false);
  if (image.isConnected) box.hidden = answers;
}
document.addEventListener("error", (event) => event.target instanceof HTMLImageElement && tellWhetherDown(event.target), true);
document.addEventListener("load", (event) => {
  const box = document.querySelector("#media-down");
  if (box && event.target.closest?.(".tile")) box.hidden = true;
}, true);
document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-again]")) return;
  for (const image of missing()) image.src = image.getAttribute("src");
});
function missing() {
  return [...document.querySelectorAll(".tile img")].filter((image) => image.complete && !image.naturalWidth);
}
// One that failed before this script came told nobody.
function tellOfMissing() {
  const [first] = missing();
  if (first) tellWhetherDown(first);
}
document.addEventListener("desk:arrived", tellOfMissing);
tellOfMissing();

// Nothing is decided while what follows is on its way: the page would not have shown it.
// Nor while the decision before is: data-saving is in_place.js's word, data-waiting is ours.
function wait(form, on) {
  const button = form?.querySelector('[name="decide"]');
  if (!button) return;
  form.toggleAttribute("data-waiting", on);
  button.disabled = on || "saving" in form.dataset;
}
document.addEventListener("htmx:beforeRequest", (event) => wait(event.target.closest?.("#facts"), true));
document.addEventListener("htmx:afterSettle", () => wait(document.querySelector("#facts"), false));
document.addEventListener("htmx:sendError", () => wait(document.querySelector("#facts"), false));
count();
drawQuestions();
