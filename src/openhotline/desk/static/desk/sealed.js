// What this browser keeps for a person, encrypted. The key comes with the page of whoever is signed in and is kept
// nowhere here: nobody else who signs in can read it, nor can whoever opens the files of this machine. Where a browser
// keeps nothing, or has no secure page to encrypt on, the page alone has it.

let writing = Promise.resolve();

async function key() {
  const hex = document.body.dataset.keep;
  if (!hex || !globalThis.crypto?.subtle) return null;
  const bytes = Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

// One after the other, in the order in which they were asked for.
function next(step) {
  writing = writing.then(step).catch(() => {});
  return writing;
}

async function write(name, value) {
  const by = await key();
  if (!by) return;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, by, new TextEncoder().encode(JSON.stringify(value))));
  localStorage.setItem(name, btoa(String.fromCharCode(...iv, ...sealed)));
}

export const seal = (name, value) => next(() => write(name, value));
export const drop = (name) => next(() => localStorage.removeItem(name));

// Return what is kept under a name, or null. What cannot be opened is somebody else's, and goes.
export async function opened(name) {
  await writing;
  let text;
  try {
    text = localStorage.getItem(name);
  } catch {
    return null;
  }
  const by = text && (await key());
  if (!by) return null;
  try {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const open = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes.slice(0, 12) }, by, bytes.slice(12));
    return JSON.parse(new TextDecoder().decode(open));
  } catch {
    drop(name);
    return null;
  }
}
