"""Several processes: the same bytes, and a process that dies costs nothing but time."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from pydeploy_lint.api import today
from pydeploy_lint.cli.main import main
from pydeploy_lint.engine.baseline.file import BaselineFile
from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.files.source import Source
from pydeploy_lint.fleet import run
from pydeploy_lint.fleet.batches import batches
from pydeploy_lint.fleet.job import Job
from pydeploy_lint.fleet.outcome import Outcome
from pydeploy_lint.fleet.run import Run
from pydeploy_lint.fleet.target import Target
from pydeploy_lint.report.formats import FORMATS
from pydeploy_lint.testing import write_tree
from tests.files.data.copies import write_copy, write_manifest
from tests.fleet.plugin import lint_with_trouble

KINDS = (
    {"requirements.txt": "", ".python-version": "3.14\n"},
    {"requirements.txt": "flask\n", ".python-version": "3.8\n"},
    {"requirements.txt": "", "Procfile": "web: gunicorn app:app --bind 127.0.0.1:8000\n"},
    {"README.md": ""},
    {"pyproject.toml": "[tool.pydeploy-lint]\nfail-on = 'nonsense'\n"},
    {"requirements.txt": "flask # pydeploy-lint: ignore[unpinned-requirements] soon\n", "uv.lock": "["},
)


@pytest.fixture
def apps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A few apps of different kinds in the working directory, and a path without one."""
    (tmp_path / "apps").mkdir()
    monkeypatch.chdir(tmp_path / "apps")
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    names = [f"app{number:02}" for number in range(24)]
    for number, name in enumerate(names):
        Path(name).mkdir()
        write_tree(Path(name), KINDS[number % len(KINDS)])
    return [*names[:7], "missing", *names[7:]]


