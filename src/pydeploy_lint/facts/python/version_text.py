"""What is wrong with a line that should be a Python version, where in the line, and what was probably meant."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from pydeploy_lint.facts.python.version_file import VERSION

LONGEST_TEXT = 200
"""Characters; what is longer is no version, whatever follows."""
MOST_FAULTS = 20
"""How many things that are wrong with one line are told."""
INVISIBLE = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}
"""Unicode categories of characters that cannot be seen, or not be told from a space."""
IMPLEMENTATION = re.compile(
    r"(pypy|graalpy|jython|ironpython|stackless|(?:ana|mini)conda|micropython|nogil)", re.IGNORECASE
)
PREFIX = re.compile(r"(?:c?python|py|v|version)[-\s=:@]*(?=[0-9])", re.IGNORECASE)
OPERATOR = re.compile(r"(?:~=|===?|!=|<=|>=|<|>|\^|~)\s*")
WILDCARD = re.compile(r"(?:\.[*xX]|\*)$")
LEADING_ZERO = re.compile(r"(?<![0-9])0[0-9]+")
SERIES = re.compile(r"(?<![0-9.,])3(?:[.,_]| |-)0?([1-9]?[0-9])(?![0-9])")
"""A series of Python 3, also with a wrong separator."""
COMPACT = re.compile(r"(?:c?python|py|cp)?3([1-9]?[0-9])", re.IGNORECASE)
"""A series without a separator, as in ``py312``."""
EXCLUDES = re.compile(r"(?:<|<=|!=) ?\Z")
"""What comes before a version that is not wanted."""
PRE_RELEASE = re.compile(r"(?<=[0-9])[-.]?(?:a|b|c|rc|alpha|beta|dev|t)[0-9]*$", re.IGNORECASE)


class Fault(NamedTuple):
    """One thing that is wrong, at a stretch of the line."""

    start: int
    end: int
    what: str
    """A clause such as ``it is quoted``."""


class Reading(NamedTuple):
    """What a person would make of the line."""

    faults: tuple[Fault, ...]
    intended: str | None
    """The version that was plainly meant, such as ``3.12``; None where there is doubt."""
    series: str | None = None
    """The series that the text mentions, such as ``3.12``, which is the best guess; None where it mentions none."""


def code_point(char: str) -> str:
    """What cannot be seen, as ``U+200B ZERO WIDTH SPACE``, or as the byte that it is where it is no text."""
    if "\udc80" <= char <= "\udcff":
        return f"the byte 0x{ord(char) - 0xDC00:02X}, which is not valid UTF-8"
    name = unicodedata.name(char, "")
    return f"U+{ord(char):04X}{' ' if name else ''}{name}, which is invisible"


@lru_cache(maxsize=512)
def read_version_text(text: str) -> Reading:
    """Say what keeps a line from being a version of the form ``3.13`` or ``3.13.2``; of a long line, its beginning."""
    text = text[:LONGEST_TEXT]
    faults = [
        Fault(offset, offset + 1, f"it contains {code_point(char)}")
        for offset, char in enumerate(text)
        if char != " " and unicodedata.category(char) in INVISIBLE
    ]
    core = "".join(char for char in text if char == " " or unicodedata.category(char) not in INVISIBLE).strip()
    start = 0 if faults else text.index(core) if core else 0

    comment = core.find("#")
    if comment > 0:
        faults.append(Fault(start + comment, start + len(core), "a comment must be on a line of its own"))
        core = core[:comment].rstrip()
    if (len(core) > 1 and core[0] in "\"'`") or (core[-1:] in "\"'`" and core):
        faults.append(Fault(start, start + len(core), "it is quoted"))
        stripped = core.strip("\"'`")
        start += core.index(stripped) if stripped else 0
        core = stripped
    operator = OPERATOR.match(core)
    if operator:
        faults.append(Fault(start, start + operator.end(), "ranges are not supported, only a version"))
        # A range says what is allowed; only an equality says what is wanted.
        certain = operator[0].strip() in ("==", "===")
        start, core = start + operator.end(), core[operator.end() :]
    else:
        certain = True
    prefix = PREFIX.match(core)
    if IMPLEMENTATION.search(core):
        faults.append(Fault(start, start + len(core), "only CPython can be installed"))
    elif prefix:
        faults.append(Fault(start, start + prefix.end(), f"remove the prefix {prefix[0].strip()!r}"))
        start, core = start + prefix.end(), core[prefix.end() :]
    wildcard = WILDCARD.search(core)
    if wildcard:
        faults.append(Fault(start + wildcard.start(), start + wildcard.end(), "wildcards are not supported"))
        core = core[: wildcard.start()]
    zero = LEADING_ZERO.search(core)
    if zero:
        faults.append(Fault(start + zero.start(), start + zero.end(), "numbers must not start with 0"))
        core = LEADING_ZERO.sub(lambda match: match[0].lstrip("0") or "0", core)
    pre_release = PRE_RELEASE.search(core)
    if pre_release:
        faults.append(
            Fault(start + pre_release.start(), start + pre_release.end(), "only final releases can be installed")
        )
    valid = VERSION.fullmatch(core) is not None
    if not valid and not faults:
        faults.append(Fault(0, len(text), _shape(core)))
    return Reading(tuple(faults[:MOST_FAULTS]), core if valid and certain else None, _series(text))


def _series(text: str) -> str | None:
    """The first series that a text mentions, but for upper bounds and exclusions."""
    visible = "".join(char for char in text if char == " " or unicodedata.category(char) not in INVISIBLE)
    found = COMPACT.fullmatch(visible.strip(" \"'`")) or next(
        (match for match in SERIES.finditer(visible) if not EXCLUDES.search(visible, 0, match.start())), None
    )
    return f"3.{found[1]}" if found else None


def _shape(core: str) -> str:
    if re.fullmatch(r"[0-9]+", core):
        return "the minor version is missing"
    if re.fullmatch(r"[0-9]+(\.[0-9]+){3,}", core):
        return "it has more than three numbers"
    return "it is not of the form 3.13 or 3.13.2"
