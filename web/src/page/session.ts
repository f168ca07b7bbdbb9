// One visit: the linter while it loads and works, the app that was chosen last, and what is said about both.

import type { Start } from "../shared/protocol.js";
import { AnswerView } from "./answer.js";
import { button, bytesText, counted, find } from "./dom.js";
import { keepAll, startKeeping } from "./keep.js";
import { type About, type ChosenApp, Linter, nameOf } from "./linter.js";
import type { SettingsForm } from "./settings.js";
import { fromBase64 } from "./share.js";
import type { Given, Source } from "./sources.js";

/** What the build of the page writes into it. */
interface Build extends Omit<Start, "files"> {
  readonly worker: string;
  readonly service: string;
  readonly examples: string;
  readonly example_names: readonly string[];
  readonly example_day: string;
  readonly sizes: Readonly<Record<string, number>>;
}

type Packed = Readonly<Record<string, string | { readonly base64: string }>>;

/** Files that tell that a directory holds an app. */
const MARKS = ["requirements.txt", "pyproject.toml", "Pipfile", "poetry.lock", "uv.lock", "setup.py", "manage.py"];
const MOST_FOLDERS = 50;

const absolute = (path: string): string => new URL(path, document.baseURI).href;

export class Session {
  readonly settings: SettingsForm;
  readonly #answer: AnswerView;
  readonly #build: Build = JSON.parse(find("build").textContent ?? "");
  #linter!: Linter;
  #started!: Promise<About>;
  #app: ChosenApp | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(settings: SettingsForm) {
    this.#answer = new AnswerView((work) => this.during(work));
    this.settings = settings;
    find("stop").addEventListener("click", () => {
      this.#linter.stop();
      this.start();
    });
  }

  get exampleNames(): readonly string[] {
    return this.#build.example_names;
  }

  get exampleDay(): string {
    return this.#build.example_day;
  }

  /** Load Python, with everything that is kept for the next visit. */
  start(): void {
    const progress = find<HTMLProgressElement>("progress");
    const doing = find("doing");
    find("loading").hidden = false;
    this.#linter = new Linter(absolute(this.#build.worker), (loaded, total) => {
      progress.max = total;
      progress.value = loaded;
      doing.textContent =
        loaded < total ? `Loading Python: ${bytesText(loaded)} of ${bytesText(total)}` : "Starting Python";
    });
    this.#started = this.#load();
    this.#started.catch((error: unknown) => this.#complain(error));
  }

  async #load(): Promise<About> {
    const { service, pyodide, platform, wheels, modules, sizes } = this.#build;
    try {
      await startKeeping(absolute(service));
      const about = await this.#linter.start({
        pyodide: absolute(pyodide),
        platform,
        wheels: wheels.map(absolute),
        modules: modules.map(absolute),
        files: Object.entries(sizes).map(([url, bytes]) => ({ url: absolute(url), bytes })),
      });
      find("version").textContent = `${about.version}, knows Heroku's releases up to ${about.data_until}`;
      this.settings.fill(about);
      keepAll();
      return about;
    } finally {
      find("loading").hidden = true;
    }
  }

  /** Do something when everything before it is done, and say what goes wrong. */
  during(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(async () => {
      find("error").textContent = "";
      try {
        await work();
      } catch (error) {
        this.#complain(error);
      } finally {
        find("stop").hidden = true;
      }
    });
    return this.#last;
  }

  async judge(source: Source, directory = ""): Promise<void> {
    const app = { source, directory };
    const name = nameOf(app);
    this.#app = app;
    this.#answer.hide();
    this.#say(`${name} is judged as soon as Python is loaded.`);
    await this.#started;
    this.#say(`Judging ${name}.`);
    find("stop").hidden = false;
    const linter = this.#linter;
    const settings = this.settings.values;
    await linter.open();
    const { result: judgement, read } = await linter.judge(app, settings);
    if ("refused" in judgement) {
      this.#say("");
      throw new Error(judgement.refused.join("\n"));
    }
    this.#answer.show({
      app,
      settings,
      judgement,
      read,
      patch: (finding, unsafe) => linter.patch(app, settings, finding, unsafe),
    });
    this.#say(`${judgement.answer}: ${judgement.sentence}. ${counted(read.length, "file", "files")} read.`);
    find("answer").focus({ preventScroll: true });
    find("status").scrollIntoView({ block: "start" });
    if (!judgement.is_app) {
      await this.#offerFolders(app);
    }
  }

  /** Judge the same app by other settings. */
  judgeAgain(): Promise<void> {
    const app = this.#app;
    return app ? this.during(() => this.judge(app.source, app.directory)) : Promise.resolve();
  }

  /** The files of one of the folders of examples. */
  async example(name: string): Promise<Given[]> {
    const examples: Record<string, Packed> = await (await fetch(absolute(this.#build.examples))).json();
    const files = examples[name];
    if (!files) {
      throw new Error(`There is no example ${name}.`);
    }
    return unpacked(files);
  }

  /** The files of the first example in which a check reports something, with the settings for it. */
  async exampleOf(check: string): Promise<Given[]> {
    await this.#started;
    const example = await this.#linter.example(check);
    if (!example) {
      throw new Error(`There is no check ${check} with an example.`);
    }
    this.settings.set({ ...example.settings, ...this.settings.values });
    return unpacked(example.files);
  }

  /** What is no app may have one in a directory. */
  async #offerFolders({ source, directory }: ChosenApp): Promise<void> {
    const listing = (await source.list(directory)) ?? new Map();
    const folders = [...listing].filter(([name, entry]) => entry.kind === "directory" && !name.startsWith("."));
    for (const [name] of folders.slice(0, MOST_FOLDERS)) {
      const path = directory ? `${directory}/${name}` : name;
      const inside = await source.list(path);
      if (inside && MARKS.some((mark) => inside.has(mark))) {
        find("error").append(button(`Judge ${name}/ instead`, () => void this.during(() => this.judge(source, path))));
      }
    }
  }

  #say(text: string): void {
    find("status").textContent = text;
  }

  #complain(error: unknown): void {
    find("error").textContent = error instanceof Error ? error.message : String(error);
    this.#say("");
  }
}

function unpacked(files: Packed): Given[] {
  return Object.entries(files).map(([path, content]) => ({
    path,
    content: typeof content === "string" ? content : fromBase64(content.base64),
  }));
}
