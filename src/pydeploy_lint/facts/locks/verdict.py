"""What is said of a lockfile: its state, and the reasons with their places."""

from __future__ import annotations

import enum
from functools import wraps
from typing import TYPE_CHECKING, NamedTuple, ParamSpec

from pydeploy_lint.files.numbers import whole_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

P = ParamSpec("P")


class LockState(enum.Enum):
    """How a lockfile stands to the files that it was made from."""

    FRESH = "fresh"
    STALE = "stale"
    """Something that the lock depends on has changed since it was made; the install command refuses it."""
    OTHER_HASH = "other-hash"
    """Nothing has changed, but the version of the tool that made the lock computed the hash in another way."""
    INVALID = "invalid"
    """The install command cannot use the lock, or a file that it was made from."""
    UNDECIDED = "undecided"
    """The files do not tell."""


class Reason(NamedTuple):
    """Why a lockfile is not fresh, or why that cannot be told."""

    message: str
    """A clause without capital and full stop: ``[packages] asks for flask, which is not in Pipfile.lock``."""
    path: str
    """The file in which to look."""
    keys: tuple[str | int, ...] = ()
    """The path of keys and indices to the value in that file; empty for the whole file."""


class Verdict(NamedTuple):
    """The state of a lockfile; without reasons only where it is fresh."""

    state: LockState
    reasons: tuple[Reason, ...] = ()


FRESH = Verdict(LockState.FRESH)


def stale(reasons: Iterable[Reason]) -> Verdict:
    """The verdict on a lockfile that differs in some points from the files that it was made from."""
    return Verdict(LockState.STALE, tuple(reasons))


def invalid(reasons: Iterable[Reason]) -> Verdict:
    """The verdict on files that the install command cannot use."""
    return Verdict(LockState.INVALID, tuple(reasons))


def undecided(message: str, path: str, *keys: str | int) -> Verdict:
    """The verdict where the files do not tell."""
    return Verdict(LockState.UNDECIDED, (Reason(message, path, keys),))


def bounded(judge: Callable[P, Verdict]) -> Callable[P, Verdict]:
    """Make a function that gives a verdict undecided on files that are nested beyond Python's own limit."""

    @wraps(judge)
    def judge_bounded(*args: P.args, **kwargs: P.kwargs) -> Verdict:
        try:
            return judge(*args, **kwargs)
        except RecursionError:
            return Verdict(LockState.UNDECIDED, (Reason("the files are nested too deeply to be compared", ""),))

    return judge_bounded


def version_key(version: str) -> tuple[int, ...]:
    """The leading numbers of a tool's version, for comparing: ``2026.7.1`` becomes ``(2026, 7, 1)``."""
    numbers = []
    for part in version.split("."):
        if not part.isdecimal():
            break
        numbers.append(whole_number(part))
    return tuple(numbers)
