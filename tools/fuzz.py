"""Judges random apps, shows them in every format, and fixes copies of them, and tells what goes wrong or takes long.

    python tools/fuzz.py [--trees 1000 | --minutes 10] [--seed 0] [--start 0]

The apps are those of the conformance cases, of the lock vectors and of the checks' own examples. In each a few files
are changed, or written from nothing, in all formats that are read: TOML, JSON, YAML, HCL, shell, Python, requirements,
Procfile, lock files, and files of lines and of settings. Most stay well formed, and say something strange; others are
spoilt.

An app must be judged within some seconds and megabytes, no check may fail, every format must be well formed and inert,
and fixes must change nothing outside of the app and find nothing more to do the second time. Exits with 1 if not; the
app is then in `fuzz-failures/`. The same seed and number make the same app.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from fuzz_trees import Tree, Trees
from fuzz_verdict import flaws

from pydeploy_lint.testing import write_tree

FAILURES = Path("fuzz-failures")
HANGS = 600
"""Seconds on the wall after which the process is ended, for what no signal interrupts."""


def main(arguments: list[str] | None = None) -> int:
    """Fuzz until the trees or the time are used up; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trees", type=int, help="how many apps to judge")
    parser.add_argument("--minutes", type=float, default=10, help="how long, if no number of apps is given")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=int, default=0, help="the number of the first app")
    options = parser.parse_args(arguments)
    trees = Trees(options.seed)
    end = time.monotonic() + options.minutes * 60
    failed: dict[str, Path] = {}
    number, slowest = options.start, (0.0, 0)
    while number - options.start < options.trees if options.trees else time.monotonic() < end:
        tree = trees.tree(number)
        begin = time.process_time()
        for message in judged(tree, random.Random(number)):  # noqa: S311 - not for secrets
            if message not in failed:
                failed[message] = keep(tree, number)
                print(f"{failed[message]}: {message}", flush=True)
        slowest = max(slowest, (time.process_time() - begin, number))
        number += 1
        if not number % 1000:
            print(f"{number} apps", flush=True)
    print(f"seed {options.seed}: apps {options.start} to {number - 1}, {len(failed)} different failures")
    print(f"slowest: {slowest[0]:.2f} s for app {slowest[1]}")
    return 1 if failed else 0


def judged(tree: Tree, dice: random.Random) -> list[str]:
    """What is wrong with what is made of an app."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory) / "app"
        root.mkdir()
        (root.parent / "outside.txt").write_text("six\n", encoding="utf-8")
        with contextlib.suppress(OSError):  # a name that is a file and a directory, or too long
            write_tree(root, tree)
        faulthandler.dump_traceback_later(HANGS, exit=True, file=sys.__stderr__ or 2)
        try:
            return flaws(root, dice)
        finally:
            faulthandler.cancel_dump_traceback_later()


def keep(tree: Tree, number: int) -> Path:
    """Write an app where it can be looked at."""
    root = FAILURES / str(number)
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    with contextlib.suppress(OSError):
        write_tree(root, tree)
    return root


if __name__ == "__main__":
    sys.exit(main())
