"""Measure which versions of a package work with which Python, for ``data/compatibility.json``.

    python tools/measure_compatibility.py wheels            the first version with a wheel for each series of Python
    python tools/measure_compatibility.py builds NAME...    build older versions from source, install and import them
    python tools/measure_compatibility.py rows NAME...      install what the rows say again, and compare

The package index is the one that pip and uv are configured for. A version is tried in a virtual environment of its own
with the pip that Heroku uses, without Rust (the build images have none), on whichever of the interpreters named by
``--pythons`` (a directory like pyenv's ``versions``) there are. Compilers and headers differ from Heroku's build
images: a failure for want of a header shows in the recorded reason.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from packaging.version import Version

DATA = Path(__file__).parents[1] / "src/pydeploy_lint/data/compatibility.json"
PLATFORMS = (*(f"manylinux_2_{minor}" for minor in range(5, 36)), "manylinux2014", "manylinux2010", "manylinux1")
"""Up to the oldest C library among the stacks: that of heroku-22."""
MOST_FORGOTTEN = 2
BINARY = "--only-binary=:all:"
ANY_PYTHON = "--ignore-requires-python"
PIP = "pip==26.2.1"
SECONDS = 240
MOST_SAMPLES = 4
MOST_SHOWN = 140
NOT_TO_BE_HAD = re.compile(
    r"\b(?:rustc?|cargo|maturin|puccinialin)\b|urlopen error|Name or service not known|name resolution|URLError",
    re.IGNORECASE,
)
"""Failures that tell nothing about Heroku, whose builds can download a compiler for Rust, and other things."""
REASON = re.compile(
    r"^.*(?:No matching distribution|[Ii]nvalid metadata|\w*Error: |undefined symbol|[Cc]annot |not found|\berror: |"
    r"ERROR: ).*$",
    re.MULTILINE,
)
EMPTY_REASON = re.compile(
    r"error: Command|subprocess-exited|metadata-generation-failed|failed-wheel|Failed to build|Failed building|"
    r"likely not a problem"
)
Measured = dict[str, str]


class Trial(NamedTuple):
    """An interpreter, what is installed with it, and what is imported then."""

    python: Path
    requirements: tuple[str, ...]
    code: str
    before: str = ""
    """What the build image has installed already."""


def run(*command: str | Path, seconds: int = SECONDS, text: str = "") -> tuple[int, str]:
    """Run a command without Rust on the path; its exit status, 124 after a time-out, and what it printed."""
    path = f"{Path(command[0]).parent}:/usr/bin:/bin"
    environment = {**os.environ, "PATH": path, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "MAKEFLAGS": "-j2"}
    environment.pop("PYTHONPATH", None)
    try:
        done = subprocess.run(
            [*map(str, command)], input=text, capture_output=True, text=True, timeout=seconds, env=environment,
            check=False, errors="replace",
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return 124, f"no end within {seconds} s"
    return done.returncode, done.stdout + done.stderr


def uv() -> str:
    """The path of uv."""
    return shutil.which("uv") or str(Path(sys.executable).parent / "uv")


def versions(pip: Path, name: str, *options: str) -> list[Version]:
    """The final releases that pip finds on the index, the newest first."""
    _, printed = run(pip, "index", "versions", name, *options)
    found = re.search(r"^Available versions: (.*)$", printed, re.MULTILINE)
    return sorted(map(Version, found[1].split(", ")), reverse=True) if found else []


def with_wheels(pip: Path, name: str, series: str) -> list[Version]:
    """The releases of which the index has a wheel for a series of Python on Heroku's platform."""
    platforms = [f"--platform={platform}_x86_64" for platform in PLATFORMS]
    return versions(
        pip, name, BINARY, f"--python-version={series}", "--implementation=cp", ANY_PYTHON, *platforms
    )  # fmt: skip


def first_wheel(releases: list[Version], wheels: list[Version]) -> str | None:
    """The version from which on there are wheels for a series; one or two in between may have been forgotten.

    The newest releases may have none for a series that they no longer support.
    """
    first, missing = None, 0
    for version in releases:
        if version in wheels:
            first, missing = version, 0
        elif first:
            missing += 1
        if missing > MOST_FORGOTTEN:
            break
    return str(first) if first else None


def last_release(releases: list[Version], accepted: list[Version]) -> str | None:
    """The newest release that pip accepts for a series by its Requires-Python; None where that is the newest of all."""
    return str(accepted[0]) if accepted and accepted[0] < releases[0] else None


def samples(releases: list[Version], wheels: list[Version], below: str) -> Iterator[str]:
    """The newest release without a wheel of each minor series below a version, the newest first."""
    seen: set[tuple[int, ...]] = set()
    for version in releases:
        if version < Version(below) and version not in wheels and version.release[:2] not in seen:
            seen.add(version.release[:2])
            yield str(version)


def interpreters(directory: Path) -> dict[str, Path]:
    """The interpreters of the series that Heroku knows."""
    found = {}
    for path in sorted(directory.glob("3.*/bin/python")):
        series = ".".join(path.parts[-3].split(".")[:2])
        if Version(series) >= Version("3.10"):
            found[series] = path
    return found


