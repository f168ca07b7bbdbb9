"""The documentation of checks for the terminal: a page for one of them, and the list of all."""

from __future__ import annotations

import re
from textwrap import indent
from typing import TYPE_CHECKING

from pydeploy_lint.manual import fix_of, in_order
from pydeploy_lint.report.common.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydeploy_lint.engine.check import Check, Example

PLAIN = Terminal(columns=80, colour=False)
BROADEST = 96
"""Columns; longer lines are hard to read."""
BOLD = "1"
CODE = "36"
STEP = "    "
INLINE_CODE = re.compile(r"`([^`]+)`")


def page(check: Check, terminal: Terminal | None) -> str:
    """The manual page of a check, made from its docstring and its examples."""
    shown = terminal or PLAIN
    shown = shown._replace(columns=min(shown.columns, BROADEST))
    _, _, body = check.documentation.partition("\n")
    facts = f"Severity {check.severity.label}, family {check.family}, since {check.since}{_fix_clause(check)}"
    blocks = [shown.paint(f"{check.name}: {check.title}", BOLD), facts]
    blocks += [_block(block, shown) for block in body.strip().split("\n\n") if block]
    for heading, examples in (("Reported", check.bad), ("Not reported", check.good)):
        for example in examples:
            blocks.append(shown.paint(f"{heading}{_circumstances(example)}:", BOLD))
            blocks.append("\n".join(_files(example.files)))
    if check.url:
        blocks.append(f"More: {check.url}")
    return "\n\n".join(blocks) + "\n"


def _block(block: str, terminal: Terminal) -> str:
    """A block of Markdown: a heading, code, a list or a paragraph."""
    if block.startswith("## "):
        return terminal.paint(block[3:], BOLD)
    if block.startswith(STEP):
        return terminal.paint(block, CODE)
    if block.startswith("- "):
        return "\n".join(
            _wrapped(item, terminal, "- ", "  ") for item in re.split(r"\n?^- ", block, flags=re.MULTILINE) if item
        )
    return _wrapped(block, terminal, "", "")


def _wrapped(text: str, terminal: Terminal, first: str, rest: str) -> str:
    # Code is not broken between its words.
    glued = INLINE_CODE.sub(lambda match: f"`{match[1].replace(' ', chr(0))}`", text)
    words = [INLINE_CODE.sub(lambda match: _code(match[1], terminal), word) for word in glued.split()]
    return "\n".join(terminal.wrap([word.replace("\0", " ") for word in words], first, rest))


def _code(text: str, terminal: Terminal) -> str:
    return terminal.paint(text, CODE) if terminal.colour else f"`{text}`"


def _circumstances(example: Example) -> str:
    place = f" at {', '.join(example.at)}" if example.at else ""
    options = "".join(f" --{name} {value}" for name, value in example.options.items())
    return f"{place}, with{options}" if options else place


def _files(files: Mapping[str, str | bytes]) -> Iterator[str]:
    for path, content in files.items():
        yield STEP + path
        text = content if isinstance(content, str) else content.decode("utf-8", "backslashreplace")
        yield indent(text.rstrip("\n") or "(empty)", STEP * 2)


def _fix_clause(check: Check) -> str:
    return {"safe": ", has a fix", "unsafe": ", has an unsafe fix", "": ""}[fix_of(check)]


def table(checks: Mapping[str, Check], terminal: Terminal | None) -> str:
    """The list of all checks, family by family."""
    paint = (terminal or PLAIN).paint
    width = max(map(len, checks), default=0)
    lines: list[str] = []
    family = None
    for check in in_order(checks.values()):
        if check.family != family:
            family = check.family
            lines += ["", paint(family, BOLD)] if lines else [paint(family, BOLD)]
        facts = f"{check.name:{width}}  {check.severity.label:7}  {fix_of(check) or '-':6}  {check.since}"
        lines.append(f"  {facts}  {check.title}")
    header = paint(f"  {'check':{width}}  severity fix     since  what it finds\n\n", BOLD) if lines else ""
    return header + "".join(f"{line}\n" for line in lines)
