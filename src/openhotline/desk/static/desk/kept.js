// A decision outlives the browser: until the server has it, it is kept in this browser, encrypted. The key comes with
// the page of whoever decided and is kept nowhere here: nobody else who signs in can read it, nor can whoever opens the
// files of this machine. What is kept holds the answers, the number of the turn and the key by which the server does it
// once; no address, no picture, no name. It goes with the server's answer, whatever it says, and with signing out.

const NAME = "desk.unsent";
const LEFT_OUT = new Set(["csrfmiddlewaretoken"]);
let writing = Promise.resolve();

async function key() {
  const hex = document.body.dataset.keep;
  if (!hex || !globalThis.crypto?.subtle) return null;
  const bytes = Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

export function keep(url, fields) {
  const said = { url: new URL(url, location.href).pathname, fields: [...fields].filter(([name]) => !LEFT_OUT.has(name)) };
  writing = write(said).catch(() => {}); // a browser that keeps nothing: the page still has it
}

async function write(said) {
  const by = await key();
  if (!by) return;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, by, new TextEncoder().encode(JSON.stringify(said))));
  localStorage.setItem(NAME, btoa(String.fromCharCode(...iv, ...sealed)));
}

export function forget() {
  writing = writing.then(() => localStorage.removeItem(NAME)).catch(() => {});
}

// What was kept before this page came: { url, fields }, or null. What cannot be opened is somebody else's, and goes.
export async function kept() {
  let text;
  try {
    text = localStorage.getItem(NAME);
  } catch {
    return null;
  }
  const by = text && (await key());
  if (!by) return null;
  try {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes.slice(0, 12) }, by, bytes.slice(12));
    const { url, fields } = JSON.parse(new TextDecoder().decode(opened));
    return { url, fields: new URLSearchParams(fields) };
  } catch {
    forget();
    return null;
  }
}
