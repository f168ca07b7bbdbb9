// Python in the worker: loaded once, then asked.

import type { Start } from "../shared/protocol.js";
import type { FileSystems } from "./filesystem.js";

const GLUE = "pydeploy_lint_page";

interface Pyodide {
  readonly FS: FileSystems & { writeFile(path: string, data: Uint8Array): void };
  unpackArchive(data: ArrayBuffer, format: string, options: { extractDir: string }): void;
  pyimport(name: string): Record<string, (given: string) => string>;
}

type Report = (loaded: number, total: number) => void;

export interface Python {
  readonly systems: FileSystems;
  /** Call a function of the page's module with a value that JSON can hold; so is what it returns. */
  call(name: string, given: unknown): unknown;
}

export async function startPython(start: Start, report: Report): Promise<Python> {
  const contents = await download(start, report);
  const bytes = (url: string): ArrayBuffer => contents.get(url) ?? new ArrayBuffer(0);
  const { loadPyodide } = await import(`${start.pyodide}pyodide.mjs`);
  // Without the packages that Pyodide could load from elsewhere.
  const lockFileContents = { info: start.platform, packages: {} };
  const pyodide: Pyodide = await loadPyodide({ indexURL: start.pyodide, lockFileContents });
  const sitePackages = `/lib/python${start.platform.python.split(".").slice(0, 2).join(".")}/site-packages`;
  for (const url of start.wheels) {
    pyodide.unpackArchive(bytes(url), "wheel", { extractDir: sitePackages });
  }
  for (const url of start.modules) {
    pyodide.FS.writeFile(`${sitePackages}/${url.slice(url.lastIndexOf("/") + 1)}`, new Uint8Array(bytes(url)));
  }
  const glue = pyodide.pyimport(GLUE);
  return {
    systems: pyodide.FS,
    call(name, given) {
      const called = glue[name];
      if (!called) {
        throw new Error(`${GLUE} has no function ${name}`);
      }
      return JSON.parse(called(JSON.stringify(given)));
    },
  };
}

/** All files by their addresses. Pyodide loads its own once more, then from a cache. */
async function download(start: Start, report: Report): Promise<Map<string, ArrayBuffer>> {
  const total = start.files.reduce((sum, file) => sum + file.bytes, 0);
  let loaded = 0;
  const count = (bytes: number): void => {
    loaded += bytes;
    report(loaded, total);
  };
  count(0);
  const all = start.files.map(async ({ url }): Promise<[string, ArrayBuffer]> => [url, await downloaded(url, count)]);
  return new Map(await Promise.all(all));
}

async function downloaded(url: string, count: (bytes: number) => void): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok || !response.body) {
    throw new Error(`${new URL(url).pathname} could not be loaded: ${response.status} ${response.statusText}`);
  }
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        count(chunk.byteLength);
        controller.enqueue(chunk);
      },
    }),
  );
  return new Response(counted).arrayBuffer();
}
