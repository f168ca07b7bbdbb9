"""Results as they may be shown: with the mask for credentials over every text from the app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydeploy_lint.files.credentials import masked
from pydeploy_lint.finding import Edit

if TYPE_CHECKING:
    from pydeploy_lint.finding import Fix

T = TypeVar("T")


def concealed(value: T) -> T:
    """A value of the results, such as a report or the sections of a plan, with every text in it masked.

    The edits of a fix stay as they are, to be made: see `shown_edits`.
    """
    return cast("T", _concealed(value))


def _concealed(value: Any) -> Any:
    if type(value) is str:
        return masked(value)
    if isinstance(value, frozenset):
        return frozenset(map(_concealed, value))
    if isinstance(value, tuple) and not isinstance(value, Edit):
        parts = map(_concealed, value)
        return type(value)._make(parts) if hasattr(value, "_make") else tuple(parts)
    return value


def shown_edits(fix: Fix) -> tuple[Edit, ...]:
    """The edits of a fix as a document may hold them: none where a text of theirs may hold a credential.

    A masked text would be written into the file by whoever makes the edits.
    """
    return fix.edits if all(masked(edit.text or "") == (edit.text or "") for edit in fix.edits) else ()
