"""The documentation of errors for the terminal: of a failure reason, of a code such as H10, of a line of a log."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.buildlog.clean import clean
from pydeploy_lint.buildlog.reader import code_in
from pydeploy_lint.buildlog.texts import STEPS, ErrorText, filled, load
from pydeploy_lint.cli.about.explain import BOLD, BROADEST, PLAIN
from pydeploy_lint.report.buildlog.text import paragraphs, quoted
from pydeploy_lint.report.common.neutral import json_text
from pydeploy_lint.report.json import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.report.common.terminal import Terminal


class Topic(NamedTuple):
    """A text to explain."""

    error: ErrorText
    text: str
    """The line as it was asked about, or else an example."""
    parts: dict[str, str]
    """Its named parts."""


def topics(asked: str) -> list[Topic]:
    """What is known of a failure reason, a code, the name of an error or lines of a log; empty: nothing."""
    texts = load()
    code = texts.by_code.get(asked.upper())
    named = (code,) if code else texts.of_reason(asked) or tuple(each for each in texts.errors if each.id == asked)
    if named:
        return [Topic(each, each.text, each.example) for each in named]
    found = (topic for number, raw in enumerate(asked.splitlines(), 1) if (topic := _line(clean(number, raw).text)))
    return list(found)[:1]


def _line(text: str) -> Topic | None:
    texts = load()
    if (code := code_in(text)) and code in texts.by_code:
        return Topic(texts.by_code[code], text, {})
    matches = ((each, each.match(text)) for each in texts.errors)
    return next((Topic(each, text, parts) for each, parts in matches if parts is not None), None)


def document(found: list[Topic]) -> str:
    """Everything that is known of some texts, as a JSON document."""
    return json_text({"schema_version": SCHEMA_VERSION, "errors": [_facts(topic) for topic in found]})


def _facts(topic: Topic) -> dict[str, object]:
    error = topic.error
    return {
        "id": error.id,
        "kind": error.kind.value,
        "title": error.title,
        "text": topic.text,
        "code": error.code,
        "failure_reason": error.reason,
        "steps": error.steps,
        "since": error.since,
        "until": error.until,
        "checks": error.checks,
        "what": filled(error.what, topic.parts),
        "help": filled(error.fix, topic.parts),
        "source": error.source,
        "date": error.date,
        "url": error.url,
    }


def pages(found: list[Topic], terminal: Terminal | None) -> str:
    """Everything that is known of some texts."""
    shown = terminal or PLAIN
    shown = shown._replace(columns=min(shown.columns, BROADEST))
    return "\n".join("\n".join(_page(topic, shown)) + "\n" for topic in found)


def _page(topic: Topic, terminal: Terminal) -> Iterator[str]:
    error = topic.error
    yield terminal.paint(f"{error.id}: {error.title}", BOLD)
    yield f"\n    {quoted(topic.text)}\n"
    yield from terminal.wrap(occurrence(error).split(), "", "")
    yield ""
    yield from paragraphs(filled(error.what, topic.parts), terminal, "")
    yield ""
    yield terminal.paint("How to fix", BOLD)
    yield ""
    yield from paragraphs(filled(error.fix, topic.parts), terminal, "")
    if error.checks:
        yield ""
        yield from terminal.wrap(f"Checks that may find it in the files: {', '.join(error.checks)}".split(), "", "")
    yield f"\nSource: {error.source} ({error.date})\nMore: {error.url}"


def occurrence(error: ErrorText) -> str:
    """Where and by which releases of the buildpack a text is printed."""
    steps = " or ".join(STEPS[step] for step in error.steps) or "deploying or running the app"
    reason = f", failure reason {error.reason}" if error.reason else ""
    return f"Printed while {steps}{_releases(error)}{reason}."


def _releases(error: ErrorText) -> str:
    if error.since and error.until:
        return f", by the buildpack from {error.since} to {error.until}"
    if error.since:
        return f", by the buildpack since {error.since}"
    return f", by the buildpack up to {error.until}" if error.until else ""
