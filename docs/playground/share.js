// A text and its choices as the fragment of a URL, which browsers send to nobody.

/** The most characters that a link may come to when it is opened: a short one can be made to come to very many. */
const MOST = 20_000_000;

async function through(stream, bytes, most) {
  const chunks = [];
  let size = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > most) {
      await reader.cancel();
      throw new Error("it is too large");
    }
    chunks.push(next.value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** The fragment, without `#`, that holds `shared`: an object of texts. */
export async function toFragment(shared) {
  const bytes = new TextEncoder().encode(JSON.stringify(shared));
  const packed = await through(new CompressionStream("deflate-raw"), bytes, Infinity);
  let text = "";
  for (const byte of packed) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What the fragment holds. Throws if it was not made by `toFragment`. */
export async function fromFragment(fragment) {
  const text = atob(fragment.replaceAll("-", "+").replaceAll("_", "/"));
  const packed = Uint8Array.from(text, (c) => c.charCodeAt(0));
  const bytes = await through(new DecompressionStream("deflate-raw"), packed, MOST);
  const shared = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  if (typeof shared?.text !== "string") throw new Error("there is no text in it");
  return shared;
}
