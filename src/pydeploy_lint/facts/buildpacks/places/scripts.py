"""Shell scripts, and the shell commands inside Makefiles, CI workflows and `package.json`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydeploy_lint.facts.buildpacks.commands import read_lists
from pydeploy_lint.files.shell import is_shell, read_shell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.facts.buildpacks.declaration import BuildpackList
    from pydeploy_lint.files.formats.documents import Document
    from pydeploy_lint.files.formats.yaml import Style
    from pydeploy_lint.files.source import Source

_RECIPE_LINE = re.compile(r"(?m)^\t[ \t]*[@+-]*")
_NO_CODE = ("name", "description", "if", "uses")
"""Keys of CI workflows whose values are not commands."""


def read_script(source: Source) -> list[BuildpackList]:
    """The buildpacks that a shell script sets; a script for another interpreter sets none."""
    if not is_shell(source.text):
        return []
    return read_lists(source, 0, read_shell(source.text).commands)


def read_makefile(source: Source) -> list[BuildpackList]:
    """The buildpacks that the recipes of a Makefile set; variables of make stay unknown."""
    # Each recipe is one script, in a text of the same length, so that its offsets are those of the file.
    lists: list[BuildpackList] = []
    recipe: list[str] = []
    start = offset = 0
    for line in [*source.text.splitlines(keepends=True), ""]:
        if prefix := _RECIPE_LINE.match(line):
            start = start if recipe else offset
            recipe.append(" " * prefix.end() + line[prefix.end() :])
        elif recipe and (recipe[-1].endswith("\\\n") or line.isspace()):
            recipe.append(line)
        else:
            lists += read_lists(source, start, read_shell("".join(recipe)).commands)
            recipe = []
        offset += len(line)
    return lists


def read_workflow(source: Source) -> list[BuildpackList]:
    """The buildpacks that the commands in a CI workflow set, whichever service it is for.

    A command is any text in it; what is none is no call of a platform's command line either.
    """
    lists: list[BuildpackList] = []
    for start, code in _scalars(source):
        if "buildpack" in code.lower():
            lists += read_lists(source, start, read_shell(code).commands)
    return lists


def read_package_json(document: Document) -> list[BuildpackList]:
    """The buildpacks that the scripts of a `package.json` set."""
    scripts = document.get("scripts")
    lists: list[BuildpackList] = []
    for name, code in scripts.items() if isinstance(scripts, dict) else ():
        if isinstance(code, str) and "buildpack" in code.lower():
            at = document.string_span("scripts", name, start=0)
            start = document.source.offset(at.line or 1, at.column or 1)
            lists += read_lists(document.source, start, read_shell(code).commands)
    return lists


def _scalars(source: Source) -> Iterator[tuple[int, str]]:
    """The texts of a YAML file that may be commands, each with its offset; none of a file that cannot be read."""
    from pydeploy_lint.files.formats.yaml import UnreadableYaml, texts

    try:
        found = list(texts(source.text))
    except UnreadableYaml:
        return
    for text in found:
        if not any(key in _NO_CODE for key in text.keys):
            code = _code(text.style, source.text[text.start : text.end])
            if code is not None:
                yield text.start, code


def _code(style: Style, written: str) -> str | None:
    """The text of a YAML scalar, as long as it is written, so that its offsets are those of the file."""
    from pydeploy_lint.files.formats.yaml import Style

    if style is Style.BLOCK:
        header, line_end, body = written.partition("\n")
        return " " * len(header) + line_end + (_folded(body) if header.startswith(">") else body)
    if style is Style.PLAIN:
        return _folded(written)
    body = written[1:-1]
    return None if "\\" in body or "''" in body else f" {_folded(body)} "


def _folded(text: str) -> str:
    """One line of lines that are not separated by empty ones."""
    return re.sub(r"(?<!\n)\n(?!\n)", " ", text)
