"""Divides the apps of a run into batches, each of which is sent to a worker at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydeploy_lint.fleet.target import Target

LARGEST = 16
"""Apps; more would not save more, and let the last worker work alone for longer."""


def batches(targets: Sequence[Target], workers: int) -> Iterator[Sequence[Target]]:
    """The apps in order, in batches of a size that gives every worker several."""
    size = max(1, min(LARGEST, len(targets) // (workers * 4)))
    for start in range(0, len(targets), size):
        yield targets[start : start + size]
