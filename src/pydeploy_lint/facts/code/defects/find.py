"""What keeps a module of the app from being imported: it does not compile, or uses a name that nothing defines."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.code.defects.syntax import SyntaxProblem, syntax_problem
from pydeploy_lint.facts.code.defects.undefined import DYNAMIC, module_names, undefined_name
from pydeploy_lint.facts.code.modules.own_modules import find_own
from pydeploy_lint.facts.code.python_source import Undecided, parse, span_of
from pydeploy_lint.files.source import FileProblem

if TYPE_CHECKING:
    from pydeploy_lint.files.files import Files
    from pydeploy_lint.finding import Span

PYTHON_3 = (3, 0)
MAX_STARS = 20
"""Star imports that are followed for one module."""


class UndefinedName(NamedTuple):
    """A name that a module uses, and nothing defines."""

    name: str
    at: Span


def defect(
    files: Files, path: str, roots: tuple[str, ...], python: tuple[int, int] | None
) -> SyntaxProblem | UndefinedName | None:
    """What surely keeps a module from being imported; None where nothing does.

    Args:
        files: the app's files.
        path: the module.
        roots: the directories in which modules are looked for.
        python: the series of the app's Python; None where it is unknown. Nothing is found in code for Python 2.
    """
    source = files.readable_source(path)
    if source is None or (python is not None and python < PYTHON_3):
        return None
    problem = syntax_problem(source, python)
    if problem:
        return problem
    try:
        tree = parse(source)
    except Undecided:
        return None
    undefined = undefined_name(source.text, tree, python, _Stars(files, path, roots).names)
    return UndefinedName(undefined.name, span_of(source, undefined.node)) if undefined else None


class _Stars:
    """What star imports bring into a module."""

    def __init__(self, files: Files, path: str, roots: tuple[str, ...], seen: frozenset[str] = frozenset()) -> None:
        self._files = files
        self._path = path
        self._roots = roots
        self._seen = seen | {path}

    def names(self, statement: ast.ImportFrom) -> Collection[str] | None:
        """The names that a star import may bring; None where that is unknown."""
        roots, name = self._roots, statement.module
        if statement.level:
            ups = [".."] * (statement.level - 1)
            roots = (posixpath.normpath(posixpath.join(posixpath.dirname(self._path) or ".", *ups)).lstrip("."),)
        if name is None or len(self._seen) > MAX_STARS:
            return None
        found = find_own(self._files.tree, name, roots)
        path = found.files[-1] if found.files and not found.lacks else None
        if path is None or path in self._seen:
            return None
        # Each module once, however many import it, and those that it imports.
        return self._files.once(("names for stars", path, self._roots), lambda: self._names_of(path))

    def _names_of(self, path: str) -> Collection[str] | None:
        try:
            source = self._files.source(path)
            tree = parse(source) if source else None
        except (FileProblem, Undecided):
            return None
        if source is None or tree is None or DYNAMIC.search(source.text) or "__all__" in source.text:
            return None
        return module_names(tree, _Stars(self._files, path, self._roots, self._seen).names)
