// Reads an app out of a zip archive: the list of its files at once, and a file when it is asked for.

import { type Entry, LARGEST_FILE, type Listing } from "../shared/protocol.js";
import { crc32 } from "./checksum.js";
import { Index, type Source, Subfolder } from "./sources.js";

const LONGEST_COMMENT = 65535;
const END = { signature: 0x06054b50, size: 22 };
const RECORD = { signature: 0x02014b50, size: 46 };
const LOCAL = { signature: 0x04034b50, size: 30 };
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
const IS_UTF8 = 0x800;
const UNIX = 3;
const TYPE_OF_MODE = 0o170000;
const LINK = 0o120000;
/** Where there is a larger number than fits, which stands in another record. */
const ELSEWHERE = 0xffffffff;

interface Member {
  readonly method: number;
  readonly checksum: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/**
 * Open an archive. Where all files are in one folder, as in what GitHub packs, that is the app.
 *
 * @throws Error - it is no zip archive, is damaged, or of a kind that is not read; the message says so
 */
export async function openZip(name: string, blob: Blob): Promise<Source> {
  const archive = new ZipArchive(name.replace(/\.zip$/i, ""), blob, await readDirectory(blob));
  await archive.followLinks();
  const names = [...((await archive.list("")) ?? new Map<string, Entry>())].filter(([each]) => each !== "__MACOSX");
  const [only] = names;
  return names.length === 1 && only?.[1].kind === "directory" ? new Subfolder(only[0], archive, only[0]) : archive;
}

class ZipArchive implements Source {
  readonly name: string;
  readonly #blob: Blob;
  readonly #index = new Index<Member>();
  readonly #links: [string, Member][] = [];

  constructor(name: string, blob: Blob, members: Iterable<[string, Member, boolean]>) {
    this.name = name;
    this.#blob = blob;
    for (const [path, member, isLink] of members) {
      if (path.endsWith("/")) {
        this.#index.addDirectory(path);
      } else {
        this.#index.add(path, member);
        if (isLink) {
          this.#links.push([path, member]);
        }
      }
    }
  }

  /** Read the targets of symbolic links, which are their contents. */
  async followLinks(): Promise<void> {
    for (const [path, member] of this.#links) {
      const target = await this.#unpacked(member);
      if (target) {
        this.#index.add(path, member, { kind: "link", target: await target.text() });
      }
    }
  }

  async list(path: string): Promise<Listing | null> {
    return this.#index.listing(path);
  }

  async file(path: string): Promise<Blob | null> {
    const member = this.#index.content(path);
    return member ? this.#unpacked(member) : null;
  }

  /** The content of a member; null where it is damaged. */
  async #unpacked({ method, checksum, packed, size, offset }: Member): Promise<Blob | null> {
    if (size > LARGEST_FILE) {
      return new Blob([new Uint8Array(LARGEST_FILE + 1)]); // Nobody reads it.
    }
    const head = await view(this.#blob, offset, LOCAL.size);
    if (head.byteLength < LOCAL.size || head.getUint32(0, true) !== LOCAL.signature) {
      return null;
    }
    const start = offset + LOCAL.size + head.getUint16(26, true) + head.getUint16(28, true);
    const data = this.#blob.slice(start, start + packed);
    const content = await filled(method === STORED ? data.stream() : inflated(data), size);
    return content && crc32(content) === checksum ? new Blob([content]) : null;
  }
}

function inflated(data: Blob): ReadableStream<Uint8Array> {
  return data.stream().pipeThrough(new DecompressionStream("deflate-raw"));
}

/** What is in a stream; null where that is damaged, or another number of bytes. */
async function filled(stream: ReadableStream<Uint8Array>, size: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const content = new Uint8Array(size);
  const reader = stream.getReader();
  let position = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return position === size ? content : null;
      }
      content.set(value, position); // Throws where it does not fit.
      position += value.length;
    }
  } catch {
    await reader.cancel().catch(() => undefined);
    return null;
  }
}

/** The members of an archive: path, where the content is, and whether it is a symbolic link. */
async function readDirectory(blob: Blob): Promise<[string, Member, boolean][]> {
  const tail = await view(blob, Math.max(0, blob.size - END.size - LONGEST_COMMENT), blob.size);
  const end = findEnd(tail);
  if (end === null) {
    throw new Error("is not a zip archive, or only the beginning of one");
  }
  const count = tail.getUint16(end + 10, true);
  const size = tail.getUint32(end + 12, true);
  const offset = tail.getUint32(end + 16, true);
  if (count === 0xffff || offset === ELSEWHERE) {
    throw new Error("is a zip archive with more than 65534 files, or larger than 4 GB, which this page does not read");
  }
  const directory = await view(blob, offset, size);
  const members: [string, Member, boolean][] = [];
  for (let at = 0; members.length < count; ) {
    if (at + RECORD.size > directory.byteLength || directory.getUint32(at, true) !== RECORD.signature) {
      throw new Error("is a damaged zip archive");
    }
    const [member, length] = readRecord(directory, at);
    members.push(member);
    at += length;
  }
  return members;
}

function findEnd(tail: DataView): number | null {
  for (let at = tail.byteLength - END.size; at >= 0; at--) {
    if (tail.getUint32(at, true) === END.signature) {
      return at;
    }
  }
  return null;
}

/** A member, and how long its record is. */
function readRecord(directory: DataView, at: number): [[string, Member, boolean], number] {
  const flags = directory.getUint16(at + 8, true);
  const method = directory.getUint16(at + 10, true);
  const nameLength = directory.getUint16(at + 28, true);
  const length = RECORD.size + nameLength + directory.getUint16(at + 30, true) + directory.getUint16(at + 32, true);
  if (at + length > directory.byteLength) {
    throw new Error("is a damaged zip archive");
  }
  const bytes = new Uint8Array(directory.buffer, directory.byteOffset + at + RECORD.size, nameLength);
  const path = new TextDecoder(flags & IS_UTF8 ? "utf-8" : "latin1").decode(bytes).replaceAll("\\", "/");
  if (flags & ENCRYPTED) {
    throw new Error("is an encrypted zip archive, which this page does not read");
  }
  if (method !== STORED && method !== DEFLATED) {
    throw new Error(`is a zip archive that packs ${path} in a way which this page does not read (method ${method})`);
  }
  const mode = directory.getUint8(at + 5) === UNIX ? directory.getUint16(at + 40, true) : 0;
  const member = {
    method,
    checksum: directory.getUint32(at + 16, true),
    packed: directory.getUint32(at + 20, true),
    size: directory.getUint32(at + 24, true),
    offset: directory.getUint32(at + 42, true),
  };
  return [[path, member, (mode & TYPE_OF_MODE) === LINK], length];
}

async function view(blob: Blob, start: number, length: number): Promise<DataView<ArrayBuffer>> {
  return new DataView(await blob.slice(start, start + length).arrayBuffer());
}
