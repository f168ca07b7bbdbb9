// The form with the date, the stack, the release and the age of the account.

import { find, make } from "./dom.js";
import type { About, Settings } from "./linter.js";

export const FIELDS = ["as-of", "until", "stack", "buildpack", "account-created"];

export class SettingsForm {
  readonly #fields = FIELDS.map((name) => find<HTMLInputElement | HTMLSelectElement>(name));
  #wanted: Settings = {};

  constructor(changed: () => void) {
    for (const field of this.#fields) {
      field.addEventListener("change", () => {
        this.#wanted = {};
        changed();
      });
    }
  }

  /** Offer what the data knows. */
  fill(about: About): void {
    find<HTMLSelectElement>("stack").append(...about.stacks.map((stack) => make("option", {}, stack)));
    find<HTMLSelectElement>("buildpack").append(...about.releases.map((release) => make("option", {}, release)));
    find("as-of").setAttribute("min", about.first_day);
    for (const field of this.#fields) {
      field.value = this.#wanted[field.id] ?? field.value; // What was chosen while Python was loaded stays.
    }
  }

  /** By their names on the command line; those that nothing is chosen for are left out. */
  get values(): Settings {
    const chosen = this.#fields.map((field) => [field.id, field.value] as const).filter(([, value]) => value !== "");
    return { ...this.#wanted, ...Object.fromEntries(chosen) };
  }

  /** Choose these; what the lists do not offer counts all the same, until something is chosen. */
  set(settings: Settings): void {
    this.#wanted = settings;
    for (const field of this.#fields) {
      field.value = settings[field.id] ?? "";
    }
    if (Object.keys(settings).length > 0) {
      find<HTMLDetailsElement>("settings").open = true;
    }
  }
}
