"""Measures what a run of pydeploy-lint costs, in interpreters that start and do nothing.

    python benchmarks/startup.py [--check]

Whole processes are measured, with the CPU time and the peak memory that the kernel counts for them. All cases take
turns, so that a busy machine slows all of them alike; of several runs the median counts. A ratio to a bare
interpreter of the same turn says the same on every machine, which seconds do not. A turn that does not count comes
first, in which the interpreter keeps the bytecode, as pip does when it installs a package.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
FOLDERS = 1000
IDENTITY = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"]
GIT_INDEX = 3
"""What git may take to read an index of 100,000 files, which it does as a whole."""
MEGABYTE = 1_000_000


CHANGE_THE_COST = {"GITHUB_ACTIONS", "PYTHONDONTWRITEBYTECODE"}
"""Variables that no case gets."""


class Case(NamedTuple):
    """A command line to measure, and what it may cost."""

    name: str
    arguments: list[str]
    budget: float | None
    """The most that its CPU time may be, as a multiple of a bare interpreter's."""
    over: str | None = None
    """The case over which the budget counts; None: over nothing."""
    memory: float | None = None
    """The most memory that it may use at a time, in megabytes."""


class Cost(NamedTuple):
    """What one process used."""

    seconds: float
    memory: float
    """In megabytes. At least what this script uses, as the kernel counts the process before it runs the program."""


BARE = Case("bare interpreter", [sys.executable, "-c", "pass"], None)


def cases(program: str, apps: Path) -> list[Case]:
    """What is measured.

    Args:
        program: the path of pydeploy-lint.
        apps: where `plant` has put the apps.
    """

    def lint(app: str, *options: str) -> list[str]:
        return [program, "--as-of", "2026-11-23", *options, str(apps / app)]

    return [
        BARE,
        Case("--version", [program, "--version"], 4),
        Case("Flask app", lint("flask"), 9, memory=45),
        Case("Flask app, SARIF", lint("flask", "--format", "sarif"), 8, over="Flask app", memory=45),
        Case("Flask app, --rev", lint("flask", "--rev", "HEAD"), 9, memory=45),
        Case("Flask app, --staged", lint("flask", "--staged"), 9, memory=45),
        Case("many files", lint("large"), GIT_INDEX, over="Flask app", memory=45),
        Case("many files, --rev", lint("large", "--rev", "HEAD"), 1, over="Flask app, --rev", memory=45),
        Case("many files, --staged", lint("large", "--staged"), GIT_INDEX, over="Flask app, --staged", memory=45),
        Case("Django app", lint("django"), 12),
    ]


def measure(arguments: list[str]) -> Cost:
    """Run a process to its end, with its output thrown away.

    Raises:
        RuntimeError: it failed.
    """
    environment = {name: value for name, value in os.environ.items() if name not in CHANGE_THE_COST}
    silence = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    process = os.posix_spawn(arguments[0], arguments, environment, file_actions=silence)
    _, status, usage = os.wait4(process, 0)
    if os.waitstatus_to_exitcode(status) not in {0, 1}:
        raise RuntimeError(f"{' '.join(arguments)} ended with {os.waitstatus_to_exitcode(status)}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / MEGABYTE)


def medians(measured: Sequence[Case], runs: int) -> dict[str, Cost]:
    """The median cost of each case, by name; the cases take turns."""
    for case in measured:
        measure(case.arguments)
    costs: dict[str, list[Cost]] = {case.name: [] for case in measured}
    for _ in range(runs):
        for case in measured:
            costs[case.name].append(measure(case.arguments))
    return {
        name: Cost(statistics.median(cost.seconds for cost in some), statistics.median(cost.memory for cost in some))
        for name, some in costs.items()
    }


def over_budget(case: Case, costs: Mapping[str, Cost]) -> list[str]:
    """What a case uses more than it may: one sentence each."""
    found = []
    ratio = _ratio(case, costs)
    if case.budget is not None and ratio > case.budget:
        found.append(f"{case.name}: {ratio:.1f} bare interpreters, {case.budget:g} at most")
    memory = costs[case.name].memory
    if case.memory is not None and memory > case.memory:
        found.append(f"{case.name}: {memory:.0f} MB, {case.memory:g} MB at most")
    return found


def report(measured: Sequence[Case], costs: Mapping[str, Cost]) -> Iterator[str]:
    """A table of the costs."""
    yield f"{'':23} {'CPU ms':>7} {'ratio':>6} {'budget':>7} {'MB':>5}  over"
    for case in measured:
        cost = costs[case.name]
        budget = "" if case.budget is None else f"{case.budget:g}"
        yield (
            f"{case.name:23} {cost.seconds * 1000:7.1f} {_ratio(case, costs):6.1f} {budget:>7} {cost.memory:5.0f}"
            f"  {case.over or ''}"
        ).rstrip()


def _ratio(case: Case, costs: Mapping[str, Cost]) -> float:
    base = costs[case.over].seconds if case.over else 0
    return (costs[case.name].seconds - base) / costs[BARE.name].seconds


def plant(apps: Path, files: int) -> None:
    """Make the apps, each in a git repository of its own; one of them among a number of other files."""
    for name, example in (("flask", "clean"), ("large", "clean"), ("django", "django")):
        shutil.copytree(EXAMPLES / example, apps / name)
    for number in range(files):
        folder = apps / "large" / "assets" / str(number % FOLDERS)
        if number < FOLDERS:
            folder.mkdir(parents=True)
        (folder / f"{number}.txt").touch()
    for app in apps.iterdir():
        for arguments in (
            ["init", "--quiet", "--initial-branch", "main"],
            ["add", "--all"],
            [*IDENTITY, "commit", "--message", "Add the app"],
        ):
            subprocess.run(["git", *arguments], cwd=app, check=True, stdout=subprocess.DEVNULL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="Measures what a run of pydeploy-lint costs.")
    parser.add_argument("--runs", type=int, default=15, help="how often each case runs; default: %(default)s")
    parser.add_argument("--files", type=int, default=100_000, help="the size of the large tree; default: %(default)s")
    parser.add_argument("--check", action="store_true", help="exit with status 1 if something is over its budget")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        plant(Path(folder), options.files)
        measured = cases(str(Path(sysconfig.get_path("scripts")) / "pydeploy-lint"), Path(folder))
        costs = medians(measured, options.runs)
    print("\n".join(report(measured, costs)))
    problems = [problem for case in measured for problem in over_budget(case, costs)]
    for problem in problems:
        print(f"over budget: {problem}")
    return 1 if problems and options.check else 0


if __name__ == "__main__":
    raise SystemExit(main())
