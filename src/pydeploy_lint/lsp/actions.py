"""What an editor offers to do about findings: fix one, fix what is safe in a file, ignore one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from pydeploy_lint.engine.suppress.comments import edit_to_ignore
from pydeploy_lint.fix.plan import choose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pydeploy_lint.finding import Finding
    from pydeploy_lint.lsp.shown import Shown

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.pydeploy-lint"
"""The kind of the action that makes all safe fixes in a file, for editors that run one when they save."""
KINDS = [types.CodeActionKind.QuickFix, FIX_ALL]


def actions(
    here: Iterable[Shown], in_file: Sequence[Shown], only: Sequence[str] | None, client: types.ClientCapabilities
) -> Iterator[types.CodeAction]:
    """What can be done about the findings at a place.

    Args:
        here: the findings at the place.
        in_file: all findings in its file.
        only: the kinds of actions that are asked for; None: all.
        client: what the client can do.
    """
    if _wanted(types.CodeActionKind.QuickFix.value, only):
        for each in here:
            yield from _fixes(each, client)
            yield from _ignore(each, client)
    if _wanted(FIX_ALL, only):
        yield from _fix_all(in_file, client)


def _wanted(kind: str, only: Sequence[str] | None) -> bool:
    """Whether a kind, or one that it is part of, is asked for; the empty kind is all of them."""
    return only is None or any(not each or f"{kind}.".startswith(f"{each}.") for each in only)


def _fixes(each: Shown, client: types.ClientCapabilities) -> Iterator[types.CodeAction]:
    for fix in each.finding.fixes:
        edit = _edit(each, [each.finding._replace(fix=fix)], client, unsafe=True)
        if edit:
            kind = types.CodeActionKind.QuickFix
            yield types.CodeAction(
                fix.description, kind, diagnostics=[each.diagnostic], is_preferred=fix.safe, edit=edit
            )


def _fix_all(in_file: Sequence[Shown], client: types.ClientCapabilities) -> Iterator[types.CodeAction]:
    safe = [each for each in in_file if each.finding.fix and each.finding.fix.safe]
    edit = _edit(safe[0], [each.finding for each in safe], client, unsafe=False) if safe else None
    if edit:
        diagnostics = [each.diagnostic for each in safe]
        yield types.CodeAction("Make all safe fixes in this file", FIX_ALL, diagnostics=diagnostics, edit=edit)


def _ignore(each: Shown, client: types.ClientCapabilities) -> Iterator[types.CodeAction]:
    check, at = each.finding.check, each.finding.at
    files = each.judged.tree.source_tree
    source = files.source(at.path) if at.line and files.is_file(at.path) else None
    comment = edit_to_ignore(check, source, at.line) if source and at.line else None
    edit = each.converter.workspace_edit([comment], client) if comment else None
    if edit:
        title = f"Ignore {check} here, and write the reason"
        yield types.CodeAction(title, types.CodeActionKind.QuickFix, diagnostics=[each.diagnostic], edit=edit)


def _edit(
    of: Shown, findings: list[Finding], client: types.ClientCapabilities, *, unsafe: bool
) -> types.WorkspaceEdit | None:
    edits = choose(findings, of.judged.tree, of.root, unsafe=unsafe).edits
    return of.converter.workspace_edit(edits, client) if edits else None
