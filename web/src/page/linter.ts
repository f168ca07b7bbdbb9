// The linter in its worker, as the page sees it.

import type { Called, Message, Parts, Paths, Request, Start } from "../shared/protocol.js";
import type { Source } from "./sources.js";

/** An app: the root of a source, or a directory in it. */
export interface ChosenApp {
  readonly source: Source;
  /** Empty for the root. */
  readonly directory: string;
}

export function nameOf({ source, directory }: ChosenApp): string {
  return directory ? `${source.name}/${directory}` : source.name;
}

/** What the linter says of an app, as `judge` of the Python module returns it. */
export interface Judgement {
  readonly verdict: string;
  readonly answer: string;
  readonly sentence: string;
  /** Symbolic links of the app that the browser does not show. */
  readonly hidden_links: readonly string[];
  readonly is_app: boolean;
  readonly report: string;
  readonly plan: string;
  readonly fixes: readonly Fix[];
}

export interface Fix {
  /** The number of the finding that it fixes. */
  readonly finding: number;
  readonly check: string;
  readonly place: string;
  readonly description: string;
  readonly safe: boolean;
}

export interface Patch {
  /** Base64: files are bytes. */
  readonly patch: string;
  readonly fixed: number;
  readonly files: readonly string[];
  readonly refusals: readonly string[];
}

export interface About {
  readonly version: string;
  readonly data_until: string;
  readonly first_day: string;
  readonly stacks: readonly string[];
  readonly releases: readonly string[];
}

/** The settings cannot be used. */
export interface Refused {
  readonly refused: readonly string[];
}

export interface Judged {
  readonly result: Judgement | Refused;
  readonly read: readonly string[];
}

export interface Example {
  readonly files: Readonly<Record<string, string | { readonly base64: string }>>;
  readonly settings: Settings;
}

export type Settings = Readonly<Record<string, string>>;

/** Each round shows Python some more of the app. */
const MOST_ROUNDS = 500;

type Result = Extract<Called, { result: unknown }>;
type Asked = Request extends infer R ? (R extends Request ? Omit<R, "id"> : never) : never;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export class Linter {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  /** Fails when the worker ends. */
  readonly #ended: Promise<never>;
  #end!: (error: Error) => void;
  #number = 0;

  /**
   * @param address - of the worker's module
   * @param progress - is told how many bytes of how many are loaded
   */
  constructor(address: string, progress: (loaded: number, total: number) => void) {
    this.#ended = new Promise((_, reject) => {
      this.#end = reject;
    });
    this.#ended.catch(() => undefined); // Nobody may be waiting.
    // From a blob, because then the worker inherits the page's Content-Security-Policy.
    const code = new Blob([`import ${JSON.stringify(address)};`], { type: "text/javascript" });
    const url = URL.createObjectURL(code);
    this.#worker = new Worker(url, { type: "module" });
    this.#worker.addEventListener("message", ({ data }: MessageEvent<Message>) => {
      if (data.kind === "progress") {
        progress(data.loaded, data.total);
        return;
      }
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.kind === "done") {
        waiting?.resolve(data.value);
      } else {
        waiting?.reject(new Error(data.message));
      }
    });
    this.#worker.addEventListener("error", (event) => this.#fail(event.message || "the worker could not be started"));
  }

  async start(start: Start): Promise<About> {
    await this.#ask({ action: "start", start });
    return (await this.#called("about", {})).result as About;
  }

  /** The first example in which a check reports something; null where there is none. */
  async example(check: string): Promise<Example | null> {
    return (await this.#called("example", { check })).result as Example | null;
  }

  /** Take another app; what was known of the last one is forgotten. */
  async open(): Promise<void> {
    await this.#ask({ action: "open" });
  }

  /** The judgement, and the files that the linter read. */
  async judge(app: ChosenApp, settings: Settings): Promise<Judged> {
    const given = { name: nameOf(app), directory: app.directory, settings };
    return (await this.#called("judge", given, app.source)) as Judged;
  }

  /** The patch for one finding, by its number, or for all. */
  async patch(app: ChosenApp, settings: Settings, finding: number | null, unsafe: boolean): Promise<Patch> {
    const given = { directory: app.directory, settings, finding, unsafe };
    return (await this.#called("patch", given, app.source)).result as Patch;
  }

  /** End the worker, whatever it is doing. */
  stop(): void {
    this.#worker.terminate();
    this.#fail("Stopped.");
  }

  /** Call a function of Python, and give it what it has to see of the app, until it is content. */
  async #called(name: string, given: unknown, source?: Source): Promise<Result> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const called = (await this.#ask({ action: "call", name, given })) as Called;
      if ("result" in called) {
        return called;
      }
      await this.#give(source, called.needed);
    }
    throw new Error("the app never stops asking for more of its files");
  }

  async #give(source: Source | undefined, needed: Paths): Promise<void> {
    if (!source) {
      throw new Error("there is no app");
    }
    // A disk may never answer, such as one behind a network.
    const parts = await Promise.race([partsOf(source, needed), this.#ended]);
    await this.#ask({ action: "give", parts });
  }

  #ask(asked: Asked): Promise<unknown> {
    const id = this.#number++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ ...asked, id } satisfies Request);
    });
  }

  #fail(message: string): void {
    this.#end(new Error(message));
    for (const waiting of this.#waiting.values()) {
      waiting.reject(new Error(message));
    }
    this.#waiting.clear();
  }
}

async function partsOf(source: Source, needed: Paths): Promise<Parts> {
  const [directories, files] = await Promise.all([
    Promise.all(needed.directories.map(async (path) => [path, await source.list(path)] as const)),
    Promise.all(needed.files.map(async (path) => [path, await source.file(path)] as const)),
  ]);
  return { directories: new Map(directories), files: new Map(files) };
}
