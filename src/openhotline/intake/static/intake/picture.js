// From a picture file to its hash, on this device: decoded by the browser, upright and in sRGB as it would show it, laid
// on white, at its full size.

import { Pdq, SMALLEST_SIDE } from "./pdq.js";

export const LEAST_QUALITY = 50; // below, the picture is too plain to be told from others
const STRIP_PIXELS = 1 << 20; // read back at once

/** Why a picture has no code. `reason` is one of: unreadable, small, plain, falsified. */
export class NoCode extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** The hash and quality of a picture file. Throws NoCode. */
export async function hashPicture(file) {
  if (!(await tellsTheTruth(offscreen))) throw new NoCode("falsified");
  const found = await measure(file);
  if (found.quality < LEAST_QUALITY) throw new NoCode("plain");
  return found;
}

/** The same without a look at the canvas and at the quality. */
export async function measure(file) {
  const bitmap = await decoded(file);
  try {
    if (Math.min(bitmap.width, bitmap.height) < SMALLEST_SIDE) throw new NoCode("small");
    return hashed(bitmap);
  } finally {
    bitmap.close();
  }
}

async function decoded(file) {
  try {
    return await createImageBitmap(file);
  } catch {
    throw new NoCode("unreadable");
  }
}

export const offscreen = (width, height) => new OffscreenCanvas(width, height);

// On white, as it would look on a page; kept in ordinary memory, as it is read back.
function onWhite(canvas) {
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  return context;
}

// In strips, so that no canvas is larger than a telephone's browser allows.
function hashed(bitmap) {
  const { width, height } = bitmap;
  const making = new Pdq(width, height);
  const rows = Math.min(height, Math.max(1, Math.floor(STRIP_PIXELS / width)));
  const canvas = offscreen(width, rows);
  for (let top = 0; top < height; top += rows) {
    const deep = Math.min(rows, height - top);
    const context = onWhite(canvas);
    context.drawImage(bitmap, 0, top, width, deep, 0, 0, width, deep);
    making.take(context.getImageData(0, 0, width, deep).data);
  }
  return making.result();
}

// ---- Does the canvas give back what was drawn? -----------------------------------------------------
// Some browsers and add-ons change what is read from a canvas, so that nobody can be told by it. A hash of changed
// pixels finds nothing, and whoever sent it would not know.

const PATTERN_SIDE = 96;
export const PATTERN_HASH = "8b6803e02792ad1a8b6842e5da6ffc1f749739c3da6fce3c8b6803e027b2ad1a";

/** The pixels that are drawn and read back: blocks of many colours with fine noise, the same every time. */
export function pattern() {
  const pixels = new Uint8ClampedArray(PATTERN_SIDE * PATTERN_SIDE * 4);
  let chance = 1;
  for (let place = 0; place < pixels.length; place += 4) {
    const x = (place / 4) % PATTERN_SIDE;
    const y = Math.floor(place / 4 / PATTERN_SIDE);
    const block = ((x >> 4) * 5 + (y >> 4) * 11) % 13;
    for (let channel = 0; channel < 3; channel += 1) {
      chance = (Math.imul(chance, 1664525) + 1013904223) >>> 0;
      pixels[place + channel] = block * 18 + channel * 7 + (chance >>> 29);
    }
    pixels[place + 3] = 255;
  }
  return pixels;
}

/** Whether a canvas, made by `make(width, height)`, gives back exactly what is drawn on it. */
export async function tellsTheTruth(make) {
  const known = pattern();
  const drawn = new ImageData(known.slice(), PATTERN_SIDE, PATTERN_SIDE);
  const bitmap = await createImageBitmap(drawn);
  const context = onWhite(make(PATTERN_SIDE, PATTERN_SIDE));
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const read = context.getImageData(0, 0, PATTERN_SIDE, PATTERN_SIDE).data;
  if (read.some((value, place) => value !== known[place])) return false;
  const making = new Pdq(PATTERN_SIDE, PATTERN_SIDE);
  making.take(read);
  return making.result().hash === PATTERN_HASH;
}
