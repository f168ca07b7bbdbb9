"""What an app's files are after some edits, in memory: nothing is written here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.files.tree import FileKind, Tree

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pydeploy_lint.finding import Edit, Span

Contents = dict[str, "bytes | None"]
"""The new content of each changed file; None where it is deleted."""


def contents_after(edits: Iterable[Edit], tree: Tree) -> Contents:
    """The new contents of the files that some edits change.

    Args:
        edits: such as can be made together; none overlaps another.
        tree: the app as the edits were made for.
    """
    contents: Contents = {}
    textual: dict[str, list[tuple[Span, str]]] = {}
    for edit in edits:
        path = edit.span.path
        if edit.is_textual:
            textual.setdefault(path, []).append((edit.span, edit.text or ""))
        elif edit.text is not None:
            contents[path] = edit.text.encode()
        else:
            contents[path] = None
            if edit.rename_to is not None:
                contents[edit.rename_to] = tree.read(path)
    for path, each in textual.items():
        source = tree.source(path)
        assert source is not None
        contents[path] = source.edited(each)
    return contents


def collide(one: Edit, two: Edit) -> bool:
    """Whether the order of two edits would matter."""
    if one == two or not one.paths & two.paths:
        return False
    if not (one.is_textual and two.is_textual):
        return True
    (start, end), (other_start, other_end) = _stretch(one), _stretch(two)
    return (start < other_end and other_start < end) or start == other_start


def fit(edits: Iterable[Edit], others: Collection[Edit]) -> bool:
    """Whether edits can be made together with others, of which no two collide."""
    # Many findings may ask for the same edits.
    added = [each for each in edits if each not in others]
    return not any(collide(each, other) for each in added for other in others)


def _stretch(edit: Edit) -> tuple[tuple[int, int], tuple[int, int]]:
    _, line, column, end_line, end_column = edit.span
    return (line or 0, column or 0), (end_line or 0, end_column or 0)


class EditedTree(Tree):
    """A tree in which some files have other contents."""

    def __init__(self, tree: Tree, contents: Mapping[str, bytes | None]) -> None:
        super().__init__()
        self._tree = tree
        self.problems = tree.problems
        self._contents = contents

    def kind(self, path: str) -> FileKind | None:
        """See `Tree.kind`."""
        if path in self._contents:
            return None if self._contents[path] is None else FileKind.FILE
        return self._tree.kind(path)

    def read(self, path: str) -> bytes:
        """See `Tree.read`."""
        content = self._contents.get(path)
        return self._tree.read(path) if content is None else content

    def names(self, directory: str = "") -> list[str]:
        """See `Tree.names`."""
        names = set(self._tree.names(directory))
        for path, content in self._contents.items():
            parent, _, name = path.rpartition("/")
            if parent == directory:
                (names.discard if content is None else names.add)(name)
        return sorted(names)