def test_every_format_is_the_same_with_any_number_of_processes(
    apps: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    results = []
    for jobs in ("1", "2", "5"):
        outputs = [part for name in FORMATS for part in ("--output", f"{name}:report-{jobs}.{name}")]
        status = main(["--as-of", "2026-08-20", "--jobs", jobs, "--show-suppressed", *outputs, *apps])
        documents = [Path(f"report-{jobs}.{name}").read_bytes() for name in FORMATS]
        results.append((status, capsys.readouterr(), documents))
    assert results[0][0] == 2
    assert "missing does not exist" in results[0][1].out
    assert results[0] == results[1] == results[2]


def test_other_data_count_in_every_process(apps: list[str], tmp_path: Path) -> None:
    data = write_copy(tmp_path / "data", "2020.1.1")
    releases = json.loads((data / "releases.json").read_bytes())
    releases = {**releases, "partial": [], "events": releases["events"][:-9]}
    (data / "releases.json").write_text(json.dumps(releases), encoding="utf-8")
    write_manifest(data, "2020.1.1")
    options = ["--as-of", "2026-08-20", "--format", "json", "--data", os.path.relpath(data), *apps]
    one, two = (
        subprocess.run(
            [sys.executable, "-m", "pydeploy_lint", "--jobs", jobs, *options],
            capture_output=True,
            text=True,
            check=False,
        )
        for jobs in ("1", "2")
    )
    assert json.loads(one.stdout)["apps"][0]["policy"]["buildpack"] == releases["events"][-1]["release"]
    assert (two.returncode, two.stdout) == (one.returncode, one.stdout)


def test_plans_too(apps: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    results = [
        (main(["--as-of", "2026-08-20", "--jobs", jobs, "--plan", *apps]), capsys.readouterr()) for jobs in ("1", "2")
    ]
    assert results[0] == results[1]
    assert results[0][1].out.count("Heroku's plan for app") == 20


def test_a_job_with_everything_can_be_sent_to_another_process(tmp_path: Path) -> None:
    baseline = tmp_path / "known.json"
    row = '{"check": "stale-lockfile", "path": "uv.lock", "content": null, "count": 2}'
    baseline.write_text(f'{{"schema_version": 1, "apps": [{{"path": "app", "findings": [{row}]}}]}}')
    listing = Source("list", b"=== shop Buildpack URL\n\nheroku/python\n")
    job = Job({"ignore": ("python",)}, today().replaced(buildpacks=listing), baseline=BaselineFile.read(str(baseline)))
    other = pickle.loads(pickle.dumps(job))
    assert other.settings == job.settings
    assert other.defaults.app.buildpacks.data == listing.data
    write_tree(tmp_path, {"app/requirements.txt": ""})
    target = Target(str(tmp_path / "app"))
    registry = load_registry()
    mine, theirs = job.run(target, registry), other.run(target, registry)
    assert mine == theirs
    assert mine.report
    assert "stale-baseline-entry" in [finding.check for finding in mine.report.findings]


def test_a_process_that_dies_loses_no_app(apps: list[str]) -> None:
    expected = lint_with_trouble(Path("../site"), "--jobs", "1", "--ignore", "trouble", "--format", "json", *apps)
    for name in ("app02", "app13", "app14"):
        Path(name, "kill-once").touch()
    result = lint_with_trouble(Path("../site"), "--jobs", "2", "--ignore", "trouble", "--format", "json", *apps)
    assert (result.returncode, result.stderr) == (expected.returncode, expected.stderr)
    assert result.stdout == expected.stdout
    assert not list(Path().glob("*/kill-once"))


def test_an_app_that_kills_every_process_costs_only_itself(apps: list[str]) -> None:
    Path("app03", "kill-always").touch()
    result = lint_with_trouble(Path("../site"), "--jobs", "2", "--format", "json", *apps)
    assert result.returncode == 4
    document = json.loads(result.stdout)
    killed = [each for each in document["notifications"] if each["app"] == "app03"]
    assert [each["message"] for each in killed] == [
        "app03: the process that judged it ended, twice: it may have run out of memory"
    ]
    assert "pydeploy-lint: error: app03: the process that judged it ended, twice" in result.stderr
    others = [name for number, name in enumerate(sorted({*apps} - {"missing"})) if number % 6 != 4 and number != 3]
    assert [app["path"] for app in document["apps"]] == others


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_an_interruption_ends_all_processes(apps: list[str], tmp_path: Path) -> None:
    for name in apps:
        if name != "missing":
            Path(name, "slow").touch()
    lint_with_trouble(tmp_path / "site", "--version")
    process = subprocess.Popen(
        [sys.executable, "-m", "pydeploy_lint", "--jobs", "2", "--output", "json:out.json", *apps],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    assert process.stdout
    process.stdout.readline()  # The first app is reported, so all processes are at work.
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert not Path("out.json").exists()
    for _ in range(100):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("a process is left")


def test_by_default_there_are_more_processes_only_for_many_apps(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def outcomes_of_processes(_job: Job, _targets: Sequence[Target], processes: int) -> Iterator[Outcome]:
        asked.append(processes)
        return iter(())

    monkeypatch.setattr("pydeploy_lint.fleet.processes.outcomes_of_processes", outcomes_of_processes)
    monkeypatch.setattr(run, "_cores", lambda: 8)
    registry = load_registry()
    job = Job({}, today())
    few, many = [Target("missing")] * (run.WORTH_IT - 1), [Target("missing")] * run.WORTH_IT
    assert len(list(Run(job, few, registry, None).outcomes())) == len(few)
    assert asked == []
    list(Run(job, many, registry, None).outcomes())
    list(Run(job, few[:3], registry, 5).outcomes())
    assert asked == [8, 3]


def test_one_app_imports_nothing_for_several_processes(apps: list[str]) -> None:
    code = (
        "import sys\n"
        "from pydeploy_lint.cli.main import main\n"
        f"main(['--quiet', '{apps[0]}'])\n"
        "slow = {'concurrent.futures', 'multiprocessing', 'asyncio', 'logging', 'glob'} & sys.modules.keys()\n"
        "sys.exit(f'imported {slow}' if slow else 0)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(("count", "workers", "size"), [(1, 4, 1), (24, 2, 3), (100_000, 8, 16), (7, 2, 1)])
def test_batches_are_small_enough_for_all_to_have_work(count: int, workers: int, size: int) -> None:
    targets = [Target(str(number)) for number in range(count)]
    found = list(batches(targets, workers))
    assert len(found[0]) == size
    assert [target for batch in found for target in batch] == targets


@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5"])
def test_a_wrong_number_of_processes_is_wrong_usage(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([f"--jobs={value}"]) == 2
    assert capsys.readouterr().err == (f"pydeploy-lint: error: argument --jobs: {value!r} is not a number from 1 on\n")
