"""Makes what can be made of the documentation: a page for each check, tables, and the output of commands.

It writes docs/checks/, docs/errors/ and docs/schemas/ (not kept in git) and refreshes the blocks of README.md and
docs/*.md that stand between `<!-- generated: WHAT -->` and `<!-- end -->`. WHAT is a name in `BLOCKS`, a command line
after `$`, which is run, or `file PATH`, a file of the repository.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import error_pages
import reference
import schema_tables

from pydeploy_lint.engine.check import SITE, Check, Example
from pydeploy_lint.engine.registry import Registry, load_built_in
from pydeploy_lint.heroku.steps import OUT_OF_REACH, STOPS
from pydeploy_lint.manual import readable
from pydeploy_lint.report.common.terminal import STYLE, Terminal
from pydeploy_lint.settings.options import FILE_SETTINGS, SETTINGS
from pydeploy_lint.testing import findings_of, first_example

ROOT = Path(__file__).resolve().parent.parent
CHECKS = ROOT / "docs" / "checks"
ERRORS = ROOT / "docs" / "errors"
PUBLISHED = ROOT / "docs" / "schemas"
PACKAGE = ROOT / "src" / "pydeploy_lint"
SCHEMAS = {
    "report-1.schema.json": PACKAGE / "report" / "report.schema.json",
    "build-log-1.schema.json": PACKAGE / "report" / "buildlog" / "buildlog.schema.json",
    "baseline-1.schema.json": PACKAGE / "engine" / "baseline" / "baseline.schema.json",
    "configuration.schema.json": PACKAGE / "settings" / "configuration.schema.json",
    "app.schema.json": PACKAGE / "facts" / "app_json" / "app.schema.json",
}
"""The schemas that the site publishes, each at the address in its ``$id``."""
PAGE = Terminal(columns=95, colour=False)
CHANGE_OUTPUT = {"GITHUB_ACTIONS", "NO_COLOR"}
TERMINAL = {"COLUMNS": "86", "FORCE_COLOR": "1", "PYTHONUTF8": "1"}
LANGUAGES = {".py": "python", ".toml": "toml"}
BLOCK = re.compile(r"(<!-- generated: (.+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def main() -> int:
    """Write everything; returns the exit status."""
    shutil.rmtree(PUBLISHED, ignore_errors=True)
    PUBLISHED.mkdir()
    for name, source in SCHEMAS.items():
        shutil.copyfile(source, PUBLISHED / name)
    shutil.rmtree(CHECKS, ignore_errors=True)
    CHECKS.mkdir()
    error_pages.write_all(ERRORS, load_built_in())
    for path, text in pages(load_built_in()).items():
        path.write_text(text, encoding="utf-8", newline="\n")
    for path in documents():
        path.write_text(refresh(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    return 0


def documents() -> list[Path]:
    """The hand-written pages, which may hold generated blocks."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def refresh(text: str) -> str:
    """A page with its generated blocks written again.

    Raises:
        KeyError: a block has a name that is not in `BLOCKS`.
    """

    def block(match: re.Match[str]) -> str:
        begin, what, end = match.groups()
        kind, _, rest = what.partition(" ")
        if kind == "$":
            made = run(rest)
        elif kind == "file":
            made = fence((ROOT / rest).read_text(encoding="utf-8").rstrip(), LANGUAGES[Path(rest).suffix])
        else:
            made = BLOCKS[what](load_built_in())
        return f"{begin}{made}\n{end}"

    return BLOCK.sub(block, text)


def run(command: str) -> str:
    """A command line of pydeploy-lint, run in the root of the repository, and what it prints on a terminal.

    Raises:
        ValueError: it is another program's, or fails.
    """
    program, *arguments = shlex.split(command)
    if program != "pydeploy-lint":
        raise ValueError(f"not a command of this project: {command}")
    done = subprocess.run(
        [sys.executable, "-m", "pydeploy_lint", *arguments],
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if key not in CHANGE_OUTPUT} | TERMINAL,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    if done.returncode not in {0, 1}:
        raise ValueError(f"{command}: exit status {done.returncode}: {done.stderr}")
    # In a block of its own, without a prompt, the command can be copied.
    return f"{fence(command, 'sh')}\n\n{fence(STYLE.sub('', done.stdout).rstrip(), 'text')}"


def families_table(registry: Registry) -> str:
    """A table of all checks by name, for a reader who is not on the site yet."""
    return table(
        ("family", "checks"),
        [
            (family, ", ".join(f"[{name}]({SITE}checks/{name}/)" for name in sorted(registry.families[family])))
            for family in sorted(registry.families)
        ],
    )


