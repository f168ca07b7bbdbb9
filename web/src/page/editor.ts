// The files that are pasted or shown as an example: a name and a text for each, to be changed and judged again.

import { button, find, make } from "./dom.js";
import type { Given } from "./sources.js";

/** File names for a new field, in the order in which an app needs them. */
const USUAL = ["requirements.txt", "Procfile", ".python-version", "runtime.txt", "app.json", "pyproject.toml"];

/** With more files, their contents are folded. */
const MOST_OPEN = 4;

interface Field {
  readonly path: HTMLInputElement;
  readonly text: HTMLTextAreaElement;
  /** What is no text, and cannot be changed here. */
  readonly bytes: Uint8Array<ArrayBuffer> | null;
}

export class Editor {
  readonly #list = find("files");
  readonly #fields = new Map<HTMLElement, Field>();
  #number = 0;

  /** The files that have a name. */
  get files(): Given[] {
    return [...this.#fields.values()]
      .map(({ path, text, bytes }) => ({ path: path.value.trim(), content: bytes ?? text.value }))
      .filter(({ path }) => path !== "");
  }

  show(files: readonly Given[]): void {
    this.#list.replaceChildren();
    this.#fields.clear();
    for (const file of files) {
      this.#add(file, files.length <= MOST_OPEN);
    }
  }

  /** A field for one more file, with a name that there is not yet. */
  addEmpty(): void {
    const taken = new Set(this.files.map(({ path }) => path));
    const path = USUAL.find((name) => !taken.has(name)) ?? "";
    this.#add({ path, content: "" }, true).text.focus();
  }

  #add({ path, content }: Given, open: boolean): Field {
    const number = ++this.#number;
    const text = typeof content === "string" ? content : decoded(content);
    const field = {
      path: make("input", { id: `path-${number}`, value: path, autocomplete: "off", spellcheck: "false" }),
      text: make("textarea", { id: `text-${number}`, rows: 4, spellcheck: "false", readonly: text === null }),
      bytes: text === null ? (content as Uint8Array<ArrayBuffer>) : null,
    };
    field.text.value = text ?? `(${content.length} bytes that are no text)`;
    field.text.rows = Math.min(16, Math.max(2, field.text.value.split("\n").length));
    const summary = make("summary", {}, path || "New file");
    field.path.addEventListener("input", () => {
      summary.textContent = field.path.value || "New file";
    });
    const remove = button("Remove", () => this.#remove(file), { "aria-label": `Remove file ${number}` });
    const name = make("p", { class: "name" }, make("label", { for: field.path.id }, "File name"), field.path, remove);
    const label = make("label", { for: field.text.id, class: "hidden" }, "Content");
    const file = make("details", { open }, summary, name, label, field.text);
    this.#fields.set(file, field);
    this.#list.append(file);
    return field;
  }

  #remove(file: HTMLElement): void {
    const next = (file.nextElementSibling ?? file.previousElementSibling) as HTMLElement | null;
    this.#fields.delete(file);
    file.remove();
    (next?.querySelector<HTMLElement>("summary") ?? find("add-file")).focus();
  }
}

/** Bytes as text, if a text field can show them and gives them back; line ends with a CR it would change. */
function decoded(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return /[\r\0]|^\ufeff/.test(text) ? null : text;
  } catch {
    return null;
  }
}
