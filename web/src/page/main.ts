// The page: takes what was chosen, asks the linter, shows the answer.

import { button, find } from "./dom.js";
import { dropped } from "./drop.js";
import { Editor } from "./editor.js";
import { Session } from "./session.js";
import { SettingsForm } from "./settings.js";
import { readFragment } from "./share.js";
import { type Given, givenFiles, listedFiles, PickedFolder, type Source, WorkingTree } from "./sources.js";
import { openZip } from "./zip.js";

declare global {
  interface Window {
    /** Where browsers have it. */
    showDirectoryPicker?: () => Promise<FileSystemDirectoryHandle>;
  }
}

const editor = new Editor();
const session = new Session(new SettingsForm(() => void session.judgeAgain()));

function showEditor(files: readonly Given[]): void {
  find("editor").hidden = false;
  find("paste").setAttribute("aria-expanded", "true");
  editor.show(files);
}

/** Judge an app that is not in the editor. */
async function take(source: Promise<Source> | Source | null): Promise<void> {
  await session.during(async () => {
    const found = await source;
    if (found) {
      find("editor").hidden = true;
      find("paste").setAttribute("aria-expanded", "false");
      await session.judge(found);
    }
  });
}

async function zip(file: File): Promise<Source> {
  try {
    return await openZip(file.name, file);
  } catch (error) {
    throw new Error(`${file.name} ${error instanceof Error ? error.message : error}`);
  }
}

function judgeEditor(): Promise<void> {
  return session.during(() => session.judge(givenFiles("These files", editor.files)));
}

async function pickFolder(): Promise<void> {
  if (!window.showDirectoryPicker) {
    find("folder-input").click();
    return;
  }
  let handle: FileSystemDirectoryHandle;
  try {
    handle = await window.showDirectoryPicker();
  } catch {
    return; // Nothing was chosen.
  }
  await take(new WorkingTree(new PickedFolder(handle)));
}

async function followLink(): Promise<void> {
  if (!location.hash.includes("=")) {
    return; // To a place on the page.
  }
  await session.during(async () => {
    const shared = await readFragment(location.hash.slice(1));
    session.settings.set(shared.settings);
    const files = shared.example
      ? await session.example(shared.example)
      : shared.check
        ? await session.exampleOf(shared.check)
        : shared.files;
    if (files.length > 0) {
      showEditor(files);
      await session.judge(givenFiles("These files", files));
    }
  });
}

find("pick-folder").addEventListener("click", () => void pickFolder());
find("pick-zip").addEventListener("click", () => find("zip-input").click());
find("paste").addEventListener("click", () => {
  const show = find("editor").hidden;
  find("editor").hidden = !show;
  find("paste").setAttribute("aria-expanded", String(show));
  if (show && editor.files.length === 0) {
    editor.addEmpty();
  }
});
find("add-file").addEventListener("click", () => editor.addEmpty());
find("judge").addEventListener("click", () => void judgeEditor());
find<HTMLInputElement>("folder-input").addEventListener("change", (event) => {
  const files = [...((event.target as HTMLInputElement).files ?? [])];
  if (files.length > 0) {
    void take(new WorkingTree(listedFiles(files)));
  }
});
find<HTMLInputElement>("zip-input").addEventListener("change", (event) => {
  const [file] = (event.target as HTMLInputElement).files ?? [];
  if (file) {
    void take(zip(file));
  }
});
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dropping");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) {
    document.body.classList.remove("dropping");
  }
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  if (event.dataTransfer) {
    void take(dropped(event.dataTransfer, zip));
  }
});
window.addEventListener("hashchange", () => void followLink());

for (const name of session.exampleNames) {
  const link = button(name, () => {
    const fragment = `#example=${name}&as-of=${session.exampleDay}`;
    if (location.hash === fragment) {
      void followLink();
    } else {
      location.hash = fragment;
    }
  });
  find("examples").append(link, " ");
}
session.start();
void followLink();