def checks_table(registry: Registry, family: str) -> str:
    """A table of the checks of a family, for the index of their pages."""
    checks = [registry.checks[name] for name in sorted(registry.families[family])]
    return table(
        ("check", "severity", "what it finds"),
        [(f"[`{check.name}`]({check.name}.md)", check.severity.label, _inline(check.title)) for check in checks],
    )


def settings_table(_registry: Registry) -> str:
    """A table of what can be configured."""
    return table(
        ("key", "meaning"),
        [(f"`{setting.name}`", _inline(setting.schema["description"])) for setting in (*SETTINGS, *FILE_SETTINGS)],
    )


def stops_table(registry: Registry) -> str:
    """A table of the build's stops and warnings, and the checks whose examples show them."""
    warned = {check.name: check.warned_at for check in registry.checks.values() if check.warned_at}
    rows = (*STOPS, *OUT_OF_REACH, *sorted(warned, key=warned.__getitem__))
    shown: dict[str, set[str]] = {reason: set() for reason in rows}
    for check in registry.checks.values():
        for example in check.bad:
            for finding in findings_of(check, example):
                if finding.failure_reason:
                    shown[finding.failure_reason].add(check.name)
                if finding.build_warning:
                    shown[check.name].add(check.name)
    links = {
        reason: ", ".join(f"[`{name}`](checks/{name}.md)" for name in sorted(names)) for reason, names in shown.items()
    }
    return table(("reason or warning", "checks"), [(f"`{reason}`", linked) for reason, linked in links.items()])


BLOCKS: Mapping[str, Callable[[Registry], str]] = {
    "checks": families_table,
    "settings": settings_table,
    "stops": stops_table,
    "facts": lambda _registry: reference.facts(),
    "report": lambda _registry: schema_tables.tables(json.loads(SCHEMAS["report-1.schema.json"].read_bytes())),
    "build log": lambda _registry: schema_tables.tables(json.loads(SCHEMAS["build-log-1.schema.json"].read_bytes())),
    "functions": lambda _registry: reference.functions(),
}


def pages(registry: Registry) -> dict[Path, str]:
    """The generated pages: one for each check, and their index."""
    index = "# Checks\n\nSeverity is consequence: an **error** stops the push or the app, a **warning** is printed by"
    index += " the build or comes true on a known date, a **note** is worth knowing.\n"
    for family in sorted(registry.families):
        index += f"\n## {family}\n\n{checks_table(registry, family)}\n"
    return {CHECKS / "index.md": index} | {
        CHECKS / f"{check.name}.md": page(check) for check in registry.checks.values()
    }


def page(check: Check) -> str:
    """The manual page of a check, with its examples and what is said of them."""
    title, _, body = check.documentation.partition("\n")
    facts = [f"**{check.severity.label}**", f"[{check.family}](index.md#{check.family})"]
    if check.url:
        facts.append(f"[Heroku's documentation]({check.url})")
    if first_example(check):
        facts.append(f"[Try it]({SITE}try/#check={check.name})")
    parts = [f"# {check.name}", title, " · ".join(facts), body.strip(), "## Examples"]
    for example in check.bad:
        parts += [f"### Reported{_circumstances(example)}", *_files(example), "says", _said(check, example)]
    for example in check.good:
        parts += [f"### Not reported{_circumstances(example)}", *_files(example)]
    return "\n\n".join(parts) + "\n"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table."""
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ("---",) * len(head), *rows])


def fence(text: str, language: str = "") -> str:
    """A code block around any text."""
    marks = "`" * max([3, *(len(ticks) + 1 for ticks in re.findall("`+", text))])
    return f"{marks}{language}\n{text}\n{marks}"


def _circumstances(example: Example) -> str:
    return "".join(f" with `--{name} {value}`" for name, value in example.options.items())


def _files(example: Example) -> list[str]:
    shown = []
    for path, content in example.files.items():
        text = readable(content)
        shown.append(f"`{path}`:\n\n{fence(text.rstrip())}" if text.strip() else f"`{path}`, empty")
    return shown


def _said(check: Check, example: Example) -> str:
    lines = []
    for finding in findings_of(check, example):
        lines += PAGE.wrap(f"{finding.at}: {finding.severity.label}[{finding.check}] {finding.message}".split())
        lines += [f"    {line}" for line in finding.help.splitlines()]
    return fence("\n".join(lines), "text")


def _inline(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    raise SystemExit(main())
