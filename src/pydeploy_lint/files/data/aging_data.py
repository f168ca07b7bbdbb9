"""Finds and reads the data that ages: the newest of the copies that there are.

A copy is a directory of JSON files with a ``manifest.json``, which has the version of the form of the files, a calendar
version of their content, and a hash of each. pydeploy-lint comes with one copy. A newer one is in the distribution
``pydeploy-lint-data``, where that is installed, or in the user's cache, where ``--update-data`` has put it. ``--data``
takes a certain one.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, NamedTuple

FORMAT = 1
"""The version of the form of the files that this pydeploy-lint reads."""
MANIFEST = "manifest.json"
NAMES = {
    "compatibility.json",
    "modules.json",
    "names.json",
    "platform.json",
    "psycopg2.json",
    "releases.json",
    "removed_names.json",
    "retired.json",
    "standard_library.json",
}
CACHE_VARIABLE = "PYDEPLOY_LINT_CACHE"
"""The environment variable that names another directory than the platform's for the user's copies."""
DISTRIBUTION = "pydeploy-lint-data"
PACKAGE = "pydeploy_lint_data"
SHIPPED = os.path.normpath(os.path.join(os.path.dirname(__file__), os.pardir, os.pardir, "data"))


class DataError(Exception):
    """A copy of the data that cannot be used; the message says which, and why."""


class Copy(NamedTuple):
    """A copy of the data."""

    directory: str
    version: str
    """Of the content, such as ``2026.11.25``."""

    @property
    def order(self) -> tuple[int, ...]:
        """By which the newest copy is found."""
        return tuple(int(number) for number in self.version.split("."))


def load(name: str) -> Any:
    """The content of a file of the data.

    Args:
        name: such as ``releases.json``.
    """
    with open(os.path.join(current().directory, name), "rb") as file:
        return json.load(file)


def current() -> Copy:
    """The copy in use: the one that was chosen, else the newest one."""
    if not _chosen:
        _chosen.append(_newest())
    return _chosen[0]


def choose(directory: str) -> None:
    """Use a certain copy from now on. It must come before anything is read.

    Raises:
        DataError: there is none, or it has another form than this pydeploy-lint reads.
    """
    _chosen[:] = [read_copy(directory)]


_chosen: list[Copy] = []


def read_copy(directory: str) -> Copy:
    """What the manifest of a copy says; the files are as it says.

    Raises:
        DataError: it cannot be read, or the files are damaged, or have another form than this pydeploy-lint reads.
    """
    path = os.path.join(directory, MANIFEST)
    try:
        with open(path, "rb") as file:
            manifest = json.load(file)
        form, copy = manifest["format"], Copy(directory, str(manifest["version"]))
        hashes = {str(name): str(value) for name, value in manifest["files"].items()}
        copy.order  # noqa: B018 - a version that is none has no order
    except OSError as error:
        raise DataError(f"{directory} has no data for pydeploy-lint: {error.strerror}: {MANIFEST}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path} is not a manifest of data for pydeploy-lint") from error
    if form != FORMAT:
        what = "update pydeploy-lint" if isinstance(form, int) and form > FORMAT else "it is too old"
        raise DataError(f"{directory} has data in format {form}, and this pydeploy-lint reads format {FORMAT}: {what}")
    if directory != SHIPPED:
        _verify(directory, hashes)
    return copy


def _verify(directory: str, hashes: dict[str, str]) -> None:
    from hashlib import sha256

    for name in NAMES | hashes.keys():
        try:
            with open(os.path.join(directory, os.path.basename(name)), "rb") as file:
                found = sha256(file.read()).hexdigest()
        except OSError as error:
            raise DataError(f"the data in {directory} is not whole: {error.strerror}: {name}") from error
        if found != hashes.get(name):
            raise DataError(f"the data in {directory} is damaged: {name} does not have the hash in {MANIFEST}")


def cache_directory() -> str | None:
    """Where the user's copies are; None where the platform does not say."""
    if os.environ.get(CACHE_VARIABLE):
        return os.path.abspath(os.environ[CACHE_VARIABLE])
    if os.environ.get("XDG_CACHE_HOME"):
        base = os.environ["XDG_CACHE_HOME"]
    elif sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    else:
        home = os.path.expanduser("~")
        base = os.path.join(home, "Library/Caches" if sys.platform == "darwin" else ".cache") if home != "~" else ""
    return os.path.join(base, "pydeploy-lint", "data") if os.path.isabs(base) else None


def _newest() -> Copy:
    copies = [read_copy(SHIPPED)]
    for directory in _others():
        try:
            copies.append(read_copy(directory))
        except DataError:
            # It is another program's, or that of a newer pydeploy-lint: what is shipped works.
            continue
    return max(copies, key=lambda copy: copy.order)


def _others() -> list[str]:
    """Where there may be copies beside the shipped one."""
    # Beside this package, where pip puts it; other paths of the interpreter may lead into the app.
    found = [os.path.join(os.path.dirname(os.path.dirname(SHIPPED)), PACKAGE)]
    cache = cache_directory()
    if cache and os.path.isdir(cache):
        found += [os.path.join(cache, name) for name in os.listdir(cache)]
    return [directory for directory in found if os.path.isfile(os.path.join(directory, MANIFEST))]
