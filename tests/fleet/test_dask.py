"""A real Dask scheduler and two worker processes, one of which is killed half way."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pydeploy_lint.testing import write_tree
from tests.fleet.plugin import install, lint_with_trouble

pytest.importorskip("distributed", reason="the extra dask is not installed")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")

FILES = {"requirements.txt": "flask\n", ".python-version": "3.8\n"}
STARTING = 60
"""Seconds."""


class Cluster:
    """A scheduler and its workers."""

    def __init__(self, directory: Path, site: Path) -> None:
        self._directory = directory
        self._environment = {**os.environ, "PYTHONPATH": str(site)}
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.address = self._told("scheduler", r"Scheduler at: +(tcp://\S+)")
        self.workers = [self._worker(number) for number in range(2)]

    def _worker(self, number: int) -> subprocess.Popen[bytes]:
        name = f"worker{number}"
        options = ["--no-nanny", "--no-dashboard", "--nthreads", "1", "--local-directory", str(self._directory)]
        worker = self._start(name, self.address, *options)
        self._told(name, r"(Starting established connection)|(Registered to)")
        return worker

    def _start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self._directory / f"{name}.log").open("wb") as log:
            command = [sys.executable, "-m", f"distributed.cli.dask_{name.rstrip('0123456789')}", *arguments]
            return subprocess.Popen(command, env=self._environment, cwd=self._directory, stdout=log, stderr=log)

    def _told(self, name: str, pattern: str) -> str:
        end = time.monotonic() + STARTING
        while time.monotonic() < end:
            match = re.search(pattern, (self._directory / f"{name}.log").read_text(errors="replace"))
            if match:
                return match[1] or ""
            time.sleep(0.1)
        raise TimeoutError((self._directory / f"{name}.log").read_text(errors="replace"))

    def close(self) -> None:
        """End all of it."""
        for process in [*self.workers, self.scheduler]:
            process.kill()
            process.wait()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A directory with a plug-in that makes trouble."""
    install(tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture
def cluster(tmp_path: Path, site: Path) -> Iterator[Cluster]:
    """A cluster on this machine."""
    (tmp_path / "cluster").mkdir()
    cluster = Cluster(tmp_path / "cluster", site)
    yield cluster
    cluster.close()


@pytest.fixture
def apps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Some apps below the working directory, which is not that of the workers."""
    (tmp_path / "apps").mkdir()
    monkeypatch.chdir(tmp_path / "apps")
    names = [f"app{number:02}" for number in range(16)]
    for name in names:
        Path(name).mkdir()
        write_tree(Path(name), {**FILES, "slow": ""})
    return [*names, "missing"]


def test_a_worker_that_dies_loses_no_app(cluster: Cluster, site: Path, apps: list[str]) -> None:
    expected = lint_with_trouble(site, "--jobs", "1", "--ignore", "trouble", "--format", "jsonl", *apps)
    options = ["--as-of", "2026-08-20", "--ignore", "trouble", "--format", "jsonl"]
    process = subprocess.Popen(
        [sys.executable, "-m", "pydeploy_lint", *options, "--executor", f"dask:{cluster.address}", *apps],
        env={**os.environ, "PYTHONPATH": str(site)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,  # communicate() does not see what a buffer holds already.
    )
    assert process.stdout
    first = process.stdout.readline()  # Results come while others are judged.
    cluster.workers[1].send_signal(signal.SIGKILL)
    out, err = process.communicate(timeout=300)
    found, wanted = (list(map(json.loads, text.splitlines())) for text in ((first + out).decode(), expected.stdout))
    assert [(line["kind"], line.get("path")) for line in found] == [(line["kind"], line.get("path")) for line in wanted]
    assert found == wanted
    assert (process.returncode, err.decode()) == (expected.returncode, expected.stderr)


def test_what_fails_on_a_worker_is_told_of_its_app(cluster: Cluster, site: Path, apps: list[str]) -> None:
    Path("app03/raise").touch()
    result = lint_with_trouble(site, "--executor", f"dask:{cluster.address}", "--format", "json", *apps)
    assert result.returncode == 4
    document = json.loads(result.stdout)
    assert [app["path"] for app in document["apps"]] == apps[:-1]
    assert [each["app"] for each in document["notifications"]] == ["missing"]
    failed = [
        app["path"] for app in document["apps"] if any(each["severity"] == "error" for each in app["notifications"])
    ]
    assert failed == ["app03"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--executor", "dask:tcp://127.0.0.1:1"], "--executor: no Dask scheduler answers at tcp://127.0.0.1:1"),
        (["--executor", "dask:x", "--baseline", "b.json"], "--executor: a file with a baseline is only read where"),
        (["--executor", "ray:x"], "argument --executor: 'ray:x' is no executor, such as dask:"),
    ],
)
def test_what_is_no_cluster_is_wrong_usage(site: Path, apps: list[str], arguments: list[str], message: str) -> None:
    result = lint_with_trouble(site, *arguments, *apps)
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
