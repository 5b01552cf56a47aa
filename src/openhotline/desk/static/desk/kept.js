// A decision outlives the browser: until the server has it, it is kept in this browser, sealed (sealed.js). What is kept
// holds the answers, the number of the turn and the key by which the server does it once; no address, no picture, no
// name. It goes with the server's answer, whatever it says, and with signing out.

import { drop, opened, seal } from "./sealed.js";

const NAME = "desk.unsent";
const LEFT_OUT = new Set(["csrfmiddlewaretoken"]);

export function keep(url, fields) {
  seal(NAME, { url: new URL(url, location.href).pathname, fields: [...fields].filter(([name]) => !LEFT_OUT.has(name)) });
}

export function forget() {
  drop(NAME);
}

// What was kept before this page came: { url, fields }, or null.
export async function kept() {
  const found = await opened(NAME);
  return found && { url: found.url, fields: new URLSearchParams(found.fields) };
}
