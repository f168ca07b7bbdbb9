"""Locks and judges the projects of ``tests/facts/locks/cases.py`` with the uv that Heroku installs.

    python tools/record_lock_cases.py [--tools path/to/lock-tools]

The address of the index that is made on the spot is replaced by one that leads nowhere.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from lock_fuzz import VERSIONS  # noqa: E402 - needs the path
from lock_tools import BACKEND, Index, Tool, install  # noqa: E402

from tests.facts.locks.cases import CASES, INDEX, Case  # noqa: E402

DATA = ROOT / "tests" / "data" / "uv-cases.jsonl.gz"
BLOCK = re.compile(r'\[\[package\]\]\nname = "six"\n(?:(?!\[\[).*\n?)*')


def edited(lock: str, case: Case) -> str:
    """A lock after the edit of a case."""
    old, new = case.lock_edit
    six = BLOCK.search(lock)
    block = f"{six[0].rstrip()}\n\n" if six else SIX
    new = new.replace("{six}", block).replace("{other six}", block.replace("1.17.0", "1.16.0"))
    if old == "{end}":
        return f"{lock}\n{new}"
    assert old in lock, (case.name, lock)
    return lock.replace(old, new, 1)


SIX = f"""\
[[package]]
name = "six"
version = "1.17.0"
source = {{ registry = "{INDEX}/simple/" }}
"""


def write(root: Path, tree: dict[str, str | None], index: Index) -> None:
    """Write a tree, with the address of the index in place of the one that leads nowhere."""
    for path, text in tree.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            file.unlink()
        else:
            file.write_text(text.replace(INDEX, index.address).replace("{backend}", BACKEND), encoding="utf-8")


def record(case: Case, uv: Tool, index: Index) -> dict[str, object]:
    """One line."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        write(root, dict(case.project), index)
        locked = uv.lock(root)
        assert locked.status == 0, (case.name, locked.text)
        lock = (root / "uv.lock").read_text(encoding="utf-8").replace(index.address, INDEX)
        if case.lock_edit != ("", ""):
            lock = edited(lock, case)
        write(root, {**case.edit, "uv.lock": lock}, index)
        answer = uv.judge(root)
    tree = {path: text for path, text in {**case.project, **case.edit, "uv.lock": lock}.items() if text is not None}
    said = next((line.strip() for line in answer.text.splitlines() if line.startswith("error")), "")
    said = re.sub(rf"{re.escape(directory)}|{re.escape(index.address)}", "", said)
    return {"name": case.name, "tree": tree, "fails": answer.status != 0, "said": said}


def main() -> int:
    """Record all cases; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", type=Path, default=Path(tempfile.gettempdir()) / "lock-tools")
    arguments = parser.parse_args()
    program = install(arguments.tools, {"uv": VERSIONS["uv"]})["uv"]
    with Index() as index, tempfile.TemporaryDirectory() as scratch:
        uv = Tool("uv", program, Path(scratch), index)
        lines = [json.dumps(record(case, uv, index)) + "\n" for case in CASES]
    with gzip.GzipFile(DATA, "wb", mtime=0) as file:
        file.write("".join(lines).encode())
    print(f"{len(lines)} cases, of which {sum(json.loads(line)['fails'] for line in lines)} fail")
    return 0


if __name__ == "__main__":
    sys.exit(main())
