"""Copies of the data that ages, for tests."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pydeploy_lint.files.data import aging_data

SHIPPED = Path(aging_data.SHIPPED)
NEWER = "2099.1.2"


def write_copy(directory: Path, version: str = NEWER, form: int = aging_data.FORMAT) -> Path:
    """A copy of the shipped data with another version, which its names.json says too."""
    directory.mkdir(parents=True)
    for path in SHIPPED.glob("*.json"):
        (directory / path.name).write_bytes(path.read_bytes())
    names = json.loads((directory / "names.json").read_bytes())
    (directory / "names.json").write_text(json.dumps({**names, "test": version}), encoding="utf-8")
    write_manifest(directory, version, form)
    return directory


def write_manifest(directory: Path, version: str, form: int = aging_data.FORMAT) -> None:
    """Say of the files of a copy what they are now."""
    files = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.glob("*.json"))
        if path.name != "manifest.json"
    }
    manifest = {"format": form, "version": version, "files": files}
    (directory / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
