"""How a file gets the line ends that Linux wants, and keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_checks.add import append
from pydeploy_lint.plugin import Edit, FileProblem, Fix

if TYPE_CHECKING:
    from pydeploy_lint.plugin import App, Source

ATTRIBUTES = ".gitattributes"


def with_unix_line_ends(app: App, source: Source) -> Fix | None:
    """Save a file with Unix line ends, and have git keep them; safe, as what Linux runs has no use for others."""
    try:
        attributes = app.files.source(ATTRIBUTES)
    except FileProblem:
        return None
    if source.undecodable is not None or source.byte_order_mark or any(each.isspace() for each in source.path):
        return None
    rule = f"{source.path} text eol=lf"
    keep = append(attributes, (rule,)) if attributes else Edit.write(ATTRIBUTES, f"{rule}\n")
    edits = (Edit.write(source.path, source.text.replace("\r\n", "\n")), keep)
    return Fix(f"Save {source.path} with Unix line ends, and keep them in {ATTRIBUTES}", edits)
