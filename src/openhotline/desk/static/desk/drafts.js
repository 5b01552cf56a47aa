// What was answered and not decided yet outlives the page on which it was answered: a page that is loaded again, that
// was left, or whose ten minutes ran out, comes back with it, as long as the turn is the same. It is kept in this
// browser, sealed (sealed.js), by the number of the turn, for the last few; it goes when the turn is decided or passed on,
// and with signing out.

import { drop, opened, seal } from "./sealed.js";

const NAME = "desk.drafts";
const MOST = 4;
// Not answers: they belong to the page as it was sent.
const LEFT_OUT = new Set(["csrfmiddlewaretoken", "turn", "idempotency", "shown"]);
const answered = new WeakSet();
// What asks for what follows (htmx) hears a page's form only once the page is whole.
const whole = new Promise((done) => {
  const then = () => setTimeout(done);
  if (document.readyState === "complete") then();
  else document.addEventListener("DOMContentLoaded", then);
});
let changing = Promise.resolve();

const form = () => document.querySelector("#facts");

// Read, change and write, one after the other.
function change(step) {
  changing = changing.then(async () => {
    const drafts = new Map(await opened(NAME));
    step(drafts);
    await (drafts.size ? seal(NAME, [...drafts].slice(-MOST)) : drop(NAME));
  });
}

document.addEventListener("change", keepAnswers);
document.addEventListener("input", (event) => event.target.name === "note" && keepAnswers(event));

function keepAnswers(event) {
  const mine = event.target.closest?.("#facts");
  if (!mine) return;
  answered.add(mine);
  const turn = mine.elements.turn.value;
  const answers = [...new FormData(mine)].filter(([name]) => !LEFT_OUT.has(name));
  change((drafts) => {
    drafts.delete(turn);
    drafts.set(turn, answers);
  });
}

async function bringBack() {
  const mine = form();
  if (!mine) return;
  await Promise.all([whole, changing]);
  const answers = new Map(await opened(NAME)).get(mine.elements.turn.value);
  // Whoever has begun to answer anew is not interrupted.
  if (!answers || mine !== form() || answered.has(mine)) return;
  for (const [name, value] of answers) {
    const choice = mine.querySelector(`input[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`);
    if (choice) choice.checked = true;
    if (name === "note") mine.elements.note.value = value;
  }
  mine.dispatchEvent(new Event("change", { bubbles: true })); // what follows is asked for, and questions are put away
}

document.addEventListener("desk:arrived", bringBack);
document.addEventListener("desk:saved", (event) => event.detail.turn && change((drafts) => drafts.delete(event.detail.turn)));
document.addEventListener("submit", (event) => "forgets" in event.target.dataset && drop(NAME));
bringBack();
