"""Measures what a run over many apps costs: apps a second, and the most memory at a time.

    python benchmarks/fleet.py [--apps 10000]

The apps are made from a seed, of all kinds: half of them are directories, half are branches of bare repositories. Whole
processes are measured, with those that they start; the workers of Dask run already, and are not. A ratio to the plain
loop in one process says the same on every machine, which seconds do not.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

SEED = 20261123
BRANCHES = 50
"""Apps in each bare repository."""
SAMPLING = 0.05
"""Seconds from one look at the memory to the next."""
PLAIN = ["--jobs", "1"]

PYTHONS = ("3.14", "3.13", "3.12.7", "3.10", "3.9.1", "3.8", "three")
PROCFILES = ("web: gunicorn app:app", "web: python app.py", "web: gunicorn app:app --bind 127.0.0.1:8000")
PACKAGES = ("flask", "django==5.2", "requests>=2", "psycopg2", "celery[redis]", "numpy==1.20", "gunicorn", "uvicorn")
SETTINGS = "import os\nDEBUG = True\nALLOWED_HOSTS = ['*']\nSECRET_KEY = 'x'\nINSTALLED_APPS = []\n"


class Cost(NamedTuple):
    """What a run used."""

    seconds: float
    memory: float
    """The most that its processes used at a time, in megabytes; what they share counts for each of them."""


def main() -> None:
    """Make the apps, measure, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--apps", type=int, default=10_000, metavar="N", help="how many (default: %(default)s)")
    number = parser.parse_args().apps
    with tempfile.TemporaryDirectory(prefix="fleet-") as name:
        directory = Path(name)
        lines = list(plant(directory, number))
        for count in sorted({max(1, number // 100), max(1, number // 10), number}):
            (directory / f"{count}.txt").write_text("".join(f"{line}\n" for line in lines[:count]), encoding="utf-8")
            plain, page = (
                lint(directory, count, *options) for options in (PLAIN, [*PLAIN, "--output", f"html:{directory}/page"])
            )
            print(
                f"{count:>7,} apps in one process: {count / plain.seconds:>6,.0f} a second, {plain.memory:>5,.0f} MB,"
                f" {page.memory:>5,.0f} MB with a page in HTML"
            )
        for what, cost in costs(directory, number):
            print(
                f"{what:>28}: {number / cost.seconds:>6,.0f} a second, {plain.seconds / cost.seconds:>6.2f} times the"
                f" plain loop, {cost.memory:>5,.0f} MB"
            )


def costs(directory: Path, number: int) -> Iterator[tuple[str, Cost]]:
    """What each way to run costs, by what it is called."""
    state = [*PLAIN, "--state", str(directory / "state")]
    ways = {
        "two processes": ["--jobs", "2"],
        "with a report in SARIF": [*PLAIN, "--output", f"sarif:{directory / 'report.sarif'}"],
        "with a page in HTML": [*PLAIN, "--output", f"html:{directory / 'report.html'}"],
        "first run with --state": state,
        "second run with --state": state,
    }
    for what, options in ways.items():
        yield what, lint(directory, number, *options)
    if find_spec("distributed"):
        with cluster() as address:
            yield "two workers of Dask", lint(directory, number, "--executor", f"dask:{address}")


@contextmanager
def cluster() -> Iterator[str]:
    """A Dask scheduler with two workers, each a process with one thread; yields its address."""
    from distributed import LocalCluster

    # A worker's plain loop, and no monitor or web page beside it, is what is compared.
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as local:
        yield local.scheduler_address


def lint(directory: Path, number: int, *options: str) -> Cost:
    """Judge the apps of a list, in a process of its own.

    Raises:
        RuntimeError: the run failed, or did not report all apps.
    """
    program = shutil.which("pydeploy-lint", path=str(Path(sys.executable).parent)) or "pydeploy-lint"
    apps, printed = directory / f"{number}.txt", directory / "printed.jsonl"
    command = [program, "--as-of", "2026-11-23", "--format", "jsonl", "--quiet", "--from", str(apps), *options]
    begin, memory = time.perf_counter(), 0.0
    with printed.open("wb") as output, subprocess.Popen(command, stdout=output) as process:
        while process.poll() is None:
            memory = max(memory, memory_of(process.pid))
            time.sleep(SAMPLING)
    seconds = time.perf_counter() - begin
    # A traceback ends with status 1, too.
    with printed.open(encoding="utf-8") as lines:
        last = json.loads(next(iter(deque(lines, maxlen=1)), "{}"))
    if process.returncode != 1 or (last.get("kind"), last.get("apps")) != ("totals", number):
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode} and {last}")
    return Cost(seconds, memory)


def memory_of(pid: int) -> float:
    """What a process and those below it use now, in megabytes; 0 where the system does not have ``/proc``."""
    try:
        fields = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").split()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    except OSError:
        return 0
    own = int(fields[fields.index("VmRSS:") + 1]) / 1000 if "VmRSS:" in fields else 0
    return own + sum(memory_of(int(child)) for child in children)


def plant(directory: Path, number: int) -> Iterator[str]:
    """Make apps; yields the line for each of them in a list.

    Args:
        directory: where to make them.
        number: how many.
    """
    generator = random.Random(SEED)  # noqa: S311 - a seed makes the same apps again
    for first in range(0, number, 2 * BRANCHES):
        group = range(first, min(number, first + 2 * BRANCHES))
        apps = {f"app{index:05}": files(generator) for index in group}
        names = list(apps)
        for name in names[::2]:
            for path, text in apps[name].items():
                target = directory / f"group{first:05}" / name / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
            yield str(directory / f"group{first:05}" / name)
        repository = directory / f"group{first:05}.git"
        commit(repository, {name: apps[name] for name in names[1::2]})
        for name in names[1::2]:
            yield f"{repository} rev={name}"


def commit(repository: Path, branches: Mapping[str, Mapping[str, str]]) -> None:
    """A bare repository with an app in each branch."""
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(repository)], check=True)
    stream = []
    for name, apps in branches.items():
        stream.append(f"commit refs/heads/{name}\ncommitter A <a@host.example> 1700000000 +0000\ndata 0\n")
        stream += [f"M 644 inline {path}\ndata {len(text.encode())}\n{text}\n" for path, text in apps.items()]
    command = ["git", "fast-import", "--quiet"]
    subprocess.run(command, cwd=repository, input="".join(stream), encoding="utf-8", check=True)


