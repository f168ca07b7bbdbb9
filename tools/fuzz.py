"""Feeds spoilt apps to every check, and tells which fails, or takes long.

    python tools/fuzz.py [--minutes 10] [--seed 0]

The apps are those of the conformance cases, of the lock vectors and of the checks' own examples. Each is spoilt a
little: bytes are flipped, lines repeated, dropped or swapped, values replaced by others of another type, files moved.
A check must find what it can and never fail. Exits with 1 if one did; the app is written to `fuzz-failures/`.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydeploy_lint.engine import run as engine
from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.finding import Severity
from pydeploy_lint.heroku.history import UnknownRelease
from pydeploy_lint.settings.configuration import ConfigurationError
from pydeploy_lint.testing import open_app, write_tree

DATA = Path(__file__).resolve().parent.parent / "tests" / "data"
FAILURES = Path("fuzz-failures")
SLOW = 2.0
"""Seconds of one app that are worth a look."""
PIECES = (
    *(b"", b"\0", b"\xff", b"\xef\xbb\xbf", b"\r", b"\n", b"[", b"{", b"]", b"}", b'"', b"'", b"=", b"\\", b"#"),
    *(b"-r ", b"${X}", b"true", b"[]", b"{}", b"1e999", b"9" * 400, b"null", b"<<<<<<< a\n", b"[" * 2000, b"* " * 500),
    "\u200b\u00a0\U0001f600".encode(),
)
"""What is put somewhere into a file."""


def main() -> int:
    """Fuzz until the time is up; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    dice = random.Random(arguments.seed)  # noqa: S311 - not for secrets
    apps = list(seeds())
    end = time.monotonic() + arguments.minutes * 60
    failed: dict[str, Path] = {}
    runs, slowest = 0, 0.0
    while time.monotonic() < end:
        files = spoil(dict(dice.choice(apps)), dice)
        start = time.monotonic()
        messages = judge(files)
        took = time.monotonic() - start
        slowest = max(slowest, took)
        runs += 1
        if took > SLOW:
            messages = [*messages, f"took {took:.1f} s"]
        for message in messages:
            if message not in failed:
                failed[message] = keep(files, len(failed))
                print(f"{failed[message]}: {message}", flush=True)
    print(f"{runs} apps, {len(failed)} different failures, slowest {slowest:.2f} s")
    return 1 if failed else 0


def seeds() -> Iterator[dict[str, bytes]]:
    """Apps to spoil."""
    for name in ("cases", "odd", "releases"):
        for case in _lines(name):
            tree = case["tree"]
            files = {path: node for path, node in tree.items() if "text" in node or "base64" in node}
            yield {
                path: node["text"].encode("utf-8", "surrogateescape")
                if "text" in node
                else base64.b64decode(node["base64"])
                for path, node in files.items()
            }
    for case in _lines("uv-locks"):
        yield {
            ".python-version": b"3.13\n",
            "pyproject.toml": case["pyproject"].encode(),
            "uv.lock": case["lock"].encode(),
        }
    for check in load_registry().checks.values():
        for example in (*check.bad, *check.good):
            yield {
                path: content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
                for path, content in example.files.items()
                if isinstance(content, (str, bytes))
            }


def _lines(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def spoil(files: dict[str, bytes], dice: random.Random) -> dict[str, bytes]:
    """An app with a few files spoilt."""
    for _ in range(dice.randint(1, 4)):
        if not files:
            break
        path = dice.choice(sorted(files))
        data = files[path]
        at = dice.randint(0, len(data))
        match dice.randint(0, 5):
            case 0:
                files[path] = data[:at] + dice.choice(PIECES) + data[at:]
            case 1:
                files[path] = data[:at] + data[at + dice.randint(1, 20) :]
            case 2:
                lines = data.splitlines(keepends=True)
                dice.shuffle(lines)
                files[path] = b"".join(lines)
            case 3:
                lines = data.splitlines(keepends=True) or [b""]
                files[path] = data + dice.choice(lines) * dice.randint(1, 3)
            case 4:
                values = [b'"x"', b"1", b"[1]", b"{a = 1}", b"true", b'{"a": 1}', b"null"]
                head, sign, tail = data.partition(dice.choice([b"=", b":", b","]))
                files[path] = head + sign + dice.choice(values) + tail[dice.randint(0, 30) :]
            case _:
                other = dice.choice(sorted(files))
                files[path], files[other] = files[other], data
    return files


def judge(files: dict[str, bytes]) -> list[str]:
    """What failed."""
    with tempfile.TemporaryDirectory() as directory:
        try:
            write_tree(Path(directory), files)
        except OSError:
            return []  # a name that is a file and a directory
        try:
            app = open_app(Path(directory))
        except (ConfigurationError, UnknownRelease):
            return []  # refused before any check runs
        report = engine.run(app, load_registry().checks.values())
    return [note.message for note in report.notifications if note.severity is Severity.ERROR]


def keep(files: dict[str, bytes], number: int) -> Path:
    """Write an app where it can be looked at."""
    root = FAILURES / str(number)
    root.mkdir(parents=True, exist_ok=True)
    write_tree(root, files)
    return root


if __name__ == "__main__":
    sys.exit(main())
