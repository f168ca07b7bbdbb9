/** The answers for the apps of a workspace, as the status bar shows them. */

/** What the server says of an app. */
export interface Answer {
  readonly root: string;
  readonly verdict: "builds" | "doubtful" | "fails" | "rejected";
  readonly sentence: string;
}

/** The text of the status bar, its tooltip, and whether it is a warning or an error. */
export interface Status {
  readonly text: string;
  readonly tooltip: string;
  readonly level: "none" | "warning" | "error";
}

const WORST = ["rejected", "fails", "doubtful", "builds"] as const;
const SHOWN: Readonly<Record<Answer["verdict"], Omit<Status, "tooltip">>> = {
  builds: { text: "$(check) Heroku: builds", level: "none" },
  doubtful: { text: "$(question) Heroku: may fail", level: "warning" },
  fails: { text: "$(error) Heroku: does not start", level: "error" },
  rejected: { text: "$(error) Heroku: rejected", level: "error" },
};

/** The status for all apps: the worst answer, and each one below it; undefined where there is no app. */
export function status(answers: readonly Answer[]): Status | undefined {
  const worst = WORST.find((verdict) => answers.some((each) => each.verdict === verdict));
  if (!worst) {
    return undefined;
  }
  const [first] = answers;
  const tooltip =
    answers.length === 1 && first ? first.sentence : answers.map((each) => `${each.root}: ${each.sentence}`).join("\n");
  return { ...SHOWN[worst], tooltip };
}
