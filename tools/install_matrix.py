"""Prints where `pip install pydeploy-lint` needs no compiler: which packages lack wheels, by Python and platform.

    python tools/install_matrix.py [--python 3.15t ...] [--platform windows-arm64 ...]

uv resolves the run-time dependencies of pyproject.toml for each Python, and pip says which of these versions have a
wheel for each platform, both by the index that they are configured for. An older version with a wheel does not count.
Exits with 1 if anything has none but LibCST, which alone has code in another language, and what LibCST needs.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import tomli
from uv import find_uv_bin

UV = find_uv_bin()
PYPROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14", "3.15", "3.14t", "3.15t")
ALLOWED = {"libcst", "pyyaml", "pyyaml-ft"}
AT_ONCE = 4
"""How many cells are asked for at a time: most of the time goes into waiting for the index."""

PLATFORMS = {
    "linux-x86_64": ("manylinux_2_28_x86_64", "manylinux2014_x86_64"),
    "linux-arm64": ("manylinux_2_28_aarch64", "manylinux2014_aarch64"),
    "musl-x86_64": ("musllinux_1_2_x86_64", "musllinux_1_1_x86_64"),
    "musl-arm64": ("musllinux_1_2_aarch64", "musllinux_1_1_aarch64"),
    "macos-arm64": ("macosx_14_0_arm64",),
    "macos-x86_64": ("macosx_14_0_x86_64",),
    "windows-x86_64": ("win_amd64",),
    "windows-arm64": ("win_arm64",),
}
"""By what pip calls them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; returns the exit status."""
    parser = argparse.ArgumentParser(description="Prints which dependencies lack wheels, by Python and platform.")
    parser.add_argument("--python", nargs="+", choices=PYTHONS, default=PYTHONS, metavar="VERSION")
    parser.add_argument("--platform", nargs="+", choices=PLATFORMS, default=list(PLATFORMS), metavar="NAME")
    options = parser.parse_args(arguments)
    requirements = tomli.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    pins = {python: resolve(requirements, python) for python in options.python}
    keys = [(python, platform) for platform in options.platform for python in options.python]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = pool.map(lambda key: without_wheels(pins[key[0]], key[0], PLATFORMS[key[1]]), keys)
        cells = dict(zip(keys, found, strict=True))
    print("\n".join(table(cells, options.python, options.platform)))
    return int(any(set(names) - ALLOWED for names in cells.values()))


def table(cells: dict[tuple[str, str], list[str]], pythons: Sequence[str], platforms: Sequence[str]) -> Iterator[str]:
    """A line for each platform: in each cell the packages without wheels, or ``yes`` where all have some."""
    width = max(len(text(names)) for names in cells.values()) + 2
    yield f"{'':16}" + "".join(python.ljust(width) for python in pythons).rstrip()
    for platform in platforms:
        yield f"{platform:16}" + "".join(text(cells[python, platform]).ljust(width) for python in pythons).rstrip()


def text(names: list[str]) -> str:
    """What a cell says."""
    return ", ".join(names) or "yes"


def resolve(requirements: list[str], python: str) -> list[str]:
    """The exact versions of requirements and of all that they need, by uv, which knows no free-threaded Pythons."""
    command = [UV, "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--python-version"]
    done = subprocess.run(
        [*command, python.removesuffix("t"), "-"],
        input="\n".join(requirements),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def without_wheels(pins: list[str], python: str, tags: tuple[str, ...]) -> list[str]:
    """The names of the packages without a wheel."""
    if have_wheels(pins, python, tags):
        return []
    return [pin.partition("==")[0] for pin in pins if not have_wheels([pin], python, tags)]


def have_wheels(pins: list[str], python: str, tags: tuple[str, ...]) -> bool:
    """Whether each of some exact versions has a wheel, by pip."""
    version, free_threaded = python.removesuffix("t"), python.endswith("t")
    abis = [f"cp{python.replace('.', '')}", "abi3t" if free_threaded else "abi3", "none"]
    command = [UV, "tool", "run", "--quiet", "--from", "pip", "pip", "install", "--quiet", "--dry-run", "--no-deps"]
    command += ["--disable-pip-version-check", "--ignore-installed", "--target", "unused", "--only-binary", ":all:"]
    command += ["--implementation", "cp", "--python-version", version]
    command += [argument for abi in abis for argument in ("--abi", abi)]
    command += [argument for tag in tags for argument in ("--platform", tag)]
    done = subprocess.run([*command, *pins], capture_output=True, text=True, check=False)
    if done.returncode and "No matching distribution found" not in done.stderr:
        raise RuntimeError(done.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
