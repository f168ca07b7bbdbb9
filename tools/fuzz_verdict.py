"""What a run of pydeploy-lint must be, whatever the app: quick, small, well formed, and about the app only."""

from __future__ import annotations

import contextlib
import csv
import datetime
import io
import json
import random
import re
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import FrameType
from xml.etree import ElementTree

from pydeploy_lint.api import judge
from pydeploy_lint.cli.main import main
from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.engine.result import Report
from pydeploy_lint.files.deployed import open_tree
from pydeploy_lint.finding import Severity
from pydeploy_lint.heroku.history import UnknownRelease
from pydeploy_lint.report.formats import FORMATS, render
from pydeploy_lint.settings.configuration import ConfigurationError
from pydeploy_lint.testing import options_for

CPU_SECONDS = 3.0
"""What one step may take for an app of less than 200 kB."""
MEGABYTES = 200
"""What one app may add to the memory of the process."""
AS_OF = datetime.date(2026, 11, 23)
STATUSES = {0, 1, 2, 3}
"""Clean, something found, a configuration that is wrong, or no app of Python."""
NOT_INERT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
COMMAND = re.compile(r"^\s*(?:::(?!error |warning |notice )|##\[)", re.MULTILINE)
OPTIONS: tuple[list[str], ...] = (
    *([], ["--plan"], ["--diff"], ["--diff", "--unsafe-fixes"], ["--until"], ["--isolated"], ["--format", "github"]),
    *(["--format", "jsonl"], ["--stack", "heroku-22"], ["--buildpack", "v300"], ["--statistics"]),
)


class TookTooLong(BaseException):
    """The watchdog bit."""


@contextlib.contextmanager
def watched() -> Iterator[list[str]]:
    """Break off what takes more than three times what it may, and say so in a list: others may catch what is raised."""
    bites: list[str] = []

    def bite(_number: int, _frame: FrameType | None) -> None:
        bites.append(f"took more than {3 * CPU_SECONDS:g} s")
        raise TookTooLong

    before = signal.signal(signal.SIGPROF, bite)
    signal.setitimer(signal.ITIMER_PROF, 3 * CPU_SECONDS)
    try:
        yield bites
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def flaws(root: Path, dice: random.Random) -> list[str]:
    """Everything that is wrong with judging, showing and fixing an app.

    Args:
        root: the app, in a directory that holds nothing else but what must stay as it is.
        dice: chooses what is tried beside the judgement.
    """
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    before = _contents(root.parent)
    found = [*_bounded("judging", lambda: _judged(root, dice))]
    if dice.random() < 0.2:
        found += _bounded("the command line", lambda: _command_line(root, dice.choice(OPTIONS)))
    if _contents(root.parent) != before:
        found.append("judging changed files")
    if dice.random() < 0.3:
        found += _bounded("fixing", lambda: _fixed(root, unsafe=dice.random() < 0.7))
    megabytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / (
        1 if sys.platform == "darwin" else 1024
    )
    if megabytes > MEGABYTES:
        found.append(f"took {MEGABYTES} MB")
    return found


def _bounded(what: str, work: Callable[[], list[str]]) -> list[str]:
    start = time.process_time()
    found = []
    try:
        with watched() as bites, contextlib.suppress(TookTooLong):
            found = work()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - that is what is looked for
        return [f"{what}: {_where(error)}"]
    took = time.process_time() - start
    if bites:
        return [f"{what} {bites[0]}"]
    return [*found, f"{what} took {took:.0f} s"] if took > CPU_SECONDS else found


def _where(error: BaseException) -> str:
    """The kind of an error and the place where it was raised, which is the same for all that have one cause."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {place}"


def _judged(root: Path, dice: random.Random) -> list[str]:
    registry = load_registry()
    try:
        options = options_for(root, {"as-of": AS_OF.isoformat()}, registry.checks.values())
        judged = judge(open_tree(str(root)), options, registry, path="app")
    except (ConfigurationError, UnknownRelease):
        return []  # refused before any check runs
    found = [note.message for note in judged.complete.notifications if note.severity is Severity.ERROR]
    from pydeploy_lint.report.plan.plan import plan
    from pydeploy_lint.report.plan.text import render as render_plan

    report = Report("1", (judged.report,), registry.checks, ())
    for name in dice.sample(sorted(FORMATS), 3):
        found += [f"{name}: {flaw}" for flaw in of_output(name, render(name, report))]
    found += [
        f"plan: {flaw}" for flaw in of_output("plan", render_plan("app", plan(judged.app, judged.complete), None))
    ]
    return found


def _run(arguments: list[str]) -> tuple[int, str, str]:
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        status = main(arguments, AS_OF)
    return status, out.getvalue(), err.getvalue()


def _command_line(root: Path, options: list[str]) -> list[str]:
    status, out, err = _run([*options, "--as-of", AS_OF.isoformat(), str(root)])
    found = [] if status in STATUSES else [f"status {status}: {err.splitlines()[-1:]}"]
    found += [f"standard error: {flaw}" for flaw in of_output("stderr", err)]
    return found if "--diff" in options else [*found, *of_output("text", out)]


def _fixed(root: Path, *, unsafe: bool) -> list[str]:
    arguments = ["--fix", *(["--unsafe-fixes"] if unsafe else []), "--as-of", AS_OF.isoformat(), str(root)]
    outside = {path: data for path, data in _contents(root.parent).items() if not path.startswith(f"{root}/")}
    status, _, err = _run(arguments)
    once = _contents(root)
    again, _, _ = _run(arguments)
    found = [] if {status, again} <= STATUSES else [f"fixing: status {status}, then {again}: {err.splitlines()[-1:]}"]
    if _contents(root) != once:
        found.append("fixing twice changes more than fixing once")
    if {path: data for path, data in _contents(root.parent).items() if not path.startswith(f"{root}/")} != outside:
        found.append("fixing changed what is outside of the app")
    return found


def _contents(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file() and not path.is_symlink()}


def of_output(name: str, text: str) -> list[str]:
    """What is wrong with a report."""
    found = []
    if bad := NOT_INERT.search(text):
        found.append(f"holds {bad[0]!r}")
    if name not in ("json", "jsonl", "sarif", "gitlab", "html", "junit", "csv") and COMMAND.search(text):
        found.append("holds a workflow command")
    try:
        _parse(name, text)
    except (ValueError, ElementTree.ParseError, csv.Error, AssertionError) as error:
        found.append(f"is not well formed: {error}")
    return found


def _parse(name: str, text: str) -> None:
    if name in ("json", "sarif", "gitlab"):
        json.loads(text, parse_constant=_refuse)
    elif name == "jsonl":
        for line in text.splitlines():
            json.loads(line, parse_constant=_refuse)
    elif name == "junit":
        ElementTree.fromstring(text)  # noqa: S314 - our own
    elif name == "csv":
        widths = {len(row) for row in csv.reader(io.StringIO(text), strict=True)}
        if len(widths) > 1:
            raise ValueError(f"rows of {sorted(widths)} columns")
    elif name == "html":
        _Page().feed(text)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


class _Page(HTMLParser):
    """A page that runs nothing and loads nothing."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at a tag of the page."""
        if tag in ("script", "iframe", "object", "embed", "base", "form"):
            raise ValueError(f"a {tag}")
        for name, value in attrs:
            if name.startswith("on") or (name == "style" and "url" in (value or "")):
                raise ValueError(f"an attribute {name}")
            if name in ("href", "src", "action") and not (value or "").startswith(("https://", "#", "data:image/svg")):
                raise ValueError(f"an address {value!r}")
