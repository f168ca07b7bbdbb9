"""Judges the apps of a run, here, in several processes or on a cluster; the results keep the order of the apps."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydeploy_lint.engine.registry import Registry
    from pydeploy_lint.fleet.job import Job
    from pydeploy_lint.fleet.outcome import Outcome
    from pydeploy_lint.fleet.target import Target

WORTH_IT = 300
"""Apps; for fewer, to start processes takes longer than they save (measured by benchmarks/fleet.py)."""


class Run(NamedTuple):
    """The apps, and who judges them how."""

    job: Job
    targets: Sequence[Target]
    registry: Registry
    jobs: int | None = 1
    """How many processes to use; None: as many as there are cores, if there are enough apps."""
    cluster: str | None = None
    """The address of a Dask scheduler whose workers judge the apps; None: they are judged here."""

    def outcomes(self) -> Iterator[Outcome]:
        """What comes of each app, in the order of the apps; each is opened when its turn comes."""
        if self.cluster is not None:
            from pydeploy_lint.fleet.dask import outcomes_of_dask

            yield from outcomes_of_dask(self.job, self.targets, self.cluster)
            return
        jobs = self.jobs
        if jobs is None:
            jobs = _cores() if len(self.targets) >= WORTH_IT else 1
        jobs = min(jobs, len(self.targets))
        if jobs > 1:
            from pydeploy_lint.fleet.processes import outcomes_of_processes

            yield from outcomes_of_processes(self.job, self.targets, jobs)
            return
        for target in self.targets:
            yield self.job.run(target, self.registry)


def _cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
