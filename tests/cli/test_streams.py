"""Standard output on a full disk, closed, or with a reader that has gone: a sentence or silence, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.apps import NO_VERSION, REFUSED, app

pytestmark = [
    pytest.mark.usefixtures("plain_environment"),
    pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full"),
]

COMMANDS = [
    ["--version"],
    ["--version", "--format", "json"],
    ["--help"],
    ["--list-checks"],
    ["--explain", "outdated-patch"],
    ["--completion", "bash"],
    ["app"],
    ["app", "--format", "json"],
    ["app", "--plan"],
    ["app", "--diff", "--unsafe-fixes"],
]


def process(arguments: list[str], stdout: int, stderr: int = subprocess.PIPE) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "pydeploy_lint", *arguments], stdout=stdout, stderr=stderr, check=False
    )


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_full_disk_is_an_error(arguments: list[str]) -> None:
    app("app", NO_VERSION)
    with open("/dev/full", "wb") as full:
        done = process(arguments, full.fileno())
    message = b"pydeploy-lint: error: standard output cannot be written to: No space left on device\n"
    assert (done.returncode, done.stderr) == (2, message)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_reader_that_has_gone_is_no_error(arguments: list[str]) -> None:
    app("app", NO_VERSION)
    reader, writer = os.pipe()
    os.close(reader)
    done = process(arguments, writer)
    os.close(writer)
    applied = b"pydeploy-lint: would apply 1 fix: app/.python-version added\n" if "--diff" in arguments else b""
    assert (done.returncode, done.stderr) == (1 if "app" in arguments else 0, applied)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_closed_output_is_no_error(arguments: list[str]) -> None:
    app("app", NO_VERSION)
    command = [sys.executable, "-m", "pydeploy_lint", *arguments]
    done = subprocess.run(["sh", "-c", '"$@" >&-', "sh", *command], stderr=subprocess.PIPE, check=False)
    applied = b"pydeploy-lint: would apply 1 fix: app/.python-version added\n" if "--diff" in arguments else b""
    assert (done.returncode, done.stderr) == (1 if "app" in arguments else 0, applied)


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full"])
def test_errors_that_nobody_can_read_leave_the_status(redirection: str) -> None:
    app("app", REFUSED)
    command = [sys.executable, "-m", "pydeploy_lint"]
    for arguments, status in ((["missing"], 2), (["app", "--format", "json"], 1), (["app", "missing"], 2)):
        shell = ["sh", "-c", f'"$@" {redirection}', "sh", *command, *arguments]
        done = subprocess.run(shell, stdout=subprocess.PIPE, check=False)
        assert done.returncode == status
        assert b"pydeploy-lint: error" not in done.stdout.splitlines()[:1]


def test_files_of_a_full_disk_are_named() -> None:
    app("app", REFUSED)
    done = process(["app", "--output", "json:/dev/full"], subprocess.PIPE)
    message = b"pydeploy-lint: error: --output: /dev/full cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (2, message)
    done = process(["app", "--write-baseline", "/dev/full"], subprocess.PIPE)
    message = b"pydeploy-lint: error: --write-baseline: /dev/full: is no regular file, so it is not replaced\n"
    assert (done.returncode, done.stderr) == (2, message)


def test_an_endless_file_is_no_baseline() -> None:
    app("app", REFUSED)
    done = process(["app", "--baseline", "/dev/zero"], subprocess.PIPE)
    message = b"pydeploy-lint: error: --baseline: /dev/zero: is larger than 64 MiB, and was not read\n"
    assert (done.returncode, done.stderr) == (2, message)
