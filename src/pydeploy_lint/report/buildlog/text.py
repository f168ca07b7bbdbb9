"""The explanation of a log for people: what it says, why the build failed, how to fix it, what the files say now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.buildlog.comparison import State
from pydeploy_lint.buildlog.log import Outcome
from pydeploy_lint.buildlog.texts import Kind
from pydeploy_lint.report.buildlog import words
from pydeploy_lint.report.common.neutral import inert, visible
from pydeploy_lint.report.common.order import most_urgent_first
from pydeploy_lint.report.common.terminal import PIPE
from pydeploy_lint.report.text.full import details
from pydeploy_lint.report.text.lines import INDENT, PLACE, finding_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.buildlog.comparison import Comparison
    from pydeploy_lint.buildlog.log import BuildLog, Sighting
    from pydeploy_lint.report.common.terminal import Terminal

STYLES = {Kind.STOP: "1;31", Kind.CAUSE: "1;31", Kind.WARNING: "1;33", Kind.CODE: "1;31"}
VERDICTS = {Outcome.FAILED: "1;31", Outcome.RUN_ERRORS: "1;31", Outcome.BUILT: "1;32"}
LINK = "4;34"
UNKNOWN = "These lines look like errors, and pydeploy-lint does not know them:"
LONGEST_QUOTE = 300
"""Characters of a line of the log."""


def render(log: BuildLog, comparison: Comparison, terminal: Terminal | None, *, concise: bool = False) -> str:
    """The explanation as text.

    Args:
        log: what is known of the log.
        comparison: how the files stand to it.
        terminal: the terminal that it is for.
        concise: one line for each thing.
    """
    shown = terminal or PIPE
    blocks = _concise(log, comparison, shown) if concise else _full(log, comparison, shown)
    return "".join(f"{inert(line)}\n" for block in blocks for line in block.split("\n"))


def _full(log: BuildLog, comparison: Comparison, terminal: Terminal) -> Iterator[str]:
    yield terminal.paint(visible(words.scope(log)), PLACE)
    known = list(words.facts(log))
    if known:
        width = max(len(label) for label, _ in known)
        rest = INDENT + " " * (width + 2)
        lines = (terminal.wrap(visible(value).split(), f"{INDENT}{label:{width}}  ", rest) for label, value in known)
        yield "\n".join(["", *(line for block in lines for line in block)])
    for number, each in enumerate(log.explained):
        explanation = _explanation(each, terminal) if not number or each.error.kind is Kind.CODE else ()
        yield "\n".join(["", _heading(log, each, terminal), "", INDENT + quoted(each.text), *explanation])
    briefly = [each for each in (*log.warnings, *log.codes) if each not in log.explained]
    if briefly:
        yield "\n".join(["", *(_heading(log, each, terminal) for each in briefly)])
    if log.unknown and not log.causes and log.outcome is not Outcome.BUILT:
        yield "\n".join(_unknown(log, terminal))
    if compared := list(_compared(comparison, terminal)):
        yield "\n".join(["", *compared])
    yield "\n".join(["", *_verdict(log, terminal)])


def _concise(log: BuildLog, comparison: Comparison, terminal: Terminal) -> Iterator[str]:
    for each in (*log.explained, *(each for each in (*log.warnings, *log.codes) if each not in log.explained)):
        yield _heading(log, each, terminal)
    for finding in most_urgent_first(comparison.findings):
        yield finding_line(finding, comparison.path, terminal)
    yield from _verdict(log, terminal)


def _verdict(log: BuildLog, terminal: Terminal) -> list[str]:
    style = VERDICTS.get(log.outcome, "1;33")
    return [terminal.paint(line, style) for line in terminal.wrap(visible(words.verdict(log)).split())]


def _heading(log: BuildLog, each: Sighting, terminal: Terminal) -> str:
    times = f" ({each.times} times)" if each.times > 1 else ""
    label = f"{each.error.kind.value}[{each.error.id}]"
    return "\n".join(
        terminal.wrap(
            [
                terminal.paint(visible(f"{log.path}:{each.line}:"), PLACE),
                terminal.paint(label, STYLES[each.error.kind]),
                *f"{each.error.title}{times}".split(),
            ]
        )
    )


def _explanation(each: Sighting, terminal: Terminal) -> Iterator[str]:
    """What the line means, how to fix that, and the link."""
    yield ""
    yield from paragraphs(each.what, terminal)
    yield ""
    yield from paragraphs(each.fix, terminal)
    yield INDENT + terminal.link(terminal.paint(each.error.url, LINK), each.error.url)


def paragraphs(text: str, terminal: Terminal, indent: str = INDENT) -> Iterator[str]:
    """Text and commands, indented; a command stays on one line, as it is copied from here."""
    for line in text.split("\n"):
        if line.startswith(" "):
            yield indent + visible(line)
        else:
            yield from terminal.wrap(visible(line).split(), indent, indent)


def quoted(text: str) -> str:
    """A line of a log, which anybody may have written."""
    shown = visible(text)
    return shown if len(shown) <= LONGEST_QUOTE else shown[:LONGEST_QUOTE] + " ..."


def _unknown(log: BuildLog, terminal: Terminal) -> Iterator[str]:
    yield ""
    yield from terminal.wrap(
        ["These", "lines", "look", "like", "errors,", "and", "pydeploy-lint", "does", "not", "know", "them:"]
    )
    for each in log.unknown:
        yield f"{INDENT}{visible(log.path)}:{each.line}: {quoted(each.text)}"


def _compared(comparison: Comparison, terminal: Terminal) -> Iterator[str]:
    for line in words.comparison_lines(comparison):
        yield from terminal.wrap(visible(line).split())
    for finding in most_urgent_first(comparison.findings):
        yield ""
        yield finding_line(finding, comparison.path, terminal)
        yield from details(finding, comparison.path, terminal)
    if (more := words.others(comparison)) and comparison.state is not State.NO_APP:
        if comparison.findings:
            yield ""
        yield from terminal.wrap(visible(more).split())
