// PDQ, a fingerprint of what a picture looks like: 256 bits that a picture made a little smaller, or saved again,
// mostly keeps. The bits are not the picture; with much work a rough, blurred shape can be guessed from them.
//
// Written after "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm" (hashing.pdf, Meta, 2019) and
// its reference; every sum has the reference's order and single precision, so that the bits are those of the server.
//
// The reference is: Copyright (c) Meta Platforms, Inc. and affiliates. All rights reserved.
// Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
// following conditions are met: redistributions of source code must retain the above copyright notice, this list of
// conditions and the following disclaimer; redistributions in binary form must reproduce them in the documentation
// and/or other materials provided with the distribution; neither the name Meta nor the names of its contributors may
// be used to endorse or promote products derived from this software without specific prior written permission.
// THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,
// INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
// DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
// SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
// SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY,
// WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
// OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.

const SIDE = 64; // of the small picture that is hashed
const KEPT = 16; // frequencies a side that make the bits
export const SMALLEST_SIDE = 5; // pixels; anything smaller has no hash
const single = Math.fround;

/** Put the grey values of RGBA bytes into `luma` from place `start` on: 0.299, 0.587 and 0.114 of the colours. */
export function greyInto(luma, start, bytes) {
  for (let pixel = start, byte = 0; byte < bytes.length; pixel += 1, byte += 4) {
    luma[pixel] = (299 * bytes[byte] + 587 * bytes[byte + 1] + 114 * bytes[byte + 2]) / 1000;
  }
}

/** The hash (64 hex digits) and quality (0..100) of grey values, row by row in a Float32Array, which is used up. */
export function pdq(luma, width, height) {
  if (Math.min(width, height) < SMALLEST_SIDE) return { hash: "0".repeat(64), quality: 0 };
  for (let pass = 0; pass < 2; pass += 1) {
    boxAlongRows(luma, width, height);
    boxDownColumns(luma, width, height);
  }
  const small = sampled(luma, width, height);
  return { hash: bitsOf(frequencies(small)), quality: qualityOf(small) };
}

// Half of a 64th of the side, rounded up.
const windowOf = (length) => Math.floor((length + 2 * SIDE - 1) / (2 * SIDE));
const reachOf = (window) => ((window + 2) >> 1) - 1;
const inside = (last, length, window) => Math.min(last, length - 1) - Math.max(last - window, -1);

function boxAlongRows(luma, width, height) {
  const window = windowOf(width);
  const reach = reachOf(window);
  for (let start = 0; start < width * height; start += width) {
    const row = luma.slice(start, start + width);
    let sum = 0;
    for (let last = 0; last < width + reach; last += 1) {
      if (last < width) sum = single(sum + row[last]);
      if (last >= window) sum = single(sum - row[last - window]);
      if (last >= reach) luma[start + last - reach] = sum / inside(last, width, window);
    }
  }
}

function boxDownColumns(luma, width, height) {
  const window = windowOf(height);
  const reach = reachOf(window);
  const sums = new Float32Array(width);
  const before = new Float32Array(window * width); // the rows in the box, as they were
  for (let last = 0; last < height + reach; last += 1) {
    const slot = (last % window) * width;
    if (last < height) add(sums, luma.subarray(last * width, (last + 1) * width));
    if (last >= window) subtract(sums, before.subarray(slot, slot + width));
    if (last < height) before.set(luma.subarray(last * width, (last + 1) * width), slot);
    if (last >= reach) meansInto(luma, (last - reach) * width, sums, inside(last, height, window));
  }
}

function add(sums, row) {
  for (let x = 0; x < sums.length; x += 1) sums[x] += row[x];
}

function subtract(sums, row) {
  for (let x = 0; x < sums.length; x += 1) sums[x] -= row[x];
}

function meansInto(luma, start, sums, count) {
  for (let x = 0; x < sums.length; x += 1) luma[start + x] = sums[x] / count;
}

function sampled(luma, width, height) {
  const small = new Float32Array(SIDE * SIDE);
  for (let y = 0; y < SIDE; y += 1) {
    const row = Math.floor(((y + 0.5) * height) / SIDE) * width;
    for (let x = 0; x < SIDE; x += 1) small[y * SIDE + x] = luma[row + Math.floor(((x + 0.5) * width) / SIDE)];
  }
  return small;
}

const COSINES = Array.from({ length: KEPT }, (_, i) =>
  Float32Array.from({ length: SIDE }, (__, j) => single(Math.sqrt(2 / SIDE)) * Math.cos((Math.PI / 2 / SIDE) * (i + 1) * (2 * j + 1))),
);

function frequencies(small) {
  const half = new Float32Array(KEPT * SIDE);
  for (let i = 0; i < KEPT; i += 1) {
    for (let k = 0; k < SIDE; k += 1) {
      for (let j = 0; j < SIDE; j += 1) half[i * SIDE + j] += single(COSINES[i][k] * small[k * SIDE + j]);
    }
  }
  const found = new Float32Array(KEPT * KEPT);
  for (let i = 0; i < KEPT; i += 1) {
    for (let j = 0; j < KEPT; j += 1) {
      let sum = 0;
      for (let k = 0; k < SIDE; k += 1) sum = single(sum + single(half[i * SIDE + k] * COSINES[j][k]));
      found[i * KEPT + j] = sum;
    }
  }
  return found;
}

// A bit is set where a frequency is above the lower median; the last one is written first.
function bitsOf(found) {
  const median = found.slice().sort()[found.length / 2 - 1];
  let hash = "";
  for (let nibble = found.length / 4 - 1; nibble >= 0; nibble -= 1) {
    let value = 0;
    for (let bit = 3; bit >= 0; bit -= 1) value = value * 2 + Number(found[nibble * 4 + bit] > median);
    hash += value.toString(16);
  }
  return hash;
}

// The steps between neighbours in whole percent of the grey scale: a plain picture has few.
function qualityOf(small) {
  const step = (a, b) => Math.abs(Math.trunc(single(single(single(a - b) * 100) / 255)));
  let total = 0;
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      const here = small[y * SIDE + x];
      if (y + 1 < SIDE) total += step(here, small[(y + 1) * SIDE + x]);
      if (x + 1 < SIDE) total += step(here, small[y * SIDE + x + 1]);
    }
  }
  return Math.min(100, Math.floor(total / 90));
}
