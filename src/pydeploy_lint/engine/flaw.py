"""Looks whether a check yields what it promises: a wrong type would make the whole report fail, far from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.finding import Edit, Fix, Problem, Related, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

NONE = type(None)
FIELDS: dict[type, dict[str, tuple[type, ...]]] = {
    Problem: {
        "message": (str,),
        "at": (Span,),
        "help": (str,),
        "severity": (Severity, NONE),
        "failure_reason": (str, NONE),
        "build_warning": (bool,),
        "fix": (Fix, NONE),
        "certain": (bool,),
        "alternatives": (tuple,),
        "related": (tuple,),
    },
    Span: {"path": (str,), **dict.fromkeys(("line", "column", "end_line", "end_column"), (int, NONE))},
    Fix: {"description": (str,), "edits": (tuple,), "safe": (bool,), "commands": (tuple,)},
    Edit: {"span": (Span,), "text": (str, NONE), "rename_to": (str, NONE)},
    Related: {"at": (Span,), "message": (str,)},
}
"""The types of what a check yields."""
ITEMS = {"alternatives": Fix, "related": Related, "edits": Edit, "commands": str}
"""What is in the tuples."""


def flaw_of(value: object, kinds: tuple[type, ...] = (Problem,), name: str = "") -> str | None:
    """What is wrong with the types of something that a check yields, as a clause after "it yielded"; None if nothing.

    Args:
        value: what it yields, or a part of that.
        kinds: the types that it may have.
        name: what it is called; empty for the whole.
    """
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        wanted = " or ".join("None" if kind is NONE else kind.__name__ for kind in kinds)
        return f"{type(value).__name__}, not {wanted}" if not name else f"{name}: {type(value).__name__}, not {wanted}"
    for part, types, called in _parts(value, name):
        if flaw := flaw_of(part, types, called):
            return flaw
    return None


def _parts(value: object, name: str) -> Iterator[tuple[object, tuple[type, ...], str]]:
    """What a value is made of, each with its types and its name."""
    fields = next((fields for kind, fields in FIELDS.items() if isinstance(value, kind)), None)
    if fields is not None:
        for field, types in fields.items():
            yield getattr(value, field), types, f"{name}.{field}" if name else field
    elif isinstance(value, tuple):
        for each in value:
            yield each, (ITEMS[name.rpartition(".")[2]],), name
