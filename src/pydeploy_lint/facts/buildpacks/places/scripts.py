"""Shell scripts, and the shell commands inside Makefiles, CI workflows and `package.json`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydeploy_lint.facts.buildpacks.commands import read_lists
from pydeploy_lint.files.shell import is_shell, read_shell
from pydeploy_lint.files.utf8 import Utf8

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.facts.buildpacks.declaration import BuildpackList
    from pydeploy_lint.files.documents import Document
    from pydeploy_lint.files.source import Source

_RECIPE_LINE = re.compile(r"(?m)^\t[ \t]*[@+-]*")
_NO_CODE = ("name", "description", "if", "uses")
"""Keys of CI workflows whose values are not commands."""
_SCALARS = ("string_scalar", "double_quote_scalar", "single_quote_scalar", "block_scalar")


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
    """The texts of a YAML file that may be commands, each with its offset."""
    import tree_sitter
    import tree_sitter_yaml

    encoded = Utf8(source.text)
    waiting = [tree_sitter.Parser(tree_sitter.Language(tree_sitter_yaml.language())).parse(encoded.data).root_node]
    while waiting:
        node = waiting.pop()
        key = node.child_by_field_name("key") if node.type == "block_mapping_pair" else None
        if key is not None and (key.text or b"").decode("utf-8", "replace") in _NO_CODE:
            continue
        text = _code(node.type, encoded.text(node.start_byte, node.end_byte)) if node.type in _SCALARS else None
        if text is not None:
            yield encoded.character(node.start_byte), text
        waiting.extend(reversed(node.named_children))


def _code(kind: str, written: str) -> str | None:
    """The text of a YAML scalar, as long as it is written, so that its offsets are those of the file."""
    match kind:
        case "string_scalar":
            return written
        case "double_quote_scalar" | "single_quote_scalar":
            body = written[1:-1]
            return None if "\\" in body or "''" in body else f" {body} "
        case "block_scalar":
            header, line_end, body = written.partition("\n")
            # A folded text is one line.
            body = re.sub(r"(?<!\n)\n(?!\n)", " ", body) if header.startswith(">") else body
            return " " * len(header) + line_end + body
    return None
