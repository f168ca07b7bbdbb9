"""Reads a log: how far the last build in it came, with what, and why it failed."""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING

from pydeploy_lint.buildlog.clean import Line, clean
from pydeploy_lint.buildlog.excerpt import read_excerpt
from pydeploy_lint.buildlog.log import BuildLog, Facts, Outcome, Sighting, Unknown
from pydeploy_lint.buildlog.texts import HOOKS, STEPS, ErrorText, Kind, Mark, load
from pydeploy_lint.buildlog.unwrap import unwrap

if TYPE_CHECKING:
    from typing import BinaryIO

CODE = re.compile(r"(?:.*\bcode=|.*\bError )(?P<code>[HRL]\d\d)\b")
"""As the router and the dyno manager print it."""
LOOKS_LIKE_AN_ERROR = re.compile(
    r"(?:\[?(?i:error|fatal|critical)\]?:|error\[)\s*\S|(?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception)(?:: |$)"
    r"|.*: (?:command not found|No such file or directory)$"
)
BEFORE_INSTALLATION = tuple(STEPS)[1 : tuple(STEPS).index("INSTALLATION")]
MOST_CAUSES, MOST_UNKNOWN = 3, 5


def read_log(stream: BinaryIO, path: str) -> BuildLog:
    """Read a log, of any size and encoding.

    Args:
        stream: where it is read from.
        path: its name in the report.
    """
    excerpt = read_excerpt(stream)
    lines = list(excerpt.lines())
    reading, builds = _Reading(), 0
    for number, raw in unwrap(lines):
        line = clean(number, raw)
        found = mark_in(line.text)
        if found and found[0].begins and not reading.is_beginning:
            reading, builds = _Reading(), builds + 1
        reading.take(line, found)
    number = lines[-1][0] if lines else 0
    return reading.result(path, number, excerpt.left_out, max(builds, int(reading.step is not None)))


def code_in(line: str) -> str | None:
    """The code of an error of a running app that a line reports."""
    found = CODE.match(line)
    return found["code"] if found else None


def mark_in(line: str) -> tuple[Mark, dict[str, str]] | None:
    """The mark that a line is, and the facts in it."""
    texts = load()
    if not texts.any_of_them.match(line):
        return None
    found = ((mark, mark.match(line)) for mark in texts.marks)
    return next(((mark, facts) for mark, facts in found if facts is not None), None)


