// What is known of the app's files, and what somebody asked for that is not known yet.

import { type Entry, LARGEST_FILE, type Listing, type Parts, type Paths } from "../shared/protocol.js";

/** Why there is nothing to read. */
export type Refusal = "unknown" | "unreadable" | "too large";

export class Folder {
  readonly #listings = new Map<string, Listing | null>();
  readonly #blobs = new Map<string, Blob | null>();
  readonly #contents = new Map<string, Uint8Array>();
  readonly #directories = new Set<string>();
  readonly #files = new Set<string>();

  /** The names in a directory; null where it cannot be read, or is not known yet: then it is asked for. */
  list(path: string): Listing | null {
    const known = this.#listings.get(path);
    if (known === undefined) {
      this.#directories.add(path);
    }
    return known ?? null;
  }

  entry(directory: string, name: string): Entry | undefined {
    return this.list(directory)?.get(name);
  }

  /** Bytes of a file; 0 where that is not known yet. */
  size(path: string): number {
    return this.#blobs.get(path)?.size ?? 0;
  }

  /** The content of a file, or why there is none; what is not known yet is asked for. */
  read(path: string): Uint8Array | Refusal {
    const known = this.#contents.get(path);
    if (known) {
      return known;
    }
    const blob = this.#blobs.get(path);
    if (blob === undefined) {
      this.#files.add(path);
      return "unknown";
    }
    if (blob === null) {
      return "unreadable";
    }
    if (blob.size > LARGEST_FILE) {
      return "too large";
    }
    try {
      const content = new Uint8Array(new FileReaderSync().readAsArrayBuffer(blob));
      this.#contents.set(path, content);
      return content;
    } catch {
      return "unreadable"; // It was changed or removed since it was chosen.
    }
  }

  give(parts: Parts): void {
    for (const [path, listing] of parts.directories) {
      this.#listings.set(path, listing);
    }
    for (const [path, blob] of parts.files) {
      this.#blobs.set(path, blob);
    }
  }

  /** Forget what was asked for. */
  begin(): void {
    this.#directories.clear();
    this.#files.clear();
  }

  /** What was asked for since `begin`, and is not known; null where all was known. */
  get needed(): Paths | null {
    if (this.#directories.size + this.#files.size === 0) {
      return null;
    }
    return { directories: [...this.#directories], files: [...this.#files] };
  }

  /** The files whose contents were read, sorted. */
  get filesRead(): readonly string[] {
    return [...this.#contents.keys()].sort();
  }
}
