"""The files that a lock names for its packages, and which of them fit a Python on Heroku.

Only uv.lock and poetry.lock name them; a Pipfile.lock has hashes, and a requirements file at most that.
Source of the tags: the specification "Platform compatibility tags" of the Python Packaging Authority.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.packages.installed.install_set import Declared, Installed, InstallSet
from pydeploy_lint.facts.packages.markers import canonical
from pydeploy_lint.files.formats.tables import table, tables
from pydeploy_lint.files.numbers import LARGEST, whole_number

if TYPE_CHECKING:
    from pydeploy_lint.files.formats.documents import Document
    from pydeploy_lint.finding import Span

_LINUX = re.compile(r"(?:manylinux\w*|linux)_x86_64")
_PYTHON_3 = re.compile(r"(cp|py)3(\d*)")
_DASHES = (4, 5)
"""In the name of a wheel: between distribution, version, perhaps a build, Python, ABI and platform."""


class LockedFile(NamedTuple):
    """A wheel or a source distribution."""

    name: str
    size: int | None = None
    """In bytes; None where the lock does not tell."""

    @property
    def is_wheel(self) -> bool:
        """Whether it is installed as it is."""
        return self.name.endswith(".whl")

    @property
    def is_for_linux(self) -> bool:
        """Whether it is a wheel with compiled code for Heroku's platform, whatever the Python."""
        return self.is_wheel and self.name.count("-") in _DASHES and _is_for_linux(self._tags)

    def fits(self, series: str) -> bool:
        """Whether it is a wheel for a series of CPython on Heroku; a name that is not understood counts as one.

        Every manylinux wheel does: those for a newer C library than the stack's are hardly ever the only ones.
        """
        return self.is_wheel and (self.name.count("-") not in _DASHES or _fits(self._tags, series))

    @property
    def _tags(self) -> str:
        """The Pythons, ABIs and platforms; a lock has few different ones."""
        return self.name.split("-", self.name.count("-") - 2)[-1].removesuffix(".whl")


@lru_cache(maxsize=1024)
def _is_for_linux(tags: str) -> bool:
    return any(map(_LINUX.fullmatch, tags.split("-")[2].split(".")))


@lru_cache(maxsize=1024)
def _fits(tags: str, series: str) -> bool:
    pythons, abis, platforms = (each.split(".") for each in tags.split("-"))
    minor = whole_number(series.split(".")[1])
    on_platform = "any" in platforms or _is_for_linux(tags)
    return on_platform and any(_runs(python, abi, minor) for python in pythons for abi in abis)


def _runs(python: str, abi: str, minor: int) -> bool:
    """Whether CPython 3 of a minor version loads what was made for a Python and an ABI."""
    match = _PYTHON_3.fullmatch(python)
    if not match:
        return False
    is_cpython, made_for = match[1] == "cp", whole_number(match[2] or "0")
    if abi == ("abi3" if is_cpython else "none"):
        return made_for <= minor
    return is_cpython and made_for == minor and abi in ("none", f"cp3{minor}", f"cp3{minor}m")


class LockedPackage(NamedTuple):
    """A package that the build surely installs from an index."""

    name: str
    version: str
    files: tuple[LockedFile, ...]
    place: Callable[[], Span]
    """Where the lock has it."""

    def fits(self, series: str) -> bool:
        """Whether one of its wheels is for a series."""
        return any(file.fits(series) for file in self.files)

    @property
    def has_source(self) -> bool:
        """Whether there is something that it can be built from."""
        return not all(file.is_wheel for file in self.files)

    @property
    def is_compiled_for_linux(self) -> bool:
        """Whether there are wheels for Heroku's platform, if not for every Python."""
        return any(file.is_for_linux for file in self.files)

    def wheel_size(self, series: str) -> int:
        """The bytes of the smallest wheel that fits; 0 where the lock does not tell."""
        sizes = [min(file.size, LARGEST) for file in self.files if file.size is not None and file.fits(series)]
        return min(sizes, default=0)


def is_for_python(lock: Document, python: str) -> bool:
    """Whether a lock was made for a Python, as far as can be told; uv leaves out of it the wheels for every other.

    Args:
        lock: a uv.lock or poetry.lock.
        python: a full version.
    """
    from pydeploy_lint.facts.locks.poetry.constraint import poetry_allows
    from pydeploy_lint.facts.locks.uv.freshness import accepts_python

    of_uv, of_poetry = lock.get("requires-python"), lock.get("metadata", "python-versions")
    if isinstance(of_uv, str):
        return accepts_python(of_uv, python) is not False
    return not isinstance(of_poetry, str) or poetry_allows(of_poetry, python) is not False


def locked_packages(lock: Document, install_set: InstallSet) -> Iterator[LockedPackage]:
    """The packages that are surely installed and of which the lock names files.

    Args:
        lock: a uv.lock or poetry.lock; what does not have the form of a lock is ignored.
        install_set: what the build installs from it.
    """
    installed: dict[tuple[str, str], Declared] = {
        (each.name, each.specifier): each for each in install_set.declared if each.installed is Installed.YES
    }
    for entry in tables(lock.get("package")):
        name, version = canonical(str(entry.get("name"))), str(entry.get("version"))
        declared = installed.get((name, f"=={version}"))
        files = tuple(_files(entry))
        if declared and files and _is_from_index(entry):
            yield LockedPackage(name, version, files, declared.place)


def _is_from_index(entry: dict[str, object]) -> bool:
    source = table(entry.get("source"))
    # poetry.lock names no source for the usual index, and calls every other one of the kind "legacy".
    return not source or "registry" in source or source.get("type") == "legacy"


def _files(entry: dict[str, object]) -> Iterator[LockedFile]:
    for file in [*tables(entry.get("wheels")), table(entry.get("sdist")), *tables(entry.get("files"))]:
        address = file.get("file") or file.get("filename") or file.get("url") or file.get("path")
        size = file.get("size")
        if isinstance(address, str):
            if "#" in address or "?" in address:
                address = re.split(r"[?#]", address)[0]
            name = address[address.rfind("/") + 1 :]
            yield LockedFile(name, size if isinstance(size, int) and size >= 0 else None)
