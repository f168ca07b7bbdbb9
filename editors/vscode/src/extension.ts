/** The extension: starts the language server, shows the answer in the status bar, and runs the commands. */

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { execFile } from "node:child_process";
import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/node";
import { type Answer, status } from "./answer";
import { type Command, INSTALL, find } from "./find";
import { options } from "./options";

const NAME = "pydeploy-lint";
const DOCUMENTATION = "https://pydeploy-lint.readthedocs.io/en/latest/editors/";
const ANSWERS = "$/pydeploy-lint/answers";

/** What stays while the extension runs. */
class Extension implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private readonly output = vscode.window.createOutputChannel(NAME, { log: true });
  private readonly item = vscode.window.createStatusBarItem(NAME, vscode.StatusBarAlignment.Left);

  /** @param names - The settings of the extension, without its prefix. */
  constructor(private readonly names: readonly string[]) {
    this.item.name = NAME;
    this.item.command = `${NAME}.plan`;
  }

  async restart(): Promise<void> {
    await this.stop();
    const command = await this.command();
    if (!command) {
      return;
    }
    const [program, ...first] = command;
    const args = [...first, "--lsp", ...this.settings()];
    this.output.appendLine(`${program} ${args.join(" ")}`);
    this.client = new LanguageClient(
      NAME,
      { command: program, args },
      {
        documentSelector: [{ scheme: "file" }],
        initializationOptions: { answers: true },
        outputChannel: this.output,
      },
    );
    this.client.onNotification(ANSWERS, ({ apps }: { apps: Answer[] }) => this.show(apps));
    try {
      await this.client.start();
    } catch (error) {
      this.output.appendLine(String(error));
      await this.explain(`${NAME} does not start as a language server.`);
    }
  }

  /** Run pydeploy-lint on each app, and return what it prints. */
  async run(...args: string[]): Promise<string> {
    const command = await this.command();
    if (!command) {
      return "";
    }
    const [program, ...first] = command;
    const all = [...first, ...args, ...this.settings()];
    this.output.appendLine(`${program} ${all.join(" ")}`);
    return new Promise((resolve) => {
      execFile(program, all, { cwd: folder() }, (error, stdout, stderr) => {
        this.output.append(stderr);
        // 1 means that something was found.
        if (error && error.code !== 1) {
          void this.explain(stderr.trim() || String(error));
        }
        resolve(stdout);
      });
    });
  }

  async plan(): Promise<void> {
    await vscode.workspace.saveAll();
    await showText(await this.run("--plan"));
  }

  async fix(): Promise<void> {
    await vscode.workspace.saveAll();
    await showText(await this.run("--fix"));
  }

  async report(): Promise<void> {
    await vscode.workspace.saveAll();
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), `${NAME}-`)), "report.html");
    await this.run("--output", `html:${file}`);
    if (fs.existsSync(file)) {
      await vscode.env.openExternal(vscode.Uri.file(file));
    }
  }

  dispose(): void {
    this.item.dispose();
    this.output.dispose();
  }

  async stop(): Promise<void> {
    this.item.hide();
    const client = this.client;
    this.client = undefined;
    await client?.dispose();
  }

  private show(answers: readonly Answer[]): void {
    const shown = status(answers);
    if (!shown) {
      this.item.hide();
      return;
    }
    this.item.text = shown.text;
    this.item.tooltip = shown.tooltip;
    this.item.backgroundColor =
      shown.level === "none" ? undefined : new vscode.ThemeColor(`statusBarItem.${shown.level}Background`);
    this.item.show();
  }

  /** The settings as arguments, and the apps. */
  private settings(): string[] {
    const settings = vscode.workspace.getConfiguration(NAME);
    const values = Object.fromEntries(this.names.map((name) => [name, settings.get(name)]));
    return [...options(values), ...settings.get<string[]>("apps", [])];
  }

  private async command(): Promise<Command | undefined> {
    const configured = vscode.workspace.getConfiguration(NAME).get<string[]>("command", []);
    const found = find(configured, folder(), await interpreter(), {
      windows: process.platform === "win32",
      environment: process.env,
      isFile: (each) => fs.existsSync(each) && fs.statSync(each).isFile(),
    });
    if (!found) {
      await this.explain(`${NAME} is not installed: ${INSTALL}`);
    }
    return found;
  }

  private async explain(message: string): Promise<void> {
    const chosen = await vscode.window.showErrorMessage(message, "How to install it", "Show the log");
    if (chosen === "Show the log") {
      this.output.show();
    } else if (chosen) {
      await vscode.env.openExternal(vscode.Uri.parse(DOCUMENTATION));
    }
  }
}

function folder(): string {
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? process.cwd();
}

/** The Python that the Python extension has chosen, where that is installed. */
async function interpreter(): Promise<string | undefined> {
  const python = vscode.extensions.getExtension("ms-python.python");
  if (!python) {
    return undefined;
  }
  const api = python.isActive ? python.exports : await python.activate();
  const chosen: unknown = api?.environments?.getActiveEnvironmentPath?.()?.path;
  return typeof chosen === "string" && path.isAbsolute(chosen) ? chosen : undefined;
}

async function showText(content: string): Promise<void> {
  if (content) {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language: "plaintext" }));
  }
}

let extension: Extension | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const properties: object = context.extension.packageJSON.contributes.configuration.properties;
  const started = new Extension(Object.keys(properties).map((name) => name.slice(NAME.length + 1)));
  extension = started;
  context.subscriptions.push(
    started,
    vscode.commands.registerCommand(`${NAME}.plan`, () => started.plan()),
    vscode.commands.registerCommand(`${NAME}.fix`, () => started.fix()),
    vscode.commands.registerCommand(`${NAME}.report`, () => started.report()),
    vscode.commands.registerCommand(`${NAME}.restart`, () => started.restart()),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration(NAME)) {
        await started.restart();
      }
    }),
  );
  await started.restart();
}

export async function deactivate(): Promise<void> {
  await extension?.stop();
}
