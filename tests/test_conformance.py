"""The prediction of the build against the verdicts of the real buildpack, on thousands of small trees.

The trees were made at random, and the real scripts of the classic Python buildpack (v351 unless a case names other
releases, stack heroku-24, no build cache) were run on each, up to the download of Python (2026-08).
"""

import base64
import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from pydeploy_lint.engine import run as engine
from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.testing import Directory, Link, open_app, write_tree

DATA = Path(__file__).parent / "data"
CHECKS = load_registry().checks.values()
NUMBERS = "jq takes this for a number, and JSON does not; a second jq is not worth its cost for a lock nobody wrote"
EXCLUDED = {
    "pl--nan": NUMBERS,
    "pl-nan": NUMBERS,
    "pl-dotnum": NUMBERS,
    "pl-numdot": NUMBERS,
    "pl-plusnum": NUMBERS,
    "pl-lead0": NUMBERS,
    "pl-num-03": NUMBERS,
    "pl-num-exp": "jq writes 3.12e0 as 3.12; no lock has an exponent in a version",
    "pv-magic-csv": "file(1) takes ten lines with commas for a CSV file, and the build that for an encoding",
}
"""Cases that are not imitated, with the reason."""


def cases(name: str) -> list[dict[str, Any]]:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def entry(node: Mapping[str, Any]) -> str | bytes | Link | Directory:
    if "symlink" in node:
        return Link(node["symlink"])
    if "directory" in node:
        return Directory()
    return node["text"] if "text" in node else base64.b64decode(node["base64"])


def disagreement(root: Path, tree: Mapping[str, Any], release: str, expected: Mapping[str, Any]) -> str | None:
    """What is predicted otherwise than the buildpack decided; None where all agrees."""
    root.mkdir()
    write_tree(root, {path: entry(node) for path, node in tree.items()})
    predicted = engine.run(open_app(root, {"buildpack": release}), CHECKS).build._asdict()
    predicted["warnings"] = list(predicted["warnings"])
    wrong = {key: predicted[key] for key, value in expected.items() if predicted[key] != value}
    return f"{release}: predicted {wrong}, the buildpack said {expected}" if wrong else None


def verdicts(name: str) -> Iterator[tuple[str, Mapping[str, Any], str, Mapping[str, Any]]]:
    for case in cases(name):
        for release, build in case.get("builds", {"v351": case.get("build")}).items():
            yield case["id"], case["tree"], release, build


@pytest.mark.parametrize("name", ["cases", "odd", "releases"])
def test_agreement(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All verdicts agree, but for the exclusions, which are named with their reasons."""
    wrong = {}
    total = 0
    for number, (case, tree, release, expected) in enumerate(verdicts(name)):
        if case in EXCLUDED:
            continue
        total += 1
        why = disagreement(tmp_path / str(number), tree, release, expected)
        if why:
            wrong[f"{case}/{release}"] = why
    with capsys.disabled():
        print(f"\nagreement with the real buildpack on {name}: {total - len(wrong)} of {total} verdicts")
    assert wrong == {}
