// The worker: holds Python and the app that was opened last, and answers one request at a time.

import type { Called, Message, Request } from "../shared/protocol.js";
import { mount, unmount } from "./filesystem.js";
import { Folder } from "./folder.js";
import { type Python, startPython } from "./runtime.js";

const APP = "/app";

let python: Python | null = null;
let folder: Folder | null = null;

function send(message: Message): void {
  self.postMessage(message);
}

function opened(): void {
  const { systems } = started();
  if (folder) {
    unmount(systems, APP);
  }
  folder = new Folder();
  mount(systems, folder, APP);
}

/** What Python says; as long as it did not see all that it asked for, that is not worth anything. */
function called(name: string, given: unknown): Called {
  folder?.begin();
  try {
    const result = started().call(name, given);
    const needed = folder?.needed;
    return needed ? { needed } : { result, read: folder?.filesRead ?? [] };
  } catch (error) {
    const needed = folder?.needed;
    if (needed) {
      return { needed };
    }
    throw error;
  }
}

function started(): Python {
  if (!python) {
    throw new Error("Python is not loaded");
  }
  return python;
}

async function answered(request: Request): Promise<unknown> {
  switch (request.action) {
    case "start":
      python = await startPython(request.start, (loaded, total) => send({ kind: "progress", loaded, total }));
      return null;
    case "open":
      return opened();
    case "give":
      return folder?.give(request.parts);
    case "call":
      return called(request.name, request.given);
  }
}

self.addEventListener("message", async ({ data }: MessageEvent<Request>) => {
  try {
    send({ kind: "done", id: data.id, value: await answered(data) });
  } catch (error) {
    send({ kind: "failed", id: data.id, message: error instanceof Error ? error.message : String(error) });
  }
});
