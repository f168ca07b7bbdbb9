// What the page and its worker say to each other.

/** Bytes; a larger file is not read: Python's memory in a browser is small. */
export const LARGEST_FILE = 16 * 1024 * 1024;

/** What is at a name in a directory. */
export type Entry =
  | { readonly kind: "file" }
  | { readonly kind: "directory" }
  | { readonly kind: "link"; readonly target: string };

/** The names in a directory, and what is there. */
export type Listing = ReadonlyMap<string, Entry>;

/** Paths of the app, relative to its root and separated by "/"; the root is "". */
export interface Paths {
  readonly directories: readonly string[];
  readonly files: readonly string[];
}

/** Parts of the app: the listings and contents that the worker asked for; null for what cannot be read. */
export interface Parts {
  readonly directories: ReadonlyMap<string, Listing | null>;
  readonly files: ReadonlyMap<string, Blob | null>;
}

/** One file of the page, and how large it is. */
export interface Served {
  readonly url: string;
  readonly bytes: number;
}

/** What the worker needs to start. */
export interface Start {
  readonly pyodide: string;
  /** For which Python and platform that is, as its lock file says. */
  readonly platform: { readonly python: string };
  readonly wheels: readonly string[];
  readonly modules: readonly string[];
  /** Everything that is loaded, for the progress bar. */
  readonly files: readonly Served[];
}

export type Request =
  | { readonly id: number; readonly action: "start"; readonly start: Start }
  | { readonly id: number; readonly action: "open" }
  | { readonly id: number; readonly action: "give"; readonly parts: Parts }
  | { readonly id: number; readonly action: "call"; readonly name: string; readonly given: unknown };

/** The result of a call: what Python returned and the files that it read for it, or what it has to know first. */
export type Called = { readonly result: unknown; readonly read: readonly string[] } | { readonly needed: Paths };

export type Message =
  | { readonly kind: "progress"; readonly loaded: number; readonly total: number }
  | { readonly kind: "done"; readonly id: number; readonly value: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly message: string };