def attempt(trial: Trial) -> tuple[str, str]:
    """Install and import; ``works``, ``install-fails``, ``import-fails`` or ``unknown``, and the reason."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "venv"
        run(uv(), "venv", "--quiet", "--python", trial.python, place)
        python = place / "bin/python"
        run(uv(), "pip", "install", "--quiet", "--python", python, PIP, *filter(None, [trial.before]))
        status, printed = run(python, "-m", "pip", "install", *trial.requirements)
        if status:
            return ("unknown" if status == 124 or NOT_TO_BE_HAD.search(printed) else "install-fails"), reason(printed)
        status, printed = run(python, "-c", trial.code, seconds=120)
        return ("works", "") if status == 0 else ("import-fails", reason(printed))


def reason(printed: str) -> str:
    """The last line that says why it failed."""
    lines = [line for line in REASON.findall(printed) if not EMPTY_REASON.search(line)]
    line = lines[-1] if lines else printed.strip()[-MOST_SHOWN:]
    return re.sub(r"(?:/[\w.+-]+){2,}/", "", " ".join(line.split()))[:MOST_SHOWN]


def tried(name: str, module: str, versions: Iterable[str], series: str, python: Path) -> dict[str, Measured]:
    """What becomes of versions that have no wheel for a series, from the newest down to two that fail."""
    found: dict[str, Measured] = {"works": {}, "fails": {}, "unknown": {}}
    for number, version in enumerate(versions):
        outcome, why = attempt(Trial(python, (f"{name}=={version}",), f"import {module}"))
        key = outcome if outcome in found else "fails"
        found[key][version] = f"{outcome}: {why}" if why else outcome
        print(f"{name}=={version} on {series}: {outcome} {why}", flush=True)
        if number + 1 >= MOST_SAMPLES or len(found["fails"]) >= 2 or (number == 0 and key == "unknown"):
            break
    return {key: value for key, value in found.items() if value}


def measure_wheels(data: dict[str, Any], names: Iterable[str], pip: Path) -> None:
    """Bring ``first_wheel`` up to date, and whether there is nothing but wheels."""

    def one(name: str) -> None:
        entry, wheels = data["compiled"][name], {each: with_wheels(pip, name, each) for each in data["series"]}
        # What has no source is only found with the wheels.
        releases = sorted({*versions(pip, name, ANY_PYTHON), *chain(*wheels.values())}, reverse=True)
        entry["first_wheel"], entry["last"] = {}, {}
        if not versions(pip, name, "--no-binary=:all:", ANY_PYTHON):
            entry["wheels_only"] = True
        for series in data["series"]:
            if first := first_wheel(releases, wheels[series]):
                entry["first_wheel"][series] = first
            if last := last_release(releases, versions(pip, name, f"--python-version={series}", BINARY)):
                entry["last"][series] = last
        print(name, entry, flush=True)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(one, names or sorted(data["compiled"])))
    data["wheels_date"] = today()


def measure_builds(data: dict[str, Any], names: Iterable[str], pythons: dict[str, Path], jobs: int, pip: Path) -> None:
    """Bring ``from_source`` up to date."""
    work = [(name, series) for series in pythons for name in names or sorted(data["compiled"])]

    def one(task: tuple[str, str]) -> None:
        name, series = task
        entry = data["compiled"][name]
        first = entry["first_wheel"].get(series)
        if first is None or series in entry.get("from_source", {}):
            return
        chosen = samples(versions(pip, name, ANY_PYTHON), with_wheels(pip, name, series), first)
        found = tried(name, entry["module"], chosen, series, pythons[series])
        entry.setdefault("from_source", {})[series] = {"date": today(), **found}
        write(data)

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, work))


def again(data: dict[str, Any], names: Iterable[str], pythons: dict[str, Path], jobs: int) -> int:
    """Repeat what the rows say was measured; the number of trials that end otherwise now."""
    wanted = set(names)
    work = [
        (row, entry)
        for row in data["rows"]
        if not wanted or wanted & {*row["distributions"]}
        for entry in row.get("measured", ())
        if entry["python"] in pythons
    ]

    def one(task: tuple[dict[str, Any], dict[str, Any]]) -> bool:
        row, entry = task
        trial = Trial(pythons[entry["python"]], tuple(entry["install"]), row["code"], entry.get("before", ""))
        outcome, why = attempt(trial)
        same = outcome == entry["result"]
        print("same" if same else "OTHERWISE", entry["python"], *entry["install"], outcome, why, flush=True)
        if same:
            row["date"] = today()
        return not same

    with ThreadPoolExecutor(jobs) as pool:
        return sum(pool.map(one, work))


def today() -> str:
    """The date of a measurement."""
    return datetime.datetime.now(datetime.timezone.utc).date().isoformat()


@contextlib.contextmanager
def heroku_pip() -> Iterator[Path]:
    """The pip of Heroku's builds."""
    with tempfile.TemporaryDirectory() as folder:
        run(uv(), "venv", "--quiet", folder)
        run(uv(), "pip", "install", "--quiet", "--python", f"{folder}/bin/python", PIP)
        yield Path(folder) / "bin/pip"


def write(data: dict[str, Any]) -> None:
    """Replace the data file."""
    temporary = DATA.with_suffix(".new")
    temporary.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    temporary.replace(DATA)


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["wheels", "builds", "rows"])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--pythons", type=Path, default=Path.home() / ".pyenv/versions")
    parser.add_argument("--series", help="the series of Python to build for, such as 3.13,3.12; all by default")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    data = json.loads(DATA.read_bytes())
    pythons = interpreters(options.pythons)
    pythons = {each: pythons[each] for each in (options.series or ",".join(pythons)).split(",")}
    if options.what == "rows":
        otherwise = again(data, options.names, pythons, options.jobs)
        write(data)
        return min(otherwise, 1)
    with heroku_pip() as pip:
        if options.what == "wheels":
            measure_wheels(data, options.names, pip)
        else:
            measure_builds(data, options.names, pythons, options.jobs, pip)
    write(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
