/** Finds the pydeploy-lint to run: it imports nothing of VS Code, so that it can be tested without. */

import * as path from "node:path";

/** A program and its first arguments. */
export type Command = readonly [string, ...string[]];

/** What is asked of the machine. */
export interface Machine {
  readonly windows: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  isFile(path: string): boolean;
}

export const INSTALL = "pip install 'pydeploy-lint[lsp]'";
const PACKAGE = "pydeploy-lint[lsp]";
const ENVIRONMENTS = [".venv", "venv", "env"];

/**
 * The command that runs pydeploy-lint with what its language server needs.
 *
 * @param configured - The setting; empty: look for one.
 * @param folder - The root of the workspace.
 * @param interpreter - The Python that is chosen for it, where that is known.
 * @returns Undefined where there is none, and no uvx or pipx to fetch it.
 */
export function find(
  configured: readonly string[],
  folder: string,
  interpreter: string | undefined,
  machine: Machine,
): Command | undefined {
  const [program, ...rest] = configured;
  if (program) {
    return [program, ...rest];
  }
  const directories = [
    ...(interpreter ? [path.dirname(interpreter)] : []),
    ...ENVIRONMENTS.map((name) => path.join(folder, name, machine.windows ? "Scripts" : "bin")),
  ];
  const own = located("pydeploy-lint", directories, machine) ?? located("pydeploy-lint", onPath(machine), machine);
  if (own) {
    return [own];
  }
  const uvx = located("uvx", onPath(machine), machine);
  if (uvx) {
    return [uvx, "--from", PACKAGE, "pydeploy-lint"];
  }
  const pipx = located("pipx", onPath(machine), machine);
  return pipx ? [pipx, "run", "--spec", PACKAGE, "pydeploy-lint"] : undefined;
}

function onPath(machine: Machine): string[] {
  const value = machine.environment["PATH"] ?? machine.environment["Path"] ?? "";
  return value.split(machine.windows ? ";" : ":").filter((each) => each !== "");
}

function located(name: string, directories: readonly string[], machine: Machine): string | undefined {
  const file = machine.windows ? `${name}.exe` : name;
  return directories.map((directory) => path.join(directory, file)).find((each) => machine.isFile(each));
}
