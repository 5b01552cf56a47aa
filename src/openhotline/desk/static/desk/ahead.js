// What comes next, made ready while this picture is looked at, and held in the memory of this page alone: the blurred
// tiles of the next turns, by their path, and the page of the very next one. It is reserved for whoever looks and not
// theirs yet: the server says whose it is when it has the decision before.

const MOST_AHEAD = 8;
const $ = (selector, root = document) => root.querySelector(selector);
const tiles = new Map();
let next = null; // { turn, main, until }
let asked = 0;

// A page made ahead is good once, for what follows the page for which it was asked, and as long as it is reserved.
export function pageAhead() {
  const mine = next;
  next = null;
  asked += 1;
  return mine && performance.now() < mine.until ? mine : null;
}

export function tilesFromAhead(main) {
  for (const image of main.querySelectorAll("img")) {
    const held = tiles.get(new URL(image.getAttribute("src"), location.href).pathname);
    if (held) image.src = held;
  }
}

export async function fetchAhead(url) {
  asked += 1;
  next = null;
  const mine = asked;
  const begun = performance.now();
  const token = $('meta[name="csrf-token"]')?.content ?? "";
  const answer = await fetch(url, { method: "POST", headers: { "X-In-Place": "yes", "X-CSRFToken": token }, cache: "no-store" });
  if (!answer.ok || mine !== asked) return;
  const came = await answer.json();
  if (mine !== asked) return;
  const nav = $("nav.nav", parsed(came.nav));
  if (nav) $("nav.nav")?.replaceWith(document.adoptNode(nav));
  const main = came.next && $("#main", parsed(came.next.page));
  if (main) next = { turn: String(came.next.turn), main, until: begun + came.next.seconds * 1000 };
  await fetchTiles(came.tiles);
}

async function fetchTiles(urls) {
  for (const url of urls) {
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

function parsed(text) {
  return new DOMParser().parseFromString(text, "text/html");
}
