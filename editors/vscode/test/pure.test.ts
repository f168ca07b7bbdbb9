/** What the extension decides without VS Code: which program it runs, with which options, and what it shows. */

import assert from "node:assert/strict";
import * as path from "node:path";
import { test } from "node:test";
import { type Answer, status } from "../src/answer";
import { type Machine, find } from "../src/find";
import { options } from "../src/options";

const FETCHED = "pydeploy-lint[lsp]";

function machine(...files: string[]): Machine {
  return { windows: false, environment: { PATH: "/usr/bin:/opt/bin" }, isFile: (each) => files.includes(each) };
}

test("the project's environment goes before what is on the PATH, and uvx before pipx", () => {
  const all = ["/app/.venv/bin/pydeploy-lint", "/app/venv/bin/pydeploy-lint", "/opt/bin/pydeploy-lint"];
  const fetchers = ["/usr/bin/uvx", "/opt/bin/pipx"];
  const found = (count: number) => find([], "/app", undefined, machine(...all.slice(count), ...fetchers));

  assert.deepEqual([0, 1, 2].map(found), all.map((each) => [each]));
  assert.deepEqual(found(3), ["/usr/bin/uvx", "--from", FETCHED, "pydeploy-lint"]);
  assert.deepEqual(find([], "/app", undefined, machine("/opt/bin/pipx")), [
    "/opt/bin/pipx",
    "run",
    "--spec",
    FETCHED,
    "pydeploy-lint",
  ]);
  assert.equal(find([], "/app", undefined, machine()), undefined);
});

test("a command in the settings and the Python that is chosen count first", () => {
  const both = machine("/envs/shop/bin/pydeploy-lint", "/app/.venv/bin/pydeploy-lint");

  assert.deepEqual(find([], "/app", "/envs/shop/bin/python", both), ["/envs/shop/bin/pydeploy-lint"]);
  assert.deepEqual(find(["docker", "run", "lint"], "/app", "/envs/shop/bin/python", both), ["docker", "run", "lint"]);
});

test("on Windows, programs end with .exe and environments keep them in Scripts", () => {
  const file = path.join("C:/app", ".venv", "Scripts", "pydeploy-lint.exe");

  assert.deepEqual(find([], "C:/app", undefined, { ...machine(file), windows: true }), [file]);
});

test("settings become options, and empty ones are left out", () => {
  assert.deepEqual(
    options({ command: ["x"], apps: ["backend"], "trace.server": "off", stack: "heroku-26", select: ["a", "b"] }),
    ["--stack", "heroku-26", "--select", "a,b"],
  );
  assert.deepEqual(options({ stack: "", select: [], ignore: undefined }), []);
});

test("the status bar shows the worst answer, and all of them below it", () => {
  const builds: Answer = { root: "/a", verdict: "builds", sentence: "Heroku would build this app" };
  const rejected: Answer = { root: "/b", verdict: "rejected", sentence: "Heroku would reject this push" };

  assert.equal(status([]), undefined);
  assert.deepEqual(status([builds]), {
    text: "$(check) Heroku: builds",
    tooltip: "Heroku would build this app",
    level: "none",
  });
  assert.deepEqual(status([builds, rejected]), {
    text: "$(error) Heroku: rejected",
    tooltip: "/a: Heroku would build this app\n/b: Heroku would reject this push",
    level: "error",
  });
});
