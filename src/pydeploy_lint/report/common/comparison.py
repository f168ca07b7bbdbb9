"""Compares a run with an older report: which findings are new, which are gone."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydeploy_lint.engine.result import AppReport

NUMBER = re.compile(r"[0-9]+")
LONGEST = 1000
"""Findings that are listed, of the new ones and of those that are gone; all are counted."""


class NoReport(Exception):
    """A file is no report in JSON or JSON Lines; says why."""


class Said(NamedTuple):
    """What makes a finding the same in two reports: not its line, which moves."""

    check: str
    path: str
    message: str

    @property
    def kind(self) -> tuple[str, str, str]:
        """What stays while days go by and releases come: numbers in the message do not count."""
        return self.check, self.path, NUMBER.sub("0", self.message)


class Change(NamedTuple):
    """A finding that is in one of the reports only."""

    app: str
    finding: Said


class Old(NamedTuple):
    """An older report: the findings of each app."""

    name: str
    """Of the file."""
    apps: Mapping[str, list[Said]]


def read_old(name: str, text: str) -> Old:
    """Read a report that ``--format json`` or ``--format jsonl`` has written.

    Args:
        name: of the file.
        text: its content.

    Raises:
        NoReport: it is none.
    """
    try:
        return Old(name, {app["path"]: [_said(each) for each in app["findings"]] for app in _apps(text)})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NoReport("is no report of --format json or --format jsonl") from error


def _apps(text: str) -> Iterator[Any]:
    try:
        document = json.loads(text)
    except ValueError:
        documents = [json.loads(line) for line in text.splitlines() if line.strip()]
        if not documents:
            raise
        yield from (each for each in documents if each["schema_version"] == 1 and each["kind"] == "app")
        return
    if document["schema_version"] != 1:
        raise ValueError
    yield from [document] if document.get("kind") == "app" else document["apps"]


def _said(finding: Mapping[str, Any]) -> Said:
    said = Said(finding["check"], finding["path"], finding["message"])
    if not all(isinstance(each, str) for each in said):
        raise TypeError
    return said


class Comparison:
    """Compares the apps of a run, one after the other, with what an older report has of them."""

    def __init__(self, old: Old) -> None:
        self._old = old
        self._left = set(old.apps)
        self.new: list[Change] = []
        """The first of them; `new_count` counts all."""
        self.solved: list[Change] = []
        self.new_count = self.solved_count = self.unchanged_count = 0
        self.new_apps = 0

    def add(self, app: AppReport) -> None:
        """Compare the next app."""
        self._left.discard(app.path)
        before = self._old.apps.get(app.path)
        if before is None:
            self.new_apps += 1
        now = [Said(each.check, each.at.path, each.message) for each in app.findings]
        new, solved = _without(now, before or []), _without(before or [], now)
        self.new_count += self._keep(self.new, app.path, new)
        self.solved_count += self._keep(self.solved, app.path, solved)
        self.unchanged_count += len(now) - len(new)

    @property
    def gone_apps(self) -> int:
        """How many apps of the older report are not in the run."""
        return len(self._left)

    @property
    def sentence(self) -> str:
        """How much has changed."""
        apps = [
            f"{count:,} app{'s' * (count != 1)} {what}"
            for count, what in ((self.new_apps, "not in it"), (self.gone_apps, "only in it"))
            if count
        ]
        counts = f"{self.new_count:,} new, {self.solved_count:,} solved, {self.unchanged_count:,} unchanged"
        return "; ".join([f"Compared with {self._old.name}: {counts}", *apps])

    def as_object(self) -> Mapping[str, object]:
        """All of it for JSON."""
        return {
            "with": self._old.name,
            "new": self.new_count,
            "solved": self.solved_count,
            "unchanged": self.unchanged_count,
            "new_apps": self.new_apps,
            "gone_apps": self.gone_apps,
            "new_findings": list(map(_object, self.new)),
            "solved_findings": list(map(_object, self.solved)),
        }

    @staticmethod
    def _keep(changes: list[Change], app: str, found: list[Said]) -> int:
        room = LONGEST - len(changes)
        changes += [Change(app, said) for said in sorted(found)[: max(room, 0)]]
        return len(found)


def _without(findings: Iterable[Said], others: Iterable[Said]) -> list[Said]:
    """The findings that are left when each of the others takes away one of its kind."""
    taken = Counter(each.kind for each in others)
    left = []
    for each in sorted(findings):
        if taken[each.kind]:
            taken[each.kind] -= 1
        else:
            left.append(each)
    return left


def _object(change: Change) -> Mapping[str, str]:
    return {"app": change.app, **change.finding._asdict()}


def lines(comparison: Comparison) -> Iterator[str]:
    """The comparison for text: how much has changed, and then what."""
    yield comparison.sentence
    for sign, changes, count in (
        ("+", comparison.new, comparison.new_count),
        ("-", comparison.solved, comparison.solved_count),
    ):
        yield from _changes(sign, changes)
        if count > len(changes):
            yield f"{sign} and {count - len(changes):,} more"


def _changes(sign: str, changes: Iterable[Change]) -> Iterator[str]:
    for app, finding in changes:
        yield f"{sign} {app}: {finding.path}: [{finding.check}] {finding.message}"
