"""The options for many apps."""

from __future__ import annotations

import argparse
import re


def add_fleet_options(parser: argparse.ArgumentParser) -> None:
    """Add a group with the options."""
    many = parser.add_argument_group("many apps")
    many.add_argument(
        "--from",
        metavar="FILE",
        action="append",
        default=[],
        help="judge the apps of a list: a path on each line, and rev=, dir= or app= after it; - is standard input",
    )
    many.add_argument("--discover", action="store_true", help="judge all apps below each PATH")
    many.add_argument(
        "--shard", metavar="I/N", type=_shard, help="judge the I-th of N parts of the apps, as one job of N does"
    )
    many.add_argument(
        "--jobs",
        metavar="N",
        type=_at_least_one,
        help="judge in this many processes; default: one for each core, if there are many apps",
    )
    many.add_argument(
        "--executor",
        metavar="dask:ADDRESS",
        type=_executor,
        help="judge on the workers of a Dask scheduler, such as dask:tcp://10.0.0.1:8786",
    )
    many.add_argument(
        "--state", metavar="DIR", help="keep results in a directory, and judge only what has changed since"
    )
    many.add_argument(
        "--statistics",
        action="store_true",
        help="print only the totals: how many apps build, what is found in how many, when deploys stop",
    )
    many.add_argument(
        "--compare", metavar="FILE", help="compare with an older report in JSON: what is new, solved, unchanged"
    )


def _at_least_one(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)


def _executor(text: str) -> str:
    kind, _, address = text.partition(":")
    if kind != "dask" or not address:
        raise argparse.ArgumentTypeError(f"{text!r} is no executor, such as dask:tcp://10.0.0.1:8786")
    return address


def _shard(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    number, count = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= number <= count:
        raise argparse.ArgumentTypeError(f"{text!r} is no part, such as 1/4 for the first of four")
    return number, count
