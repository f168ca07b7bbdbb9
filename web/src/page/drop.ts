// What was dropped on the page: a folder, a zip archive, or files.

import { DroppedFolder, listedFiles, type Source, WorkingTree } from "./sources.js";

/**
 * The app that was dropped; null where there was nothing of the kind.
 *
 * @param openZip - opens a zip archive
 */
export function dropped(
  transfer: DataTransfer,
  openZip: (file: File) => Promise<Source>,
): Promise<Source> | Source | null {
  // All of it at once: the browser takes it back when the event is over.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const files = [...transfer.files];
  const folder = entries.find((entry) => entry?.isDirectory);
  if (folder) {
    return new WorkingTree(new DroppedFolder(folder as FileSystemDirectoryEntry));
  }
  const [first] = files;
  if (!first) {
    return null;
  }
  return files.length === 1 && /\.zip$/i.test(first.name) ? openZip(first) : listedFiles(files);
}
