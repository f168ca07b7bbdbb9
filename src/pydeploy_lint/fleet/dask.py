"""Judges apps on a Dask cluster, whose workers read the same file system, and gives the results in their order.

Workers get references to repositories, and no files. A worker that dies costs only time: Dask gives its apps to another
one. Apps with which several workers died are tried once more, each alone.
"""

from __future__ import annotations

import logging
import os
from collections import deque
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from distributed import Client
from distributed.scheduler import KilledWorker

from pydeploy_lint import __version__
from pydeploy_lint.engine.registry import Registry, load_registry
from pydeploy_lint.files.data.aging_data import current
from pydeploy_lint.files.source import Source
from pydeploy_lint.fleet.batches import batches
from pydeploy_lint.fleet.outcome import NoCluster, failed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from distributed import Future

    from pydeploy_lint.fleet.job import Job
    from pydeploy_lint.fleet.outcome import Outcome
    from pydeploy_lint.fleet.target import Target

AHEAD = 4
"""How many batches a worker may be ahead of the oldest one that is not reported; more would only need memory."""
PATIENCE = 10
"""Seconds to wait for the scheduler."""
DIED = "every worker that judged it ended: they may have run out of memory"

_one_at_a_time = Lock()
"""In a worker with several threads, which would only wait for each other."""


class Versions(NamedTuple):
    """What results depend on, and a worker may have otherwise."""

    program: str
    data: str

    def __str__(self) -> str:
        return f"pydeploy-lint {self.program} with data {self.data}"


def outcomes_of_dask(job: Job, targets: Sequence[Target], address: str) -> Iterator[Outcome]:
    """What comes of each app, in the order of the apps.

    Args:
        job: how to judge them.
        targets: the apps.
        address: the scheduler's, such as ``tcp://10.0.0.1:8786``.

    Raises:
        NoCluster: no scheduler answers, or it has no workers.
    """
    _silence()
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoCluster(f"--executor: no Dask scheduler answers at {address}") from error
    with client:
        workers = len(client.scheduler_info(n_workers=-1)["workers"])
        if not workers:
            raise NoCluster(f"--executor: the Dask scheduler at {address} has no workers")
        versions = Versions(__version__, current().version)
        shared = client.scatter(_from_anywhere(job), broadcast=True, hash=False)
        rest = batches(targets, workers)
        waiting: deque[tuple[Sequence[Target], Future]] = deque()
        while True:
            while len(waiting) < AHEAD * workers and (batch := next(rest, None)):
                waiting.append((batch, _submit(client, shared, versions, batch)))
            if not waiting:
                return
            batch, future = waiting.popleft()
            try:
                yield from future.result()
            except KilledWorker:
                yield from (_alone(client, shared, versions, target) for target in batch)


def _silence() -> None:
    """Let Dask say nothing of workers that come and go: what concerns the user is said here.

    Its configuration gives several of its loggers a level of their own.
    """
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _submit(client: Client, job: Future, versions: Versions, batch: Sequence[Target]) -> Future:
    # The order in which they are asked for is the order in which they are reported.
    return client.submit(_judge, job, versions, [_absolute(target) for target in batch], pure=False)


def _alone(client: Client, job: Future, versions: Versions, target: Target) -> Outcome:
    try:
        outcomes: list[Outcome] = _submit(client, job, versions, [target]).result()
    except KilledWorker:
        return failed(target, DIED)
    return outcomes[0]


def _judge(job: Job, versions: Versions, targets: Sequence[Target]) -> list[Outcome]:
    """Judge apps in a worker."""
    mine = Versions(__version__, current().version)
    if mine != versions:
        return [failed(target, f"a worker has {mine}, and not {versions}") for target in targets]
    with _one_at_a_time:
        return [job.run(target, _registry()) for target in targets]


@cache
def _registry() -> Registry:
    return load_registry()


def _absolute(target: Target) -> Target:
    """An app as a worker finds it, with the path of the user in what is said of it."""
    return target._replace(path=os.path.abspath(target.path), given=target.given or target.path)


def _from_anywhere(job: Job) -> Job:
    listing = job.defaults.app.buildpacks
    if listing is None or listing.path.startswith("<"):
        return job
    source = Source(os.path.abspath(listing.path), listing.data)
    return job._replace(defaults=job.defaults.replaced(buildpacks=source))
