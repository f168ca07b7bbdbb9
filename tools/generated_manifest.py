"""Writes the manifest of the data that ages: its hashes, and a new version when one of them has changed."""

from __future__ import annotations

import datetime
import hashlib
import json
import sys
from pathlib import Path

from pydeploy_lint.files.data.aging_data import FORMAT, MANIFEST, SHIPPED


def main() -> int:
    """Write ``manifest.json``; returns the exit status."""
    path = Path(SHIPPED) / MANIFEST
    old = json.loads(path.read_bytes()) if path.is_file() else {}
    hashes = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(Path(SHIPPED).glob("*.json"))
        if file.name != MANIFEST
    }
    if old.get("files") != hashes or old.get("format") != FORMAT:
        version = next_version(str(old.get("version", "")), datetime.date.today())
        document = {"format": FORMAT, "version": version, "files": hashes}
        path.write_text(f"{json.dumps(document, indent=1)}\n", encoding="utf-8", newline="\n")
    return 0


def next_version(old: str, today: datetime.date) -> str:
    """The calendar version of a day; with a number behind it from the second one of the day on.

    >>> next_version("2026.11.25", datetime.date(2026, 11, 26))
    '2026.11.26'
    >>> next_version("2026.11.25.1", datetime.date(2026, 11, 25))
    '2026.11.25.2'
    """
    day = f"{today.year}.{today.month}.{today.day}"
    if old != day and not old.startswith(f"{day}."):
        return day
    return f"{day}.{int(old.removeprefix(day).lstrip('.') or 0) + 1}"


if __name__ == "__main__":
    sys.exit(main())
