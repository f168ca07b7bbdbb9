"""Builds the distribution ``pydeploy-lint-data`` from the data that pydeploy-lint ships.

    python tools/build_data.py DIRECTORY

It has the calendar version of the manifest, and nothing but the JSON files. Installed beside pydeploy-lint, it is used
where it is newer than what pydeploy-lint came with.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from pydeploy_lint.files.data.aging_data import DISTRIBUTION, MANIFEST, PACKAGE, SHIPPED

ROOT = Path(__file__).resolve().parent.parent
PROJECT = """\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "{name}"
version = "{version}"
description = "Dated facts about Heroku, Python and packages, for pydeploy-lint"
readme = "README.md"
license = "MIT"
requires-python = ">=3.10"

[tool.setuptools]
packages = ["{package}"]

[tool.setuptools.package-data]
{package} = ["*.json"]
"""
README = """\
# {name}

The data by which [pydeploy-lint](https://github.com/pydeploy-lint/pydeploy-lint) judges: releases of Heroku's Python
buildpack, the support of Python series and stacks, which packages work with which Python. pydeploy-lint comes with a
copy. Install this one to have newer data without a new pydeploy-lint:

    pip install --upgrade {name}
"""


def main() -> int:
    """Build a source distribution and a wheel; returns the exit status."""
    parser = argparse.ArgumentParser(description=f"Builds the distribution {DISTRIBUTION}.")
    parser.add_argument("directory", type=Path, help="where to put them")
    target = parser.parse_args().directory.resolve()
    version = json.loads((Path(SHIPPED) / MANIFEST).read_bytes())["version"]
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        names = {"name": DISTRIBUTION, "version": version, "package": PACKAGE}
        (project / "pyproject.toml").write_text(PROJECT.format(**names), encoding="utf-8")
        (project / "README.md").write_text(README.format(**names), encoding="utf-8")
        shutil.copy(ROOT / "LICENSE", project)
        shutil.copytree(SHIPPED, project / PACKAGE, ignore=shutil.ignore_patterns("__pycache__"))
        return subprocess.run(
            [sys.executable, "-m", "build", "--quiet", "--outdir", target, project], check=False
        ).returncode


if __name__ == "__main__":
    raise SystemExit(main())
