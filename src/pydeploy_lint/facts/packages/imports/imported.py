"""The packages that an app's code imports, for an app that does not say what to install. Nothing is imported or run."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

from pydeploy_lint.facts.code.modules.app_modules import app_modules
from pydeploy_lint.facts.code.python_source import Undecided, parse
from pydeploy_lint.facts.packages.imports.modules import distributions
from pydeploy_lint.files.source import FileProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.files.files import Files
    from pydeploy_lint.files.tree import Tree

MAY_NOT_HAPPEN = (ast.Try, ast.If)
"""An import in one of these may be there for another Python, or for type checkers."""


def imported_distributions(files: Files) -> list[str]:
    """The distributions that have the modules which the app imports, sorted; the app's own modules are left out.

    Args:
        files: the app. Modules in the root and in the packages there are read, as `app_modules` names them.
    """
    found: set[str] = set()
    for path in app_modules(files.tree):
        try:
            source = files.source(path)
            module = parse(source) if source else ast.Module([], [])
        except (FileProblem, Undecided):
            continue
        found.update(_imported(module))
    foreign = (name for name in found if name not in sys.stdlib_module_names and not _is_own(files.tree, name))
    return sorted({distributions(name)[0] for name in foreign})


def _imported(module: ast.Module) -> Iterator[str]:
    waiting: list[ast.AST] = [module]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
        elif not isinstance(node, MAY_NOT_HAPPEN):
            waiting.extend(child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt))


def _is_own(tree: Tree, name: str) -> bool:
    return tree.is_file(f"{name}.py") or tree.is_directory(name) or tree.is_directory(f"src/{name}")
