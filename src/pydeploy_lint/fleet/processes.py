"""Judges apps in several processes of this machine, and gives their results in the order of the apps."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.engine.registry import Registry, load_registry
from pydeploy_lint.files.data.aging_data import choose, current
from pydeploy_lint.fleet.batches import batches
from pydeploy_lint.fleet.job import Job
from pydeploy_lint.fleet.outcome import Outcome, failed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future

    from pydeploy_lint.fleet.target import Target

AHEAD = 4
"""How many batches a process may be ahead of the oldest one that is not reported; more would only need memory."""
TRIES = 2
"""How often an app is tried in a process of its own."""
DIED = "the process that judged it ended, twice: it may have run out of memory"


class _Worker(NamedTuple):
    job: Job
    registry: Registry


_worker: list[_Worker] = []
"""In a process that judges: how. Filled when the process starts."""


def _start(job: Job, directory: str, data: str) -> None:
    os.chdir(directory)
    if data != current().directory:
        choose(data)
    # Whoever interrupts the run interrupts all processes of the terminal; the first one tells the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker.append(_Worker(job, load_registry()))


def _judge(targets: Sequence[Target]) -> list[Outcome]:
    (worker,) = _worker
    return [worker.job.run(target, worker.registry) for target in targets]


def outcomes_of_processes(job: Job, targets: Sequence[Target], processes: int) -> Iterator[Outcome]:
    """What comes of each app, in the order of the apps.

    If a process dies, the apps that were under way are tried again, each in a process that has nothing else to do.

    Args:
        job: how to judge them.
        targets: the apps.
        processes: how many to start.

    Raises:
        OSError: this system cannot start processes that talk to each other.
    """
    pool = _Pool(job, processes)
    waiting: deque[tuple[Sequence[Target], Future[list[Outcome]]]] = deque()
    rest = batches(targets, processes)
    try:
        while True:
            while len(waiting) < AHEAD * processes and (batch := next(rest, None)):
                waiting.append((batch, pool.submit(batch)))
            if not waiting:
                return
            batch, future = waiting.popleft()
            try:
                found = future.result()
            except BrokenProcessPool:
                again = [batch]
                while waiting:
                    batch, future = waiting.popleft()
                    again.append(batch)
                pool.restart()
                for batch in again:
                    yield from _one_by_one(job, batch)
            else:
                yield from found
    finally:
        pool.close()


class _Pool:
    """Processes that can be replaced when one of them dies, which ends all of them."""

    def __init__(self, job: Job, processes: int) -> None:
        self._job = job
        self._processes = processes
        self._pool = self._started()

    def submit(self, batch: Sequence[Target]) -> Future[list[Outcome]]:
        """Let the next idle process judge some apps."""
        try:
            with _away():
                return self._pool.submit(_judge, batch)
        except BrokenProcessPool:  # One died since the last result was waited for.
            self.restart()
            with _away():
                return self._pool.submit(_judge, batch)

    def restart(self) -> None:
        """Replace the processes."""
        self.close()
        self._pool = self._started()

    def close(self) -> None:
        """End the processes when they have done what they are at."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _started(self) -> ProcessPoolExecutor:
        # Not "fork", which copies the locks that threads of this process hold; and the same on every system.
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        if "forkserver" in methods:
            context.set_forkserver_preload(["pydeploy_lint.fleet.processes"])
        arguments = (self._job, os.getcwd(), os.path.abspath(current().directory))
        with _away():
            return ProcessPoolExecutor(self._processes, context, _start, arguments)


@contextlib.contextmanager
def _away() -> Iterator[None]:
    """Where processes may be started: a new interpreter looks for modules in its working directory first.

    That may be an app, and nothing of an app is ever imported. A process gets the import path of this one when it has
    begun.
    """
    here, path = os.getcwd(), os.environ.pop("PYTHONPATH", None)
    os.chdir(os.path.dirname(os.__file__))
    try:
        yield
    finally:
        os.chdir(here)
        if path is not None:
            os.environ["PYTHONPATH"] = path


def _one_by_one(job: Job, batch: Sequence[Target]) -> Iterator[Outcome]:
    pool = _Pool(job, 1)
    try:
        for target in batch:
            yield _alone(pool, target)
    finally:
        pool.close()


def _alone(pool: _Pool, target: Target) -> Outcome:
    for _ in range(TRIES):
        try:
            (outcome,) = pool.submit([target]).result()
        except BrokenProcessPool:
            pool.restart()
        else:
            return outcome
    return failed(target, DIED)
