"""Which logic of the buildpack a person has looked at: hashes of its scripts, release by release.

``buildpack_logic.json`` holds for each script the releases in which its logic changed, with a hash of it. Comments,
messages and the lines that the extractors of `buildpack_release` read do not count. Whatever else changes, somebody
has to judge whether a rule changed with it: no extractor can know.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from buildpack_release import CHECKS, PYTHON_VERSION, Release

LOGIC = re.compile(r"bin/(?:compile|detect|release|utils|steps/.+)|lib/[^/]+\.sh")
"""The scripts that decide what becomes of a build."""
VERDICTS = "reasons and warnings"
"""Stands for a script: every reason to stop, and the first line of every warning, in ``bin`` and ``lib``."""
_VERDICT = re.compile(r'"failure_reason" "[^"]+"|Warning: .*')
_DEPRECATION = "Warning: Support for Python "

_MESSAGE = re.compile(r"^(?:output::|display_|puts-|puts_)\w+ +<<-?\s*(['\"]?)(\w+)\1$")
_HEREDOC = re.compile(r"(?<!<)<<-?\s*(['\"]?)(\w+)\1")
_ONE_LINE_MESSAGE = re.compile(r"""^((?:output::|puts-)\w+) (?:"(?:[^"$`\\]|\$\{[\w]+\}|\\.)*"|'[^']*')$""")
_ARRAY = {
    "bin/detect": re.compile(r"^KNOWN_PYTHON_PROJECT_FILES=\($"),
    PYTHON_VERSION: re.compile(r"^MISSPELLED_PYTHON_VERSION_FILE_NAMES=\($"),
}
_EXTRACTED: Mapping[str, tuple[tuple[re.Pattern[str], str | None], ...]] = {
    PYTHON_VERSION: (
        (re.compile(r'^LATEST_PYTHON_3_(\d+)="3\.\1\.\d+"$'), None),
        (re.compile(r"^(OLDEST|NEWEST)_SUPPORTED_PYTHON_3_MINOR_VERSION=\d+$"), r"\1_SUPPORTED"),
        (re.compile(r'^3\.(\d+)\) echo "\$\{LATEST_PYTHON_3_\1\}" ;;$'), None),
        (re.compile(r'^DEFAULT_PYTHON_FULL_VERSION="\$\{LATEST_PYTHON_3_\d+\}"$'), "DEFAULT"),
    ),
    CHECKS: ((re.compile(r"^(?:cedar\*|heroku-\d+)(?: \| heroku-\d+)*\)$"), "STACKS)"),),
}
"""By script: the lines that the extractors read, and what stands for them; None: nothing."""
_NOTICE = re.compile(r'^(if|elif) \[\[ "\$\{requested_major_version\}" == "3\.\d+" \]\]; then$')
"""The condition of a deprecation notice; there may be any number of them, and the extractor reads each."""


class Change(NamedTuple):
    """A script whose logic nobody has looked at."""

    path: str
    lines: tuple[str, ...]
    """What was removed and added, each line with ``-`` or ``+``."""


def essence(path: str, text: str) -> list[str]:
    """The lines of a script that are logic and that no extractor reads."""
    return list(_without_notices(_extracted_left_out(path, _code(path, text))))


def _code(path: str, text: str) -> Iterator[str]:
    """The lines without comments, indentation, and what is only said to users."""
    ends: list[tuple[str, bool]] = []
    in_array = False
    for line in (line.strip() for line in text.splitlines()):
        if ends:
            end, is_message = ends[0]
            if line == end:
                ends.pop(0)
            elif not is_message or "$(" in line or "`" in line.replace("\\`", ""):
                yield line
        elif in_array:
            in_array = line != ")"
        elif line and not line.startswith("#"):
            ends = [(end, bool(_MESSAGE.match(line))) for _, end in _HEREDOC.findall(line)]
            in_array = path in _ARRAY and _ARRAY[path].match(line) is not None
            yield line.partition(" <<")[0] if _MESSAGE.match(line) else _ONE_LINE_MESSAGE.sub(r"\1", line)


def _extracted_left_out(path: str, lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        for pattern, replacement in _EXTRACTED.get(path, ()):
            if pattern.match(line):
                if replacement:
                    yield pattern.sub(replacement, line)
                break
        else:
            yield line


def _without_notices(lines: Iterator[str]) -> Iterator[str]:
    rest = list(lines)
    number = 0
    while number < len(rest):
        end = _end_of_notices(rest, number)
        if end is None:
            yield rest[number]
        number = number + 1 if end is None else end


def _end_of_notices(lines: list[str], number: int) -> int | None:
    """Where the deprecation notices end that begin at a line; None where none begins."""
    keyword = "if"
    while number + 2 < len(lines) and lines[number + 1] == "output::warning":
        condition = _NOTICE.match(lines[number])
        if condition is None or condition[1] != keyword:
            return None
        number += 2
        if lines[number] == "fi":
            return number + 1
        keyword = "elif"
    return None


def logic_of(release: Release) -> dict[str, list[str]]:
    """The logic of a release by script, and its reasons and warnings."""
    logic = {path: essence(path, text) for path, text in release.texts.items() if LOGIC.fullmatch(path)}
    verdicts = {
        verdict
        for path, text in release.texts.items()
        if path.startswith(("bin/", "lib/"))
        for verdict in _VERDICT.findall(text)
        if not verdict.startswith(_DEPRECATION)
    }
    return {**logic, VERDICTS: sorted(verdicts)}


def digest(lines: list[str]) -> str:
    """A hash of the logic of a script."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:20]


class KnownLogic:
    """The hashes that were looked at: by script, the releases from which each counts; None: there is no such script."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._source = data["source"]
        self._files: dict[str, list[tuple[str, str | None]]] = {
            path: [(release, known) for release, known in entries] for path, entries in data["files"].items()
        }

    def changes(self, release: Release, before: Release | None) -> list[Change]:
        """The scripts whose logic is not the known one, with what changed since the release before."""
        now, old = logic_of(release), logic_of(before) if before else {}
        return [
            Change(path, tuple(_difference(old.get(path, []), now.get(path, []))))
            for path in sorted({*now, *self._files})
            if self._known(path, release.name) != (digest(now[path]) if path in now else None)
        ]

    def accept(self, release: Release) -> None:
        """Take the logic of a release for looked at."""
        now = logic_of(release)
        for path in sorted({*now, *self._files}):
            made = digest(now[path]) if path in now else None
            if self._known(path, release.name) != made:
                kept = [entry for entry in self._files.get(path, []) if _number(entry[0]) < _number(release.name)]
                self._files[path] = [*kept, (release.name, made)]

    def _known(self, path: str, release: str) -> str | None:
        counting = [known for since, known in self._files.get(path, []) if _number(since) <= _number(release)]
        return counting[-1] if counting else None

    def render(self) -> str:
        """The file's text, a line for each script and hash, so that a diff reads well."""
        files = ",\n".join(
            f" {json.dumps(path)}: [\n"
            + ",\n".join(f"  {json.dumps([release, known])}" for release, known in entries)
            + "\n ]"
            for path, entries in sorted(self._files.items())
        )
        return f'{{\n"source": {json.dumps(self._source)},\n"files": {{\n{files}\n}}\n}}\n'


def _difference(old: list[str], new: list[str]) -> Iterator[str]:
    for line in difflib.unified_diff(old, new, n=0, lineterm=""):
        if not line.startswith(("---", "+++", "@@")):
            yield line


def _number(release: str) -> int:
    return int(release[1:])
