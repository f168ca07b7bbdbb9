// Links that hold an app: everything stands after the "#", which browsers send to nobody.

import type { Settings } from "./linter.js";
import { FIELDS } from "./settings.js";
import type { Given } from "./sources.js";

/** What a link asks for. */
export interface Shared {
  readonly settings: Settings;
  readonly files: readonly Given[];
  /** A folder of examples, or a check whose example is shown. */
  readonly example: string | null;
  readonly check: string | null;
}

const FILES = "files";
const EXAMPLE = "example";
const CHECK = "check";

type Packed = Record<string, string | { readonly base64: string }>;

/** The part of a link after the "#" for some files and settings. */
export async function fragmentOf(files: readonly Given[], settings: Settings): Promise<string> {
  const parameters = new URLSearchParams(settings);
  if (files.length > 0) {
    const packed: Packed = Object.fromEntries(files.map(({ path, content }) => [path, packedContent(content)]));
    const text = new Blob([JSON.stringify(packed)]);
    parameters.set(FILES, toBase64Url(await bytesOf(text.stream().pipeThrough(new CompressionStream("deflate-raw")))));
  }
  return parameters.toString();
}

/**
 * What a link asks for, from its part after the "#".
 *
 * @throws Error - it is damaged
 */
export async function readFragment(fragment: string): Promise<Shared> {
  const parameters = new URLSearchParams(fragment);
  const settings = Object.fromEntries([...parameters].filter(([name]) => FIELDS.includes(name)));
  const packed = parameters.get(FILES);
  const files = packed === null ? [] : await unpackedFiles(packed);
  return { settings, files, example: parameters.get(EXAMPLE), check: parameters.get(CHECK) };
}

async function unpackedFiles(packed: string): Promise<Given[]> {
  try {
    const inflated = new Blob([fromBase64Url(packed)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const files: Packed = JSON.parse(new TextDecoder().decode(await bytesOf(inflated)));
    return Object.entries(files).map(([path, content]) => ({
      path,
      content: typeof content === "string" ? content : fromBase64(content.base64),
    }));
  } catch {
    throw new Error("This link is damaged: perhaps only a part of it was copied.");
  }
}

/** Text where the bytes are text, which packs better. */
function packedContent(content: Given["content"]): string | { base64: string } {
  return typeof content === "string" ? content : { base64: toBase64(content) };
}

async function bytesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
}