def files(generator: random.Random) -> dict[str, str]:
    """The files of an app of some kind, by path."""
    kind = generator.choice(["pip", "pip", "django", "uv", "poetry", "pipenv", "broken", "none"])
    found = {"README.md": f"# {generator.random()}\n", "app.py": "import flask\napp = flask.Flask(__name__)\n"}
    if kind == "none":
        return {"package.json": "{}\n", **found}
    packages = generator.sample(PACKAGES, generator.randrange(1, 5))
    found["Procfile"] = f"{generator.choice(PROCFILES)}\n"
    if generator.random() < 0.8:
        found[".python-version"] = f"{generator.choice(PYTHONS)}\n"
    project = f"[project]\nname = 'a'\nversion = '1'\nrequires-python = '>=3.10'\ndependencies = {packages}\n"
    if kind == "uv":
        return {**found, "pyproject.toml": project, "uv.lock": "version = 1\nrequires-python = '>=3.10'\n"}
    if kind == "poetry":
        return {**found, "pyproject.toml": f"{project}[tool.poetry]\n", "poetry.lock": "[metadata]\n"}
    if kind == "pipenv":
        return {**found, "Pipfile": "[packages]\n", "Pipfile.lock": '{"_meta": {"requires": {}}, "default": {}}\n'}
    if kind == "django":
        found |= {"manage.py": "import django\n", "site/settings.py": SETTINGS, "site/__init__.py": ""}
    if kind == "broken":
        found["pyproject.toml"] = "[tool\n"
    return {**found, "requirements.txt": "".join(f"{each}\n" for each in packages)}


if __name__ == "__main__":
    main()
