"""The findings that are known already, so that only new ones are reported: from a file, or from another revision.

A finding is known by its check, its path and the text of its line, not by the line's number. Equal ones are counted.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pydeploy_lint.finding import Span
from pydeploy_lint.suppress import Origin, Suppressed, Suppression
from pydeploy_lint.text import FileProblem, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pydeploy_lint.documents import Document
    from pydeploy_lint.documents.positions import Key
    from pydeploy_lint.finding import Finding

SCHEMA_VERSION = 1
"""Of the files; see ``baseline.schema.json``. Another version is another meaning, so it is refused."""
LONGEST_CONTENT = 200
"""Characters; of a longer line, such as that of a lockfile on one line, only the reported stretch counts."""
KINDS: dict[type, str] = {str: "a string", int: "a number", list: "an array"}

T = TypeVar("T", str, int, list[object])


class Identity(NamedTuple):
    """What makes a finding the same after other lines have changed."""

    check: str
    path: str
    content: str | None
    """The text of its line; None where it is about a whole file, perhaps a missing one."""


class Stale(NamedTuple):
    """An entry of a baseline file that more findings belong to than there are."""

    identity: Identity
    missing: int
    at: Span


def identity(finding: Finding) -> Identity:
    """What a finding is known by."""
    line, at = finding.source_line, finding.at
    if line is not None and at.column is not None and len(line) > LONGEST_CONTENT:
        end = at.end_column - 1 if at.end_column is not None and at.end_line == at.line else None
        line = line[at.column - 1 : end][:LONGEST_CONTENT]
    return Identity(finding.check, at.path, None if line is None else line.strip())


class Baseline:
    """What is known of one app."""

    def __init__(
        self,
        known: Mapping[Identity, int],
        source: str,
        at: Span | None = None,
        place: Callable[[Identity], Span] | None = None,
    ) -> None:
        """Remember findings.

        Args:
            known: how many there are of each.
            source: a file or a revision.
            at: the file, as seen from the app; None for a revision.
            place: where the entry of a file is; without it, no entry is ever stale.
        """
        self._known = known
        self._source = source
        self._at = at
        self._place = place

    @classmethod
    def of_revision(cls, rev: str, findings: Iterable[Finding]) -> Baseline:
        """What another revision has."""
        return cls(Counter(map(identity, findings)), rev)

    def subtract(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Suppressed], tuple[Stale, ...]]:
        """Split findings into new ones and known ones; and the entries that are left over."""
        left = Counter(self._known)
        new: list[Finding] = []
        known: list[Suppressed] = []
        for finding in findings:
            which = identity(finding)
            if left[which]:
                left[which] -= 1
                reason = f"known in {self._source}"
                known.append(Suppressed(finding, Suppression(Origin.BASELINE, (finding.check,), reason, self._at)))
            else:
                new.append(finding)
        place = self._place
        return new, known, tuple(Stale(which, count, place(which)) for which, count in left.items() if count and place)


class BaselineFile:
    """A file with what is known of several apps, whose paths in it are relative to the file's directory."""

    def __init__(self, path: str, document: Document) -> None:
        """Check a document.

        Raises:
            FileProblem: it is no baseline, or that of a newer version.
        """
        self.path = path
        self._document = document
        self._entries: dict[str, dict[Identity, int]] = {}
        self._keys: dict[tuple[str, Identity], tuple[Key, ...]] = {}
        if (version := self._expect(int, "schema_version")) != SCHEMA_VERSION:
            raise FileProblem(
                document.span("schema_version"),
                f"is a baseline of version {version}, and this pydeploy-lint knows version {SCHEMA_VERSION} only:"
                " update it, or move the file away and write a new one with --write-baseline",
                invalid=True,
            )
        for index in range(len(self._expect(list, "apps"))):
            app = self._expect(str, "apps", index, "path")
            for number in range(len(self._expect(list, "apps", index, "findings"))):
                self._add(app, ("apps", index, "findings", number))

    @classmethod
    def read(cls, path: str) -> BaselineFile:
        """Read a file.

        Raises:
            OSError: it cannot be read.
            FileProblem: it is no baseline, or that of a newer version.
        """
        from pydeploy_lint.documents import read_json

        with open(path, "rb") as file:
            return cls(path, read_json(Source(path, file.read())))

    def _add(self, app: str, keys: tuple[Key, ...]) -> None:
        content = None if self._document.get(*keys, "content") is None else self._expect(str, *keys, "content")
        entry = Identity(self._expect(str, *keys, "check"), self._expect(str, *keys, "path"), content)
        count = self._expect(int, *keys, "count")
        if count < 1:
            raise FileProblem(
                self._document.span(*keys, "count"), "is no baseline: count must be 1 or more", invalid=True
            )
        known = self._entries.setdefault(app, {})
        known[entry] = known.get(entry, 0) + count
        self._keys[app, entry] = keys

    def _expect(self, kind: type[T], *keys: Key) -> T:
        value = self._document.get(*keys)
        if not isinstance(value, kind) or isinstance(value, bool):
            at = self._document.span(*keys)
            raise FileProblem(at, f"is no baseline: {keys[-1]} must be {KINDS[kind]}", invalid=True)
        return value

    def of_app(self, app_path: str) -> Baseline:
        """What is known of an app.

        Args:
            app_path: its root directory.
        """
        app = _relative(app_path, os.path.dirname(self.path))
        at = Span(_relative(self.path, app_path))
        return Baseline(
            self._entries.get(app, {}),
            self.path,
            at,
            lambda which: self._document.span(*self._keys[app, which])._replace(path=at.path),
        )

    def without(self, apps: Iterable[str]) -> dict[str, dict[Identity, int]]:
        """What is known of other apps, by their paths as the file has them."""
        here = {_relative(path, os.path.dirname(self.path)) for path in apps}
        return {app: known for app, known in self._entries.items() if app not in here}


def write_baseline(path: str, apps: Mapping[str, Iterable[Finding]]) -> None:
    """Write what is known of apps to a file, from which later runs subtract it.

    What the file says of other apps stays.

    Args:
        path: the file.
        apps: the findings by the path of each app.

    Raises:
        OSError: it cannot be read or written.
        FileProblem: a file is there already, and is no baseline, or that of a newer version.
    """
    from pydeploy_lint.write import write_whole

    known: dict[str, Mapping[Identity, int]] = {}
    if os.path.exists(path):
        known |= BaselineFile.read(path).without(apps)
    known |= {_relative(app, os.path.dirname(path)): Counter(map(identity, found)) for app, found in apps.items()}
    document = {
        "schema_version": SCHEMA_VERSION,
        "apps": [{"path": app, "findings": _rows(known[app])} for app in sorted(known)],
    }
    write_whole(path, f"{json.dumps(document, indent=2)}\n".encode())


def _rows(known: Mapping[Identity, int]) -> list[dict[str, object]]:
    order = sorted(known, key=lambda which: (which.path, which.check, which.content or ""))
    return [{**which._asdict(), "count": known[which]} for which in order]


def _relative(path: str, start: str) -> str:
    return os.path.relpath(path, start or os.curdir).replace(os.sep, "/")
