"""Makes the pages of docs/errors/: one for each text that a deploy can print, and their index."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from pydeploy_lint.buildlog.texts import ErrorText, Kind, filled, load
from pydeploy_lint.cli.about.explain_error import occurrence
from pydeploy_lint.engine.registry import Registry

HEADINGS = {
    Kind.STOP: "Errors that stop a deploy",
    Kind.CAUSE: "What programs of the build and the app say",
    Kind.WARNING: "Warnings of the build",
    Kind.CODE: "Codes of the running app",
}
INTRODUCTION = """\
# Error messages

What a deploy of a Python app to Heroku can print, what it means, and how to fix it. `pydeploy-lint --build-log FILE`
finds them in a whole log, and `pydeploy-lint --explain 'a line of it'` explains one.
"""
ADDRESS = re.compile(r"(?<![\w/])((?:devcenter\.heroku\.com)/[\w./-]+)")


def write_all(folder: Path, registry: Registry) -> None:
    """Write all pages into a folder, and nothing else that was there before stays."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    errors = load().errors
    (folder / "index.md").write_text(index(errors), encoding="utf-8", newline="\n")
    for error in errors:
        (folder / f"{error.id}.md").write_text(page(error, registry), encoding="utf-8", newline="\n")


def index(errors: Iterable[ErrorText]) -> str:
    """The list of all texts, by what they mean for the deploy."""
    parts = [INTRODUCTION]
    for kind, heading in HEADINGS.items():
        rows = [f"| [{code(each.text)}]({each.id}.md) | {each.title} |" for each in errors if each.kind is kind]
        parts.append("\n".join([f"## {heading}\n", "| text | meaning |", "| --- | --- |", *rows]) + "\n")
    return "\n".join(parts)


def page(error: ErrorText, registry: Registry) -> str:
    """What is known of one text."""
    parts = error.example
    blocks = [
        f"# {error.title}",
        f"    {error.text}",
        occurrence_of(error),
        "## What it means",
        "\n\n".join(paragraphs(filled(error.what, parts))),
        "## How to fix it",
        "\n\n".join(paragraphs(filled(error.fix, parts))),
    ]
    if error.checks:
        titles = [f"- [`{name}`](../checks/{name}.md): {registry.checks[name].title}" for name in error.checks]
        blocks += ["## Found before the push", "These checks find it in the app's files:", "\n".join(titles)]
    source = ADDRESS.sub(r"<https://\1>", error.source)
    blocks.append(f"Source: {source}, {error.date}.")
    return "\n\n".join(blocks) + "\n"


def occurrence_of(error: ErrorText) -> str:
    """Where a text is printed, with the name of the failure as code."""
    text = occurrence(error)
    return text.replace(error.reason, code(error.reason)) if error.reason else text


def paragraphs(text: str) -> Iterator[str]:
    """Sentences as paragraphs, and the commands between them as code that can be copied."""
    for is_code, lines in groupby(text.split("\n"), lambda line: line.startswith(" ")):
        if is_code:
            yield "\n".join(["```", *(line.strip() for line in lines), "```"])
        else:
            yield "\n".join(map(plain, lines))


def plain(text: str) -> str:
    """Text in which Markdown finds nothing to do."""
    return re.sub(r"([_*`\[\]])", r"\\\1", text).replace("<", "&lt;")


def code(text: str) -> str:
    """Text as code in a cell of a table."""
    marks = "``" if "`" in text else "`"
    return f"{marks}{text}{marks}".replace("|", "\\|")
