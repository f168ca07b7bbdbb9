"""Judges the apps of a run, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydeploy_lint.engine.registry import Registry
    from pydeploy_lint.fleet.job import Job, Outcome
    from pydeploy_lint.fleet.target import Target


def outcomes(job: Job, targets: Sequence[Target], registry: Registry) -> Iterator[Outcome]:
    """What comes of each app, in the order of the apps; each is opened when its turn comes.

    Args:
        job: how to judge them.
        targets: the apps.
        registry: the checks.
    """
    for target in targets:
        yield job.run(target, registry)
