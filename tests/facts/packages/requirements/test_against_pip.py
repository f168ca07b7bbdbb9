"""The verdicts of the pip that is installed, beside ours: what it refuses is refused, and nothing else."""

import os
import pathlib
import subprocess
import sys

import pytest

from pydeploy_lint.facts.packages.requirements.read import read_requirements
from pydeploy_lint.files.tree import WorkingTree
from pydeploy_lint.testing import write_tree

NEVER = '; python_version < "3"'
"""Keeps pip from looking for what it has understood."""
FILES = {"lib/setup.py": "", "base.txt": f"idna==3 {NEVER}\n", "constraints.txt": "idna==3\n"}
REFUSED = [
    "flask=3.1",
    "six==1# x",
    "six\u00a0==1",
    "six>=1.*",
    "${PACKAGE}==1",
    '["six"]',
    "six --install-option=x",
    "six --hash=md5:0",
    "--index-url",
    "-r nowhere.txt",
    "-r requirements.txt",
    "-e nowhere",
    "-e git+https://h.example/x.git",
    "./nowhere",
    f"{NEVER[2:]}",
]
ACCEPTED = f"""\
# comment
\tsix [ x,y ] == 1.0, != 1.1.*  ;python_version<'3'   # why
six \\
  ~=1.0 {NEVER}
SIX===whatever {NEVER}
six >= 1.0rc1 {NEVER} --hash=sha256:{64 * "0"}
six @ https://h.example/six.zip {NEVER}
git+https://h.example/six.git#egg=six {NEVER}
./lib {NEVER}
-r base.txt
-c constraints.txt
--no-binary :all:
--pre --prefer-binary
--extra-index-url https://h.example/simple
"""


def refused_by_pip(root: pathlib.Path) -> bool:
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-deps", "--no-index", "-r", "requirements.txt"]
    environment = {**os.environ, "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False).returncode != 0


def refused_by_us(root: pathlib.Path) -> bool:
    return bool(read_requirements(WorkingTree(str(root)), "requirements.txt").refusals)


@pytest.mark.parametrize("line", REFUSED)
def test_refused(tmp_path: pathlib.Path, line: str) -> None:
    write_tree(tmp_path, {**FILES, "requirements.txt": f"{line}\n"})
    assert (refused_by_pip(tmp_path), refused_by_us(tmp_path)) == (True, True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_accepted(tmp_path: pathlib.Path, encoding: str) -> None:
    write_tree(tmp_path, {**FILES, "requirements.txt": ACCEPTED.encode(encoding)})
    assert (refused_by_pip(tmp_path), refused_by_us(tmp_path)) == (False, False)
