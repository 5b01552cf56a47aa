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

/**
 * Hashes a picture of a known size out of its rows, from top to bottom, and holds few of them: two box filters along
 * the rows and two down the columns, of which only 64 x 64 means are kept.
 */
export class Pdq {
  constructor(width, height) {
    this.width = width;
    this.small = new Float32Array(SIDE * SIDE);
    const columns = places(width);
    const rows = places(height);
    this.second = new BoxDown(SIDE, height, (means, y) => {
      for (let place = rows.indexOf(y); place >= 0; place = rows.indexOf(y, place + 1)) this.small.set(means, place * SIDE);
    });
    const few = new Float32Array(SIDE);
    const boxed = new Float32Array(width);
    this.first = new BoxDown(width, height, (means) => {
      boxAlong(means, boxed);
      for (let place = 0; place < SIDE; place += 1) few[place] = boxed[columns[place]];
      this.second.take(few);
    });
    this.grey = new Float32Array(width);
    this.boxed = new Float32Array(width);
  }

  /** Take in whole rows as RGBA bytes. */
  take(bytes) {
    const step = this.width * 4;
    for (let start = 0; start < bytes.length; start += step) {
      greyInto(this.grey, bytes, start);
      boxAlong(this.grey, this.boxed);
      this.first.take(this.boxed);
    }
  }

  /** The hash (64 hex digits) and quality (0..100), once every row was taken in. */
  result() {
    this.first.end();
    this.second.end();
    return { hash: bitsOf(frequencies(this.small)), quality: qualityOf(this.small) };
  }
}

// 0.299, 0.587 and 0.114 of the colours, rounded once.
function greyInto(grey, bytes, start) {
  for (let x = 0, byte = start; x < grey.length; x += 1, byte += 4) {
    grey[x] = (299 * bytes[byte] + 587 * bytes[byte + 1] + 114 * bytes[byte + 2]) / 1000;
  }
}

// A box is half of a 64th of the side, rounded up, and reaches this far beyond its middle.
const windowOf = (length) => Math.floor((length + 2 * SIDE - 1) / (2 * SIDE));
const reachOf = (window) => ((window + 2) >> 1) - 1;
const inside = (last, length, window) => Math.min(last, length - 1) - Math.max(last - window, -1);
const places = (length) => Array.from({ length: SIDE }, (_, place) => Math.floor(((place + 0.5) * length) / SIDE));

function boxAlong(row, boxed) {
  const { length } = row;
  const window = windowOf(length);
  const reach = reachOf(window);
  let sum = 0;
  for (let last = 0; last < length + reach; last += 1) {
    if (last < length) sum = single(sum + row[last]);
    if (last >= window) sum = single(sum - row[last - window]);
    if (last >= reach) boxed[last - reach] = sum / inside(last, length, window);
  }
}

/** Boxes rows that come one by one along their columns, and hands each row of means to `made(means, y)`. */
class BoxDown {
  constructor(width, height, made) {
    this.height = height;
    this.window = windowOf(height);
    this.reach = reachOf(this.window);
    this.made = made;
    this.last = 0;
    this.sums = new Float32Array(width);
    this.means = new Float32Array(width);
    this.box = Array.from({ length: this.window }, () => new Float32Array(width)); // the rows in the box
  }

  take(row) {
    const { sums } = this;
    for (let x = 0; x < sums.length; x += 1) sums[x] += row[x];
    this.move(row);
  }

  end() {
    for (let left = 0; left < this.reach; left += 1) this.move(null);
  }

  move(row) {
    const { sums, means, window, last } = this;
    const oldest = this.box[last % window];
    if (last >= window) for (let x = 0; x < sums.length; x += 1) sums[x] -= oldest[x];
    if (row) oldest.set(row);
    if (last >= this.reach) {
      const count = inside(last, this.height, window);
      for (let x = 0; x < sums.length; x += 1) means[x] = sums[x] / count;
      this.made(means, last - this.reach);
    }
    this.last += 1;
  }
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
