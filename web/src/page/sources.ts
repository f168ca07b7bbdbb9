// Where an app comes from: texts, a folder in one of the forms in which browsers give them. All are read on demand.

import type { Entry, Listing } from "../shared/protocol.js";

/** An app; paths are relative to its root and separated by "/", and the root is "". */
export interface Source {
  readonly name: string;
  /** The names in a directory; null where there is none, or it cannot be read. */
  list(path: string): Promise<Listing | null>;
  /** The content of a file; null where there is none, or it cannot be read. */
  file(path: string): Promise<Blob | null>;
}

const FILE: Entry = { kind: "file" };
const DIRECTORY: Entry = { kind: "directory" };

/** Directories and what is in them, from a flat list of paths; of a file and a directory at one path the first counts. */
export class Index<Content> {
  readonly #listings = new Map<string, Map<string, Entry>>([["", new Map()]]);
  readonly #contents = new Map<string, Content>();

  add(path: string, content: Content, entry: Entry = FILE): void {
    const parts = path.split("/").filter((part) => part !== "" && part !== ".");
    const name = parts.pop();
    if (name === undefined || name === ".." || parts.includes("..")) {
      return; // Outside of the app, where Heroku has nothing.
    }
    const listing = this.#directory(parts);
    if (listing && listing.get(name)?.kind !== "directory") {
      listing.set(name, entry);
      this.#contents.set([...parts, name].join("/"), content);
    }
  }

  addDirectory(path: string): void {
    this.#directory(path.split("/").filter((part) => part !== "" && part !== "."));
  }

  listing(path: string): Listing | null {
    return this.#listings.get(path) ?? null;
  }

  content(path: string): Content | undefined {
    return this.#contents.get(path);
  }

  #directory(parts: readonly string[]): Map<string, Entry> | null {
    let path = "";
    let listing = this.#listings.get("") as Map<string, Entry>;
    for (const part of parts) {
      if ((listing.get(part)?.kind ?? "directory") !== "directory") {
        return null;
      }
      listing.set(part, DIRECTORY);
      path = path ? `${path}/${part}` : part;
      const below: Map<string, Entry> = this.#listings.get(path) ?? new Map();
      this.#listings.set(path, below);
      listing = below;
    }
    return listing;
  }
}

/** Files of which all names are known. */
class IndexedFiles implements Source {
  readonly name: string;
  readonly #index = new Index<Blob>();

  constructor(name: string, files: Iterable<readonly [string, Blob]>) {
    this.name = name;
    for (const [path, content] of files) {
      this.#index.add(path, content);
    }
  }

  async list(path: string): Promise<Listing | null> {
    return this.#index.listing(path);
  }

  async file(path: string): Promise<Blob | null> {
    return this.#index.content(path) ?? null;
  }
}

/** A file of an app that is given as such. */
export interface Given {
  readonly path: string;
  readonly content: string | Uint8Array<ArrayBuffer>;
}

/** An app of texts. */
export function givenFiles(name: string, files: Iterable<Given>): Source {
  return new IndexedFiles(
    name,
    Array.from(files, ({ path, content }) => [path, new Blob([content])] as const),
  );
}

/** A folder as `<input webkitdirectory>` gives it, or files that were chosen one by one. */
export function listedFiles(files: readonly File[]): Source {
  const first = files[0]?.webkitRelativePath ?? "";
  const root = first.slice(0, first.indexOf("/") + 1);
  return new IndexedFiles(
    root.slice(0, -1) || "These files",
    files.map((file) => [file.webkitRelativePath.slice(root.length) || file.name, file] as const),
  );
}

/** A folder that was dropped. */
export class DroppedFolder implements Source {
  readonly name: string;
  readonly #root: FileSystemDirectoryEntry;

  constructor(root: FileSystemDirectoryEntry) {
    this.#root = root;
    this.name = root.name;
  }

  async list(path: string): Promise<Listing | null> {
    const found = await this.#entry((got, failed) => this.#root.getDirectory(path, {}, got, failed));
    if (!found?.isDirectory) {
      return null;
    }
    const reader = (found as FileSystemDirectoryEntry).createReader();
    const listing = new Map<string, Entry>();
    try {
      for (;;) {
        // A browser gives a hundred or so at a time.
        const some = await new Promise<FileSystemEntry[]>((got, failed) => reader.readEntries(got, failed));
        if (some.length === 0) {
          return listing;
        }
        for (const entry of some) {
          listing.set(entry.name, entry.isDirectory ? DIRECTORY : FILE);
        }
      }
    } catch {
      return null;
    }
  }

  async file(path: string): Promise<Blob | null> {
    const found = await this.#entry((got, failed) => this.#root.getFile(path, {}, got, failed));
    if (!found?.isFile) {
      return null;
    }
    return new Promise((got) => {
      (found as FileSystemFileEntry).file(got, () => got(null));
    });
  }

  #entry(ask: (got: (entry: FileSystemEntry) => void, failed: () => void) => void): Promise<FileSystemEntry | null> {
    return new Promise((got) => {
      ask(got, () => got(null));
    });
  }
}

/** A folder that was picked where browsers have a picker for that. */
export class PickedFolder implements Source {
  readonly name: string;
  readonly #root: FileSystemDirectoryHandle;

  constructor(root: FileSystemDirectoryHandle) {
    this.#root = root;
    this.name = root.name;
  }

  async list(path: string): Promise<Listing | null> {
    try {
      const directory = await this.#directory(path.split("/").filter(Boolean));
      const listing = new Map<string, Entry>();
      for await (const [name, handle] of directory.entries()) {
        listing.set(name, handle.kind === "directory" ? DIRECTORY : FILE);
      }
      return listing;
    } catch {
      return null;
    }
  }

  async file(path: string): Promise<Blob | null> {
    const parts = path.split("/");
    const name = parts.pop() ?? "";
    try {
      return await (await (await this.#directory(parts)).getFileHandle(name)).getFile();
    } catch {
      return null;
    }
  }

  async #directory(parts: readonly string[]): Promise<FileSystemDirectoryHandle> {
    let directory = this.#root;
    for (const part of parts) {
      directory = await directory.getDirectoryHandle(part);
    }
    return directory;
  }
}

/** A folder from a disk: nearly always a part of a working tree of git, whose rules count even where it ends above. */
export class WorkingTree implements Source {
  readonly name: string;
  readonly #folder: Source;

  constructor(folder: Source) {
    this.name = folder.name;
    this.#folder = folder;
  }

  async list(path: string): Promise<Listing | null> {
    const listing = await this.#folder.list(path);
    return path === "" && listing && !listing.has(".git") ? new Map([...listing, [".git", DIRECTORY]]) : listing;
  }

  file(path: string): Promise<Blob | null> {
    return this.#folder.file(path);
  }
}

/** A folder of another source. */
export class Subfolder implements Source {
  readonly name: string;
  readonly #source: Source;
  readonly #path: string;

  constructor(name: string, source: Source, path: string) {
    this.name = name;
    this.#source = source;
    this.#path = path;
  }

  list(path: string): Promise<Listing | null> {
    return this.#source.list(path ? `${this.#path}/${path}` : this.#path);
  }

  file(path: string): Promise<Blob | null> {
    return this.#source.file(`${this.#path}/${path}`);
  }
}
