"""Tests that every regular expression of the project takes linear time, and prints the worst.

    python tools/regexes.py [--worst 10]

Each pattern is tried on texts made from its own parse tree (see `regex_pump`), in the way in which the code uses it.
One that is slow for a text of 2,000 characters is timed (CPU) on texts of doubled length: linear time doubles as well.
Exits with 1 if a pattern takes more than linear time, or if a pattern in the code cannot be worked out.
"""

from __future__ import annotations

import argparse
import math
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from regex_pump import Pump, pumps
from regex_sources import Use, collect

LENGTH = 2000
"""Characters of the texts that each pattern is tried on."""
SUSPICIOUS = 0.0001
"""CPU seconds for such a text from which on a pattern is looked at again: 50 ns for each character."""
GROWTH = 1.7
"""How the time may grow: as the length to the power of this (1 is linear, 2 quadratic)."""
PATIENCE = 1.0
"""CPU seconds after which a match is broken off: the matcher looks for signals now and then."""


@dataclass(frozen=True)
class Verdict:
    """How long a pattern takes at worst."""

    use: Use
    pump: Pump | None
    seconds: float
    """CPU seconds for a text of LENGTH characters."""
    power: float | None
    """The power of the length that the time grows with; None where the time is too short to tell."""

    @property
    def is_linear(self) -> bool:
        """Whether the time grows as the length of the text does, about."""
        return self.power is None or self.power < GROWTH

    def __str__(self) -> str:
        worst = f" on {self.pump}" if self.pump else ""
        power = "" if self.power is None else f" (grows with the power {self.power:.2f})"
        return f"{self.seconds * 1000:8.3f} ms{power}: {self.use}{worst}"


class _TookTooLong(Exception):
    """A match was broken off."""


def main() -> int:
    """Judge every pattern; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worst", type=int, default=10, metavar="N", help="how many to print (default: 10)")
    arguments = parser.parse_args()
    uses, unknown = collect()
    verdicts = sorted(map(judge, uses), key=lambda each: (each.is_linear, -each.seconds))
    slow = [each for each in verdicts if not each.is_linear]
    print(f"{len(uses)} patterns; the slowest, for a text of {LENGTH:,} characters:")
    for verdict in verdicts[: max(len(slow), arguments.worst)]:
        print(verdict)
    for place in unknown:
        print(f"{place}: the pattern cannot be worked out; make it a constant of the module")
    print(f"{len(slow)} take more than linear time")
    return 1 if slow or unknown else 0


def judge(use: Use) -> Verdict:
    """Try a pattern on everything that may make it slow."""
    worst = Verdict(use, None, 0.0, None)
    for pump in pumps(use.pattern):
        seconds = cpu_seconds(use, pump.text(LENGTH))
        power = math.inf if seconds >= PATIENCE else growth(use, pump) if seconds > SUSPICIOUS else None
        if power is not None and power >= GROWTH:
            return Verdict(use, pump, seconds, power)
        if seconds > worst.seconds:
            worst = Verdict(use, pump, seconds, power)
    return worst


def growth(use: Use, pump: Pump) -> float:
    """The power of the length that the time grows with; the least of two steps, since other work disturbs."""
    times = [min(cpu_seconds(use, pump.text(LENGTH * factor)) for _ in range(2)) for factor in (1, 2, 4)]
    return min(_power(times[0], times[1]), _power(times[1], times[2]))


def _power(one: float, two: float) -> float:
    if two >= PATIENCE:
        return math.inf
    return math.log2(max(two, 1e-9) / max(one, 1e-9))


def cpu_seconds(use: Use, text: str) -> float:
    """CPU seconds that a pattern takes for a text, used as the code uses it; at most PATIENCE, about."""
    start = time.thread_time()
    try:
        with _broken_off():
            use.run(text)
    except _TookTooLong:
        return PATIENCE
    return time.thread_time() - start


@contextmanager
def _broken_off() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TookTooLong

    old = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, old)


if __name__ == "__main__":
    sys.exit(main())
