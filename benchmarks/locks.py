"""Measures what a run on an app with a large uv.lock costs, beside Python's own `tomllib` reading that file.

    python benchmarks/locks.py [--check]

Whole processes are measured, as in `startup.py`: CPU time as a multiple of a process that does nothing but
`tomllib.load`, and peak memory. The lock is made on the spot: packages with dependencies and some thirty wheels each.
Needs Python 3.11 or later.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from startup import MEGABYTE, Case, Cost, medians

SIZES = {1.0: 1.5, 2.0: 1.1, 5.0: 0.9}
"""Megabytes of the lock, and the most CPU time that it may cost as a multiple of tomllib's."""
INDEX = "https://index.example/simple"
LARGEST, MEMORY = 60.0, 350.0
"""Megabytes of a lock that nobody has, and of the memory that it may take."""
TAGS = [
    f"cp3{minor}-cp3{minor}-{platform}"
    for minor in range(10, 15)
    for platform in (
        "macosx_10_13_x86_64",
        "macosx_11_0_arm64",
        "manylinux2014_x86_64.manylinux_2_17_x86_64",
        "manylinux2014_aarch64.manylinux_2_17_aarch64",
        "musllinux_1_2_x86_64",
        "win_amd64",
    )
]
PROJECT = """\
[project]
name = "app"
version = "1.0"
requires-python = ">=3.13"
dependencies = ["package-0"]
"""
LOCK = """\
version = 1
revision = 3
requires-python = ">=3.13"

[[package]]
name = "app"
version = "1.0"
source = { virtual = "." }
dependencies = [
    { name = "package-0" },
]

[package.metadata]
requires-dist = [{ name = "package-0" }]

"""
"""The beginning of the lock, which satisfies the project."""


class Lock(NamedTuple):
    """A size of lock, and the processes that are compared."""

    megabytes: float
    ours: Case
    tomllib: Case


def _package(number: int, needed: Sequence[int]) -> str:
    name, version = f"package-{number}", f"1.{number}.0"
    digest = hashlib.sha256(name.encode()).hexdigest()
    address = f"{INDEX}/{digest[:2]}/{digest[2:4]}/{digest[4:64]}/package_{number}-{version}"
    rest = f'hash = "sha256:{digest}", size = {number + 10_000}, upload-time = "2026-01-02T03:04:05.678Z" }}'
    wheels = "".join(f'    {{ url = "{address}-{tag}.whl", {rest},\n' for tag in TAGS)
    needs = "".join(f'    {{ name = "package-{each}" }},\n' for each in needed)
    return (
        f'[[package]]\nname = "{name}"\nversion = "{version}"\nsource = {{ registry = "{INDEX}" }}\n'
        f'dependencies = [\n{needs}]\nsdist = {{ url = "{address}.tar.gz", {rest}\nwheels = [\n{wheels}]\n\n'
    )


def write_lock(path: Path, megabytes: float) -> None:
    """Write a lock of about that size, in which each package requires the next three; kept in no variable."""
    count = int(megabytes * MEGABYTE / len(_package(1000, (1001, 1002, 1003))))
    with path.open("w", encoding="utf-8") as file:
        file.write(LOCK)
        for number in range(count):
            file.write(_package(number, range(number + 1, min(number + 4, count))))


def plant(root: Path, megabytes: float) -> Lock:
    """Make an app with a lock of a size."""
    app = root / f"{megabytes:g}"
    app.mkdir()
    (app / ".python-version").write_text("3.13\n", encoding="utf-8")
    (app / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    write_lock(app / "uv.lock", megabytes)
    program = str(Path(sysconfig.get_path("scripts")) / "pydeploy-lint")
    code = f"import tomllib; tomllib.load(open({str(app / 'uv.lock')!r}, 'rb'))"
    return Lock(
        megabytes,
        Case(
            f"{megabytes:g} MB", [program, "--as-of", "2026-11-23", "--time-limit", "0", str(app)], SIZES.get(megabytes)
        ),
        Case(f"{megabytes:g} MB, tomllib", [sys.executable, "-c", code], None),
    )


def report(locks: Sequence[Lock], costs: dict[str, Cost]) -> Iterator[str]:
    """A table of the costs."""
    yield f"{'':8} {'CPU ms':>7} {'tomllib':>8} {'ratio':>6} {'budget':>7} {'MB':>5} {'tomllib':>8}"
    for each in locks:
        ours, other = costs[each.ours.name], costs[each.tomllib.name]
        budget = "" if each.ours.budget is None else f"{each.ours.budget:g}"
        times = f"{ours.seconds * 1000:7.0f} {other.seconds * 1000:8.0f} {ours.seconds / other.seconds:6.2f}"
        yield f"{each.ours.name:8} {times} {budget:>7} {ours.memory:5.0f} {other.memory:8.0f}"


def over_budget(locks: Sequence[Lock], costs: dict[str, Cost]) -> list[str]:
    """What costs more than it may: one sentence each."""
    found = []
    for each in locks:
        ours, other = costs[each.ours.name], costs[each.tomllib.name]
        ratio = ours.seconds / other.seconds
        if each.ours.budget is not None and ratio > each.ours.budget:
            found.append(f"{each.ours.name}: {ratio:.2f} times tomllib, {each.ours.budget:g} at most")
        if each.megabytes == LARGEST and ours.memory > MEMORY:
            found.append(f"{each.ours.name}: {ours.memory:.0f} MB of memory, {MEMORY:g} at most")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description="Measures what a large uv.lock costs.")
    parser.add_argument("--runs", type=int, default=7, help="how often each process runs; default: %(default)s")
    parser.add_argument("--check", action="store_true", help="exit with status 1 if something is over its budget")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        small = [plant(Path(folder), megabytes) for megabytes in SIZES]
        large = [plant(Path(folder), LARGEST)]
        costs = medians([case for each in small for case in (each.ours, each.tomllib)], options.runs)
        costs |= medians([case for each in large for case in (each.ours, each.tomllib)], 1)
    print("\n".join(report([*small, *large], costs)))
    problems = over_budget([*small, *large], costs)
    for problem in problems:
        print(f"over budget: {problem}")
    return 1 if problems and options.check else 0


if __name__ == "__main__":
    raise SystemExit(main())
