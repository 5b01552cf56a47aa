// Hashes pictures beside the page, one after another, so that the page stays alive. It asks the network for nothing:
// once it has said that it is ready, it works in flight mode.

import { NoCode, hashPicture, offscreen, tellsTheTruth } from "./picture.js";

self.addEventListener("message", async ({ data: { number, file } }) => {
  postMessage({ number, ...(await answer(file)) });
});

async function answer(file) {
  try {
    return await hashPicture(file);
  } catch (error) {
    return { reason: error instanceof NoCode ? error.reason : "unreadable" };
  }
}

async function begin() {
  try {
    return (await tellsTheTruth(offscreen)) ? "ready" : "falsified";
  } catch {
    return "unable";
  }
}

postMessage({ state: await begin() });
