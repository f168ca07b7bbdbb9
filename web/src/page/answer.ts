// The answer: the report and the plan as Python made them, the fixes to download, and a link to share.

import { button, bytesText, counted, download, find, make } from "./dom.js";
import type { ChosenApp, Fix, Judgement, Patch, Settings } from "./linter.js";
import { fragmentOf, fromBase64 } from "./share.js";
import type { Given } from "./sources.js";

/** Characters; a longer link is cut by some mail programs and chats. */
const LONG_LINK = 8000;
const MOST_NAMES = 10;
const PATCH = "pydeploy-lint.patch";
/** Stands for the settings among the paths that can be ticked; no path has two slashes. */
const SETTINGS = "//settings";

/** What the parts of the answer act on. */
export interface Answered {
  readonly app: ChosenApp;
  readonly settings: Settings;
  readonly judgement: Judgement;
  /** The files that the linter read. */
  readonly read: readonly string[];
  patch(finding: number | null, unsafe: boolean): Promise<Patch>;
}

export class AnswerView {
  readonly #attempt: (work: () => Promise<void>) => Promise<void>;
  #answered: Answered | null = null;
  #ticks: ReadonlyMap<string, HTMLInputElement> = new Map();

  /**
   * @param attempt - does something, and says what goes wrong
   */
  constructor(attempt: (work: () => Promise<void>) => Promise<void>) {
    this.#attempt = attempt;
    find("make-link").addEventListener("click", () => void attempt(() => this.#makeLink()));
    find("copy-link").addEventListener("click", () => {
      find<HTMLInputElement>("link").select();
      void navigator.clipboard.writeText(find<HTMLInputElement>("link").value);
    });
  }

  show(answered: Answered): void {
    this.#answered = answered;
    const { judgement } = answered;
    find("report").innerHTML = judgement.report; // All text in it is escaped; see report/html/markup.py.
    for (const link of find("report").querySelectorAll("a[href^=http]")) {
      link.setAttribute("target", "_blank");
      link.setAttribute("rel", "noopener");
    }
    this.#showHidden(judgement.hidden_links);
    find("plan").innerHTML = judgement.plan;
    find("plan-part").hidden = judgement.plan === "";
    this.#showFixes(judgement.fixes);
    this.#showShare(answered);
    find("answer").hidden = false;
  }

  hide(): void {
    find("answer").hidden = true;
  }

  #showHidden(links: readonly string[]): void {
    const names = links.slice(0, MOST_NAMES).join(", ") + (links.length > MOST_NAMES ? ", ..." : "");
    find("hidden-links").hidden = links.length === 0;
    find("hidden-links").textContent =
      `This browser does not show symbolic links in a folder. These count as missing here: ${names}. ` +
      "With a zip archive of the app they are followed.";
  }

  #showFixes(fixes: readonly Fix[]): void {
    find("fixes-part").hidden = fixes.length === 0;
    find("patch-part").hidden = true;
    const safe = fixes.filter((fix) => fix.safe).length;
    const all: HTMLElement[] = [];
    if (safe > 0) {
      const text = `Download the patch with ${counted(safe, "safe fix", "safe fixes")}`;
      all.push(button(text, this.#patcher(null, false)));
    }
    if (safe < fixes.length) {
      const text = `Download the patch with ${safe > 0 ? "suggestions, too" : "all suggestions"}`;
      all.push(button(text, this.#patcher(null, true)));
    }
    find("all-fixes").replaceChildren(...all);
    find("fixes").replaceChildren(...fixes.map((fix) => fixItem(fix, this.#patcher(fix.finding, true))));
  }

  #patcher(finding: number | null, unsafe: boolean): () => void {
    return () => void this.#attempt(() => this.#downloadPatch(finding, unsafe));
  }

  async #downloadPatch(finding: number | null, unsafe: boolean): Promise<void> {
    const made = await this.#answered?.patch(finding, unsafe);
    if (!made) {
      return;
    }
    const bytes = fromBase64(made.patch);
    const changed = `${counted(made.fixed, "finding is", "findings are")} fixed in ${made.files.join(", ")}.`;
    const refused = made.refusals.map((refusal) => `${refusal}.`);
    find("patch-done").textContent = [bytes.length > 0 ? changed : "There is nothing to change.", ...refused].join(" ");
    find("patch").textContent = new TextDecoder().decode(bytes);
    find("patch-use").hidden = bytes.length === 0;
    find("patch-part").hidden = false;
    if (bytes.length > 0) {
      download(PATCH, new Blob([bytes], { type: "text/x-diff" }));
    }
  }

  #showShare({ app, settings, read }: Answered): void {
    find("link-part").hidden = true;
    const chosen = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
    const start = app.directory ? `${app.directory}/` : "";
    const own = read.filter((path) => path.startsWith(start) && !path.startsWith(".git/"));
    const texts = new Map(own.map((path) => [path, path.slice(start.length)]));
    if (chosen.length > 0) {
      texts.set(SETTINGS, `the settings: ${chosen.join(", ")}`);
    }
    const items = [...texts].map(([key, text], number) => ({ key, ...tick(`share-${number}`, text) }));
    this.#ticks = new Map(items.map(({ key, box }) => [key, box]));
    find("share-files").replaceChildren(...items.map(({ item }) => item));
  }

  async #makeLink(): Promise<void> {
    const answered = this.#answered;
    if (!answered) {
      return;
    }
    const ticked = [...this.#ticks].filter(([, box]) => box.checked).map(([key]) => key);
    const paths = ticked.filter((key) => key !== SETTINGS);
    const files = await Promise.all(paths.map((path) => given(answered.app, path)));
    const fragment = await fragmentOf(files, ticked.includes(SETTINGS) ? answered.settings : {});
    const link = find<HTMLInputElement>("link");
    link.value = `${location.href.split("#")[0]}#${fragment}`;
    const warning = link.value.length > LONG_LINK ? " Some programs cut links of that length." : "";
    find("link-size").textContent =
      `${counted(files.length, "file", "files")}, ${bytesText(link.value.length)}.${warning}`;
    find("link-part").hidden = false;
    link.focus();
    link.select();
  }
}

function fixItem(fix: Fix, act: () => void): HTMLElement {
  return make(
    "li",
    {},
    make("span", {}, fix.safe ? fix.description : `${fix.description} (a suggestion: review it)`),
    make("span", { class: "quiet" }, ` ${fix.place} `, make("code", {}, fix.check)),
    button("Download", act, { "aria-label": `Download the patch: ${fix.description}, ${fix.place}` }),
  );
}

function tick(id: string, text: string): { item: HTMLElement; box: HTMLInputElement } {
  const box = make("input", { type: "checkbox", id });
  return { box, item: make("li", {}, box, make("label", { for: id }, text)) };
}

/** A file of the source, with its path in the app. */
async function given({ source, directory }: ChosenApp, full: string): Promise<Given> {
  const path = directory ? full.slice(directory.length + 1) : full;
  const bytes = new Uint8Array((await (await source.file(full))?.arrayBuffer()) ?? new ArrayBuffer(0));
  try {
    return { path, content: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { path, content: bytes };
  }
}
