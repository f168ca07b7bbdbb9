// A file system for Python over a `Folder`: Python reads the app as it reads any directory.

import type { Entry } from "../shared/protocol.js";
import type { Folder, Refusal } from "./folder.js";

// As in the system calls of WebAssembly (WASI).
const ERRORS: Record<Refusal | "missing", number> = { unknown: 29, unreadable: 2, "too large": 22, missing: 44 };
const MODES = { directory: 0o040755, file: 0o100644, link: 0o120777 };

interface Node {
  readonly id: number;
  readonly name: string;
  readonly parent: Node;
  readonly mount: { readonly opts: { readonly folder: Folder } };
  mode: number;
  node_ops: unknown;
  stream_ops: unknown;
  entry: Entry;
  path: string;
}

interface Stream {
  readonly node: Node;
  position: number;
}

/** As much of Emscripten's FS as is used here. */
export interface FileSystems {
  createNode(parent: Node | null, name: string, mode: number, device: number): Node;
  mkdir(path: string): void;
  mount(type: unknown, options: { folder: Folder }, path: string): void;
  unmount(path: string): void;
  rmdir(path: string): void;
  readonly ErrnoError: new (errno: number) => Error;
}

/** Mount an app for reading. */
export function mount(systems: FileSystems, folder: Folder, path: string): void {
  systems.mkdir(path);
  systems.mount(appFiles(systems), { folder }, path);
}

export function unmount(systems: FileSystems, path: string): void {
  systems.unmount(path);
  systems.rmdir(path);
}

function appFiles(systems: FileSystems): unknown {
  const folderOf = (node: Node): Folder => node.mount.opts.folder;
  const refused = (why: Refusal | "missing"): Error => new systems.ErrnoError(ERRORS[why]);

  function made(parent: Node | null, name: string, entry: Entry): Node {
    const node = systems.createNode(parent, name, MODES[entry.kind], 0);
    node.entry = entry;
    node.path = parent?.path ? `${parent.path}/${name}` : parent ? name : "";
    node.node_ops = nodes;
    node.stream_ops = streams;
    return node;
  }

  const nodes = {
    getattr(node: Node) {
      const size = node.entry.kind === "link" ? node.entry.target.length : folderOf(node).size(node.path);
      const time = new Date(0);
      const times = { atime: time, mtime: time, ctime: time };
      const owner = { dev: 1, ino: node.id, nlink: 1, uid: 0, gid: 0, rdev: 0 };
      return { ...owner, mode: node.mode, size, ...times, blksize: 4096, blocks: Math.ceil(size / 4096) };
    },
    lookup(parent: Node, name: string): Node {
      const entry = folderOf(parent).entry(parent.path, name);
      if (!entry) {
        throw refused("missing");
      }
      return made(parent, name, entry);
    },
    readdir(node: Node): string[] {
      return [".", "..", ...(folderOf(node).list(node.path)?.keys() ?? [])];
    },
    readlink(node: Node): string {
      return node.entry.kind === "link" ? node.entry.target : "";
    },
  };

  // Without `open`: a file that fails to open would keep its number, and there are few of them.
  const streams = {
    read({ node }: Stream, buffer: Uint8Array, offset: number, length: number, position: number): number {
      const content = folderOf(node).read(node.path);
      if (typeof content === "string") {
        throw refused(content);
      }
      const chunk = content.subarray(position, position + length);
      buffer.set(chunk, offset);
      return chunk.length;
    },
    llseek({ node, position }: Stream, offset: number, whence: number): number {
      return offset + (whence === 1 ? position : whence === 2 ? folderOf(node).size(node.path) : 0);
    },
  };

  return { mount: () => made(null, "/", { kind: "directory" }) };
}
