"""The patterns for paths of uv's workspaces: those of the Rust crate glob 0.3.

They know ``*``, ``?``, ``[ab]``, ``[!ab]`` and, alone between slashes, ``**`` for any number of directories.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.files.wildcards import ANY_CHARACTER, NOT_SLASH, Directories, Many, One, literal

if TYPE_CHECKING:
    from pydeploy_lint.files.wildcards import Token


def is_glob(pattern: str) -> bool:
    """Whether the crate takes a pattern: ``**`` stands alone between slashes, and a set is closed."""
    return all(part == "**" or "**" not in part for part in pattern.split("/")) and _read(pattern) is not None


def tokens(pattern: str, *, with_slashes: bool) -> list[Token]:
    """What a pattern stands for; one that the crate does not take stands for itself.

    Args:
        pattern: as it is written.
        with_slashes: whether ``*`` and ``?`` may also be slashes.
    """
    made = _read(pattern, with_slashes=with_slashes)
    return literal(pattern) if made is None else made


def _read(pattern: str, *, with_slashes: bool = False) -> list[Token] | None:
    made: list[Token] = []
    at = 0
    while at < len(pattern):
        if pattern.startswith("**/", at):
            made.append(Directories())
            at += 3
        elif pattern.startswith("**", at):
            made += [ANY_CHARACTER, Many(with_slashes=True)]
            at += 2
        elif pattern[at] in "*?":
            one = ANY_CHARACTER if with_slashes else NOT_SLASH
            made.append(Many(with_slashes=with_slashes) if pattern[at] == "*" else one)
            at += 1
        elif pattern[at] == "[":
            is_negated = pattern.startswith("!", at + 1)
            first = at + 1 + is_negated
            end = pattern.find("]", first + 1)  # a bracket that comes first is one of the set
            if end < 0:
                return None
            made.append(One(_ranges(pattern[first:end]), is_negated))
            at = end + 1
        else:
            made += literal(pattern[at])
            at += 1
    return made


def _ranges(members: str) -> tuple[tuple[str, str], ...]:
    ranges = []
    at = 0
    while at < len(members):
        is_range = members[at + 1 : at + 2] == "-" and at + 2 < len(members)
        ranges.append((members[at], members[at + 2] if is_range else members[at]))
        at += 3 if is_range else 1
    return tuple(ranges)
