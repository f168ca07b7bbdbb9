"""Prints where `pip install pydeploy-lint` needs no compiler: which dependencies lack wheels, by Python and platform.

    python tools/install_matrix.py [--python 3.15t ...] [--platform windows-arm64 ...]

uv resolves the run-time dependencies of pyproject.toml from wheels alone, by the index that it is configured for. It
knows no free-threaded target, so for those it resolves as for the others, and pip says whether all that has wheels.
Exits with 1 if a dependency other than LibCST, which alone has code in another language, has no wheel somewhere.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import tomli
from uv import find_uv_bin

UV = find_uv_bin()
PYPROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14", "3.15", "3.14t", "3.15t")
ALLOWED = {"libcst"}
AT_ONCE = 8
"""How many cells are asked for at a time: most of the time goes into waiting for the index."""
NAME = re.compile(r"[A-Za-z0-9._-]+")


class Platform(NamedTuple):
    """A platform as uv and pip call it."""

    uv: str
    pip: tuple[str, ...]


PLATFORMS = {
    "linux-x86_64": Platform("x86_64-unknown-linux-gnu", ("manylinux_2_28_x86_64", "manylinux2014_x86_64")),
    "linux-arm64": Platform("aarch64-unknown-linux-gnu", ("manylinux_2_28_aarch64", "manylinux2014_aarch64")),
    "musl-x86_64": Platform("x86_64-unknown-linux-musl", ("musllinux_1_2_x86_64", "musllinux_1_1_x86_64")),
    "musl-arm64": Platform("aarch64-unknown-linux-musl", ("musllinux_1_2_aarch64", "musllinux_1_1_aarch64")),
    "macos-arm64": Platform("aarch64-apple-darwin", ("macosx_14_0_arm64",)),
    "macos-x86_64": Platform("x86_64-apple-darwin", ("macosx_14_0_x86_64",)),
    "windows-x86_64": Platform("x86_64-pc-windows-msvc", ("win_amd64",)),
    "windows-arm64": Platform("aarch64-pc-windows-msvc", ("win_arm64",)),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; returns the exit status."""
    parser = argparse.ArgumentParser(description="Prints which dependencies lack wheels, by Python and platform.")
    parser.add_argument("--python", nargs="+", choices=PYTHONS, default=PYTHONS, metavar="VERSION")
    parser.add_argument("--platform", nargs="+", choices=PLATFORMS, default=list(PLATFORMS), metavar="NAME")
    options = parser.parse_args(arguments)
    requirements = tomli.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    keys = [(python, platform) for platform in options.platform for python in options.python]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = pool.map(lambda key: without_wheels(requirements, key[0], PLATFORMS[key[1]]), keys)
        cells = dict(zip(keys, found, strict=True))
    print("\n".join(table(cells, options.python, options.platform)))
    return int(any(set(names) - ALLOWED for names in cells.values()))


def table(cells: dict[tuple[str, str], list[str]], pythons: Sequence[str], platforms: Sequence[str]) -> Iterator[str]:
    """A line for each platform: in each cell the dependencies without wheels, or ``yes`` where all have some."""
    width = max(len(text(names)) for names in cells.values()) + 2
    yield f"{'':16}" + "".join(python.ljust(width) for python in pythons).rstrip()
    for platform in platforms:
        yield f"{platform:16}" + "".join(text(cells[python, platform]).ljust(width) for python in pythons).rstrip()


def text(names: list[str]) -> str:
    """What a cell says."""
    return ", ".join(names) or "yes"


def without_wheels(requirements: list[str], python: str, platform: Platform) -> list[str]:
    """The names of the requirements that cannot be installed from wheels alone, with all that they need."""
    if has_wheels(requirements, python, platform):
        return []
    return [name(requirement) for requirement in requirements if not has_wheels([requirement], python, platform)] or [
        "all of them together"
    ]


def name(requirement: str) -> str:
    """The name in a requirement."""
    match = NAME.match(requirement)
    return match[0].lower() if match else requirement


def has_wheels(requirements: list[str], python: str, platform: Platform) -> bool:
    """Whether requirements, and all that they need, can be installed from wheels alone."""
    if not python.endswith("t"):
        return resolve(requirements, python, platform, "--only-binary", ":all:") is not None
    pins = resolve(requirements, python.removesuffix("t"), platform)
    return pins is not None and all_have_wheels(pins, python, platform)


def resolve(requirements: list[str], python: str, platform: Platform, *options: str) -> list[str] | None:
    """The exact versions of requirements and of all that they need; None where there are none."""
    command = [UV, "pip", "compile", "--quiet", "--no-header", "--no-annotate", *options]
    command += ["--python-version", python, "--python-platform", platform.uv, "-"]
    done = subprocess.run(command, input="\n".join(requirements), capture_output=True, text=True, check=False)
    if done.returncode and "No solution found" not in done.stderr:
        raise RuntimeError(done.stderr)
    return None if done.returncode else done.stdout.split()


def all_have_wheels(pins: list[str], python: str, platform: Platform) -> bool:
    """Whether each of some exact versions has a wheel for a free-threaded Python, by pip."""
    version = python.removesuffix("t")
    command = [UV, "tool", "run", "--quiet", "--from", "pip", "pip", "install", "--quiet", "--dry-run", "--no-deps"]
    command += ["--disable-pip-version-check", "--ignore-installed", "--target", "unused", "--only-binary", ":all:"]
    command += ["--implementation", "cp", "--python-version", version, "--abi", f"cp{version.replace('.', '')}t"]
    command += ["--abi", "abi3t", "--abi", "none"]
    command += [argument for tag in platform.pip for argument in ("--platform", tag)]
    done = subprocess.run([*command, *pins], capture_output=True, text=True, check=False)
    if done.returncode and "No matching distribution found" not in done.stderr:
        raise RuntimeError(done.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