class _Reading:
    """What is known of a build after some of its lines."""

    def __init__(self) -> None:
        self.step: str | None = None
        """The last step that a mark told of."""
        self._facts: dict[str, str] = {}
        self._buildpacks: list[str] = []
        self._discarded: list[str] = []
        self._seen: dict[object, Sighting] = {}
        self._unknown: deque[Unknown] = deque(maxlen=MOST_UNKNOWN)
        self._is_built = False
        self._has_crashed = False

    @property
    def is_beginning(self) -> bool:
        """Whether nothing is known yet but that a build begins."""
        return self.step == "PUSH" and not self._of(Kind.STOP)

    def take(self, line: Line, found: tuple[Mark, dict[str, str]] | None) -> None:
        """Take in a line, and the mark in it, if it has one."""
        if code := code_in(line.text):
            self._see_code(line, code)
        if found:
            self._reach(*found)
        elif load().any_of_them.match(line.text):
            self._see(line)
        else:
            self._note_unknown(line)

    def _reach(self, mark: Mark, facts: dict[str, str]) -> None:
        if mark.step:
            self.step = mark.step
        if mark.built or mark.released:
            self._is_built = True
            self._forget_failures()
        self._buildpacks += [facts[name] for name in ("buildpack", "listed_buildpack") if name in facts]
        self._discarded += [facts["discarded"].rstrip(".")] if "discarded" in facts else []
        self._has_crashed |= facts.get("state") == "crashed" or facts.get("status", "0") != "0"
        self._facts.update(facts)

    def _forget_failures(self) -> None:
        """What failed, and did not keep the build from its success."""
        self._seen = {key: each for key, each in self._seen.items() if each.error.kind in (Kind.WARNING, Kind.CODE)}
        self._unknown.clear()

    def _see(self, line: Line) -> None:
        step = self._step_of(line)
        for error in load().errors:
            parts = error.match(line.text)
            if parts is not None and _fits(error, step):
                self._count(Sighting(error, line.number, line.text, parts, step))
                return
        self._note_unknown(line)

    def _see_code(self, line: Line, code: str) -> None:
        error = load().by_code.get(code)
        if error:
            self._count(Sighting(error, line.number, line.text, {}, "RUN"))

    def _count(self, sighting: Sighting) -> None:
        key = (sighting.error.id, tuple(sighting.parts.items()))
        known = self._seen.get(key)
        self._seen[key] = known._replace(times=known.times + 1) if known else sighting

    def _note_unknown(self, line: Line) -> None:
        if LOOKS_LIKE_AN_ERROR.match(line.text):
            self._unknown.append(Unknown(line.number, line.text))

    def _step_of(self, line: Line) -> str | None:
        process = line.process
        if process is None or process == "api":
            return self.step
        return "RELEASE" if process.startswith("release") else "RUN"

    def result(self, path: str, lines: int, left_out: int, builds: int) -> BuildLog:
        """What is known after the last line."""
        stop = self._stop()
        codes = sorted(self._of(Kind.CODE), key=lambda each: -each.times)
        causes = self._causes()
        outcome = self._outcome(stop, causes, codes)
        return BuildLog(
            path,
            lines,
            left_out,
            builds,
            outcome,
            self._failed_step(stop, causes) if outcome is Outcome.FAILED else self.step,
            self._known_facts(),
            stop,
            causes,
            tuple(self._of(Kind.WARNING)),
            tuple(codes),
            tuple(self._unknown),
        )

    def _of(self, kind: Kind) -> list[Sighting]:
        return [each for each in self._seen.values() if each.error.kind is kind]

    def _stop(self) -> Sighting | None:
        """The first line that says at which step the build stops, or else that it does."""
        stops = self._of(Kind.STOP)
        return next((each for each in stops if not each.error.general), next(iter(stops), None))

    def _causes(self) -> tuple[Sighting, ...]:
        """One for each thing that is wrong: of several texts on the same thing the most specific one."""
        causes = self._of(Kind.CAUSE)
        # What stands before the first mark may be another program's.
        causes = [each for each in causes if each.step] or causes
        specific = [each for each in causes if not each.error.general]
        rank = {error.id: number for number, error in enumerate(load().errors)}
        best: dict[object, Sighting] = {}
        for each in sorted(specific or causes, key=lambda each: rank[each.error.id]):
            about = tuple(each.parts.values()) or each.error.id
            best.setdefault(about, each)
        return tuple(sorted(best.values(), key=lambda each: each.line)[:MOST_CAUSES])

    def _outcome(self, stop: Sighting | None, causes: tuple[Sighting, ...], codes: list[Sighting]) -> Outcome:
        if stop:
            return Outcome.FAILED
        if self._has_crashed or any(each.step == "RUN" for each in (*causes, *codes)):
            return Outcome.RUN_ERRORS
        if self._is_built:
            return Outcome.BUILT
        return Outcome.UNFINISHED if self.step or causes else Outcome.UNKNOWN

    def _failed_step(self, stop: Sighting | None, causes: tuple[Sighting, ...]) -> str | None:
        """The step that the stop is about; one that only says that the build failed is about the last one reached."""
        if stop and stop.error.steps and stop.error.steps[0] != "PUSH":
            return stop.error.steps[0]
        steps = (each.step or (each.error.steps[0] if len(each.error.steps) == 1 else None) for each in causes)
        return self.step or next(filter(None, steps), None)

    def _known_facts(self) -> Facts:
        facts = self._facts
        manager = facts.get("manager")
        stack = facts.get("stack_number")
        return Facts(
            buildpacks=tuple(dict.fromkeys(self._buildpacks)),
            stack=f"heroku-{stack}" if stack else None,
            python_requested=facts.get("requested"),
            python_origin=facts.get("origin"),
            python=facts.get("python") or facts.get("other_python"),
            cache=facts.get("cache"),
            discarded=tuple(dict.fromkeys(self._discarded)),
            manager=manager,
            manager_version=facts.get(manager) if manager else None,
            command=facts.get("command"),
        )


def _fits(error: ErrorText, step: str | None) -> bool:
    """Whether a text belongs to a step; the build's own say themselves where they stand."""
    if error.kind is not Kind.CAUSE or not error.steps or step is None:
        return True
    # A shortened log lacks the line with which the installation begins.
    return step in error.steps or step in HOOKS or (step in BEFORE_INSTALLATION and "INSTALLATION" in error.steps)
