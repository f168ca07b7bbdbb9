"""Fills in the forms of packaging/ for conda-forge and Homebrew, for a release.

    python tools/make_recipes.py dist/pydeploy_lint-1.2.3.tar.gz --output DIRECTORY

The requirements come from pyproject.toml, and the addresses and hashes of what they bring along from the package index
that uv is configured for; nothing is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import tomli
from uv import find_uv_bin

ROOT = Path(__file__).resolve().parent.parent
FORMS = {
    "recipe.yaml": ROOT / "packaging" / "conda-forge" / "recipe.yaml.in",
    "pydeploy-lint.rb": ROOT / "packaging" / "homebrew" / "pydeploy-lint.rb.in",
}
PYTHON = "3.14"
"""The Python that the Homebrew formula uses."""


class Resource(NamedTuple):
    """A source distribution that the formula brings along."""

    name: str
    url: str
    sha256: str


def main(arguments: list[str] | None = None) -> int:
    """Write the recipes; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sdist", type=Path, help="the source distribution of the release")
    parser.add_argument("--output", type=Path, required=True, help="the directory to write to")
    given = parser.parse_args(arguments)
    project = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    metadata = project["project"]
    brought = resources(lock(metadata["dependencies"], metadata["requires-python"]))
    texts = recipes(given.sdist, project, brought)
    given.output.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (given.output / name).write_text(text, encoding="utf-8", newline="\n")
    return 0


def recipes(sdist: Path, project: Mapping[str, Any], brought: Iterable[Resource]) -> dict[str, str]:
    """The recipes by file name.

    Args:
        sdist: the source distribution of the release.
        project: ``pyproject.toml``.
        brought: what the formula brings along.

    Raises:
        ValueError: the file is no source distribution of this project.
    """
    match = re.fullmatch(r"pydeploy_lint-([\w.]+)\.tar\.gz", sdist.name)
    if not match:
        raise ValueError(f"{sdist.name} is not a source distribution of pydeploy-lint")
    metadata = project["project"]
    common = {
        "VERSION": match[1],
        "SHA256": hashlib.sha256(sdist.read_bytes()).hexdigest(),
        "SUMMARY": metadata["description"].rstrip("."),
    }
    conda = {
        "PYTHON": metadata["requires-python"].removeprefix(">="),
        "BUILD": _spaced(project["build-system"]["requires"][0]),
        "RUN": "\n".join(f"    - {_spaced(requirement)}" for requirement in metadata["dependencies"]),
    }
    brew = {"PYTHON": PYTHON, "RESOURCES": "\n".join(map(_block, brought))}
    return {
        name: fill(form.read_text(encoding="utf-8"), common | (conda if name.endswith(".yaml") else brew))
        for name, form in FORMS.items()
    }


def fill(form: str, values: Mapping[str, str]) -> str:
    """A form with its blanks, such as ``@VERSION@``, filled in.

    Raises:
        KeyError: there is no value for a blank.
    """
    return re.sub(r"@([A-Z0-9]+)@", lambda match: values[match[1]], form)


def lock(requirements: Iterable[str], requires_python: str) -> dict[str, Any]:
    """What uv would install for some requirements with the Python of the formula, as its lock file."""
    wanted = [f"python_version == '{PYTHON}' and sys_platform == '{name}'" for name in ("darwin", "linux")]
    project = (
        f'[project]\nname = "brought"\nversion = "0"\nrequires-python = "{requires_python}"\n'
        f"dependencies = {json.dumps(list(requirements))}\n\n[tool.uv]\nenvironments = {json.dumps(wanted)}\n"
    )
    with tempfile.TemporaryDirectory() as directory:
        Path(directory, "pyproject.toml").write_text(project, encoding="utf-8")
        subprocess.run([find_uv_bin(), "lock", "--quiet", "--directory", directory], check=True)
        return tomli.loads(Path(directory, "uv.lock").read_text(encoding="utf-8"))


def resources(locked: Mapping[str, Any]) -> list[Resource]:
    """The source distributions that a lock file of uv names, by name.

    Raises:
        KeyError: a package has none.
    """
    packages = [each for each in locked["package"] if "virtual" not in each["source"]]
    return [
        Resource(each["name"], each["sdist"]["url"], each["sdist"]["hash"].removeprefix("sha256:"))
        for each in sorted(packages, key=lambda each: str(each["name"]))
    ]


def _spaced(requirement: str) -> str:
    """A requirement as conda writes it: ``libcst >=1.5``."""
    return re.sub(r"^([\w.-]+)(?=[<>=!~])", r"\1 ", requirement)


def _block(resource: Resource) -> str:
    return f'  resource "{resource.name}" do\n    url "{resource.url}"\n    sha256 "{resource.sha256}"\n  end\n'


if __name__ == "__main__":
    sys.exit(main())
