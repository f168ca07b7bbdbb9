"""The documentation of checks for the terminal: a page for one of them, and the list of all."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

from pydeploy_lint.report.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydeploy_lint.check import Check, Example

PLAIN = Terminal(columns=80, colour=False)
BOLD = "1"
STEP = "    "


def page(check: Check, terminal: Terminal | None) -> str:
    """The manual page of a check, made from its docstring and its examples."""
    paint = (terminal or PLAIN).paint
    _, _, body = check.documentation.partition("\n")
    blocks = [paint(f"{check.name}: {check.title}", BOLD), f"Severity {check.severity.label}, family {check.family}"]
    blocks += [
        paint(block[3:], BOLD) if block.startswith("## ") else block for block in body.strip().split("\n\n") if block
    ]
    for heading, examples in (("Reported", check.bad), ("Not reported", check.good)):
        for example in examples:
            blocks.append(paint(f"{heading}{_circumstances(example)}:", BOLD))
            blocks.append("\n".join(_files(example.files)))
    if check.url:
        blocks.append(f"More: {check.url}")
    return "\n\n".join(blocks) + "\n"


def _circumstances(example: Example) -> str:
    place = f" at {', '.join(example.at)}" if example.at else ""
    options = "".join(f" --{name} {value}" for name, value in example.options.items())
    return f"{place}, with{options}" if options else place


def _files(files: Mapping[str, str | bytes]) -> Iterator[str]:
    for path, content in files.items():
        yield STEP + path
        text = content if isinstance(content, str) else content.decode("utf-8", "backslashreplace")
        yield indent(text.rstrip("\n") or "(empty)", STEP * 2)


def table(checks: Mapping[str, Check], terminal: Terminal | None) -> str:
    """The list of all checks, family by family."""
    paint = (terminal or PLAIN).paint
    width = max(map(len, checks), default=0)
    lines: list[str] = []
    family = None
    for check in sorted(checks.values(), key=lambda check: (check.family, check.name)):
        if check.family != family:
            family = check.family
            lines += ["", paint(family, BOLD)] if lines else [paint(family, BOLD)]
        lines.append(f"  {check.name:{width}}  {check.severity.label:7}  {check.title}")
    return "".join(f"{line}\n" for line in lines)
