"""Baseline files: JSON, described by ``baseline.schema.json`` beside this file, with what is known of several apps."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, TypeVar

from pydeploy_lint.engine.baseline.known import Baseline, count_by_identity
from pydeploy_lint.engine.suppress.model import Identity
from pydeploy_lint.files.source import FileProblem, Source
from pydeploy_lint.files.tree import MAX_FILE_SIZE
from pydeploy_lint.finding import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydeploy_lint.files.formats.documents import Document
    from pydeploy_lint.files.formats.positions import Key
    from pydeploy_lint.finding import Finding

SCHEMA_VERSION = 1
"""Another version is another meaning, so it is refused."""
KINDS: dict[type, str] = {str: "a string", int: "a number", list: "an array"}

T = TypeVar("T", str, int, list[object])


class BaselineFile:
    """A file that was read, and its entries."""

    def __init__(self, document: Document) -> None:
        """Check a document.

        Raises:
            FileProblem: it is no baseline, or that of a newer version.
        """
        self._document = document
        self._path = document.source.path
        self._known: dict[str, dict[Identity, int]] = {}
        self._keys: dict[tuple[str, Identity], tuple[Key, ...]] = {}
        version = self._expect(int, "schema_version")
        if version != SCHEMA_VERSION:
            message = f"is a baseline of version {version}, and this pydeploy-lint knows version {SCHEMA_VERSION} only"
            raise FileProblem(document.span("schema_version"), message, invalid=True)
        for index in range(len(self._expect(list, "apps"))):
            app = self._expect(str, "apps", index, "path")
            for number in range(len(self._expect(list, "apps", index, "findings"))):
                self._add(app, ("apps", index, "findings", number))

    @classmethod
    def read(cls, path: str) -> BaselineFile:
        """Read a file.

        Raises:
            OSError: it cannot be read.
            FileProblem: it is no baseline, or that of a newer version, or is larger than `MAX_FILE_SIZE`.
        """
        from pydeploy_lint.files.formats.documents import read_json

        with open(path, "rb") as file:
            data = file.read(MAX_FILE_SIZE + 1)
        if len(data) > MAX_FILE_SIZE:
            raise FileProblem(Span(path), f"is larger than {MAX_FILE_SIZE // 1024 // 1024} MiB, and was not read")
        return cls(read_json(Source(path, data)))

    @property
    def source(self) -> Source:
        """The text of the file."""
        return self._document.source

    def _add(self, app: str, keys: tuple[Key, ...]) -> None:
        content = None if self._document.get(*keys, "content") is None else self._expect(str, *keys, "content")
        identity = Identity(self._expect(str, *keys, "check"), self._expect(str, *keys, "path"), content)
        count = self._expect(int, *keys, "count")
        if count < 1:
            at = self._document.span(*keys, "count")
            raise FileProblem(at, "is no baseline of pydeploy-lint: count must be 1 or more", invalid=True)
        known = self._known.setdefault(app, {})
        known[identity] = known.get(identity, 0) + count
        self._keys[app, identity] = keys

    def _expect(self, kind: type[T], *keys: Key) -> T:
        value = self._document.get(*keys)
        if not isinstance(value, kind) or isinstance(value, bool):
            at = self._document.span(*keys)
            raise FileProblem(at, f"is no baseline of pydeploy-lint: {keys[-1]} must be {KINDS[kind]}", invalid=True)
        return value

    def of_app(self, app_path: str) -> Baseline:
        """What is known of the app in a directory."""
        app = _relative(app_path, os.path.dirname(self._path))
        at = Span(_relative(self._path, app_path))
        return Baseline(
            self._known.get(app, {}),
            self._path,
            at,
            lambda identity: self._document.span(*self._keys[app, identity])._replace(path=at.path),
        )

    def of_others(self, app_paths: Iterable[str]) -> dict[str, Mapping[Identity, int]]:
        """What is known of all other apps, by their paths as the file has them."""
        here = {_relative(path, os.path.dirname(self._path)) for path in app_paths}
        return {app: known for app, known in self._known.items() if app not in here}


def write_baseline(path: str, apps: Mapping[str, Iterable[Finding]], repositories: Iterable[str] = ()) -> None:
    """Write what is known of apps to a file; what it says of other apps stays, also what is written at the same time.

    Args:
        path: the file.
        apps: the findings by the path of each app.
        repositories: directories whose symbolic links are not followed.

    Raises:
        OSError: the file cannot be read or written.
        FileProblem: something is there already, and is no baseline, or that of a newer version.
    """
    from pydeploy_lint.files.writing.write import check_links, replace_file, reserved

    check_links(path, repositories)
    if os.path.exists(path) and not os.path.isfile(path):
        raise FileProblem(Span(path), "is no regular file", invalid=True)
    with reserved(os.path.dirname(os.path.realpath(path))):
        known = BaselineFile.read(path).of_others(apps) if os.path.exists(path) else {}
        known |= {_relative(app, os.path.dirname(path)): count_by_identity(findings) for app, findings in apps.items()}
        document = {
            "schema_version": SCHEMA_VERSION,
            "apps": [{"path": app, "findings": _rows(known[app])} for app in sorted(known)],
        }
        replace_file(path, f"{json.dumps(document, indent=2)}\n".encode())


def _rows(known: Mapping[Identity, int]) -> list[dict[str, object]]:
    order = sorted(known, key=lambda identity: (identity.path, identity.check, identity.content or ""))
    return [{**identity._asdict(), "count": known[identity]} for identity in order]


def _relative(path: str, start: str) -> str:
    return os.path.relpath(path, start or os.curdir).replace(os.sep, "/")
