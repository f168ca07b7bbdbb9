/** The language server as the extension starts it, asked by the protocol library of the extension's client. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import {
  type CodeAction,
  CodeActionRequest,
  ExecuteCommandRequest,
  InitializeRequest,
  InitializedNotification,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  createProtocolConnection,
} from "vscode-languageserver-protocol/node";
import { type Answer, status } from "../src/answer";
import { find } from "../src/find";
import { options } from "../src/options";

const app = fs.mkdtempSync(path.join(os.tmpdir(), "app-"));
const uri = pathToFileURL(path.join(app, ".python-version")).href;
const diagnostics = new Map<string, PublishDiagnosticsParams>();
let answers: readonly Answer[] = [];
let connection: ProtocolConnection;

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, JSON.stringify([...diagnostics.entries(), answers]));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function codes(): unknown[] {
  return (diagnostics.get(uri)?.diagnostics ?? []).map((each) => each.code);
}

before(async () => {
  fs.writeFileSync(path.join(app, "requirements.txt"), "");
  fs.writeFileSync(path.join(app, ".python-version"), "3.8\n");
  const command = find([], app, process.env["PYDEPLOY_LINT_PYTHON"], {
    windows: process.platform === "win32",
    environment: process.env,
    isFile: (each) => fs.existsSync(each),
  });
  assert.ok(command, "pydeploy-lint is not installed");
  const [program, ...first] = command;
  const server = spawn(program, [...first, "--lsp", ...options({ "as-of": "2026-08-18", stack: "heroku-24" })], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
    diagnostics.set(params.uri, params);
  });
  connection.onNotification("$/pydeploy-lint/answers", (params: { apps: Answer[] }) => {
    answers = params.apps;
  });
  connection.listen();
  const known = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    capabilities: { workspace: { workspaceEdit: { documentChanges: true } } },
    workspaceFolders: [{ uri: pathToFileURL(app).href, name: "app" }],
    initializationOptions: { answers: true },
  });
  assert.deepEqual(known.capabilities.executeCommandProvider?.commands, ["pydeploy-lint.lint"]);
  await connection.sendNotification(InitializedNotification.type, {});
});

after(async () => {
  await connection.sendRequest(ShutdownRequest.type);
  await connection.sendNotification("exit");
  connection.dispose();
  fs.rmSync(app, { recursive: true });
});

test("what Heroku would reject is a problem in the file and the answer in the status bar", async () => {
  await until(() => codes().length > 0 && answers.length > 0);

  assert.deepEqual(codes(), ["unsupported-runtime"]);
  assert.equal(status(answers)?.text, "$(error) Heroku: rejected");
});

test("a problem can be fixed or ignored from the editor", async () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 3 } };
  const offered = await connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri },
    range,
    context: { diagnostics: [] },
  });

  assert.deepEqual(
    (offered as CodeAction[]).map((each) => each.title),
    ["Set 3.14 in .python-version", "Ignore unsupported-runtime here, and write the reason"],
  );
});

test("the command to lint looks at the files again", async () => {
  fs.writeFileSync(path.join(app, ".python-version"), "3.14\n");
  await connection.sendRequest(ExecuteCommandRequest.type, { command: "pydeploy-lint.lint" });
  await until(() => status(answers)?.level === "none");

  assert.deepEqual(codes(), []);
});
