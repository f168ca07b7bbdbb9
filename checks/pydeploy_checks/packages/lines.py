"""Edits of single requirements in a requirements file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.plugin import Edit

if TYPE_CHECKING:
    from pydeploy_lint.plugin import App, Requirement, Source, Span


def delete(app: App, requirement: Requirement) -> tuple[Edit, ...]:
    """Delete a requirement with its line, or lines; nothing where the file cannot be read."""
    source = app.files.source(requirement.line.path)
    if source is None:
        return ()
    start, _ = _stretch(source, requirement.line)
    start = source.text.rfind("\n", 0, start) + 1
    last = source.offset(requirement.line.end_line or 1, 1)
    end = source.text.find("\n", last)
    return (Edit(source.span(start, end + 1 if end >= 0 else len(source.text)), ""),)


def replace(app: App, requirement: Requirement, old: str, new: str) -> tuple[Edit, ...]:
    """Replace a text in a requirement; nothing where it is not there exactly once."""
    source = app.files.source(requirement.line.path)
    if source is None:
        return ()
    start, end = _stretch(source, requirement.line)
    text = source.text[start:end]
    if text.count(old) != 1:
        return ()
    found = start + text.index(old)
    return (Edit(source.span(found, found + len(old)), new),)


def _stretch(source: Source, span: Span) -> tuple[int, int]:
    start = source.offset(span.line or 1, span.column or 1)
    return start, source.offset(span.end_line or 1, span.end_column or 1)
