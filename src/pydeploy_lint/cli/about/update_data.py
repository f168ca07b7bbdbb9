"""``--update-data``: fetch the newest data into the user's cache, through the index that pip is configured for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from pydeploy_lint.cli.options.arguments import UsageError
from pydeploy_lint.files.data.aging_data import (
    CACHE_VARIABLE,
    DISTRIBUTION,
    MANIFEST,
    NAMES,
    PACKAGE,
    Copy,
    DataError,
    cache_directory,
    current,
    read_copy,
)

SECONDS = 120
MOST_BYTES = 50_000_000
"""No copy is as large."""


def update_data() -> str:
    """Fetch the newest data; what happened, in a sentence.

    Raises:
        UsageError: it could not be fetched, or what came cannot be used; the copy in use stays.
    """
    cache = cache_directory()
    if cache is None:
        raise UsageError(f"--update-data: there is no cache directory: set {CACHE_VARIABLE}")
    before = current()
    try:
        os.makedirs(cache, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=cache) as folder:
            fetched = _unpack(_download(Path(folder)), Path(folder) / "copy")
            if fetched.order <= before.order:
                return f"the data is up to date: {before.version}, in {before.directory}"
            _move(fetched, cache)
    except OSError as error:
        raise UsageError(f"--update-data: {cache} cannot be written: {error.strerror}") from error
    return f"data {fetched.version} replaces {before.version}; it is in {os.path.join(cache, fetched.version)}"


def _download(folder: Path) -> Path:
    """The wheel with the newest data."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--dest", str(folder), DISTRIBUTION]
    try:
        # In a directory of its own, as Python would import from the current one.
        done = subprocess.run(  # noqa: S603 - a fixed command, asked for by an option
            command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise UsageError(f"--update-data: pip did not end within {SECONDS} seconds") from None
    if done.returncode:
        reasons = [line.strip() for line in done.stderr.splitlines() if line.strip()] or ["it says no reason"]
        if any("No module named pip" in line for line in reasons):
            raise UsageError(f"--update-data: there is no pip here: install {DISTRIBUTION} as you did pydeploy-lint")
        raise UsageError(f"--update-data: pip could not fetch {DISTRIBUTION}: {reasons[-1]}")
    return next(folder.glob("*.whl"))


def _unpack(wheel: Path, folder: Path) -> Copy:
    """Take the files of the data out of a wheel.

    Raises:
        UsageError: they are damaged, or of another form.
    """
    folder.mkdir()
    try:
        with zipfile.ZipFile(wheel) as archive:
            for entry in archive.infolist():
                package, _, name = entry.filename.partition("/")
                if package == PACKAGE and name in (MANIFEST, *NAMES) and entry.file_size < MOST_BYTES:
                    (folder / name).write_bytes(archive.read(entry))
        return read_copy(str(folder))
    except DataError as error:
        raise UsageError(f"--update-data: {error}") from error
    except zipfile.BadZipFile as error:
        raise UsageError(f"--update-data: the file that was fetched is damaged: {error}") from error


def _move(copy: Copy, cache: str) -> None:
    """Put a copy where it is found, whole; older ones go."""
    place = os.path.join(cache, copy.version)
    if os.path.exists(place):
        shutil.rmtree(place)
    os.rename(copy.directory, place)
    for name in os.listdir(cache):
        if name != copy.version and not name.startswith("."):
            shutil.rmtree(os.path.join(cache, name), ignore_errors=True)
