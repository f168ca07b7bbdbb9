"""A finding as an editor shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lsprotocol import types

    from pydeploy_lint.finding import Finding
    from pydeploy_lint.lsp.convert import Converter
    from pydeploy_lint.lsp.judge import Judged


class Shown(NamedTuple):
    """A finding that the editor shows."""

    finding: Finding
    uri: str
    """The address of the file."""
    diagnostic: types.Diagnostic
    root: str
    """The directory of its app."""
    judged: Judged
    converter: Converter
