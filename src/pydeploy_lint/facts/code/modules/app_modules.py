"""The modules that are an app's own, as far as a look into the root and the packages there shows them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.files.tree import Tree

MOST_FILES = 60
NOT_DEPLOYED = ("setup.py", "conftest.py", "noxfile.py", "tasks.py", "fabfile.py")
TESTS = ("test", "tests", "docs", "examples", "scripts", "node_modules")


def app_modules(tree: Tree) -> Iterator[str]:
    """The paths of up to `MOST_FILES` modules, without tests and what only builds the project."""
    return islice(_modules(tree), MOST_FILES)


def _modules(tree: Tree) -> Iterator[str]:
    names = tree.names()
    yield from (name for name in names if _is_module(name) and name not in NOT_DEPLOYED)
    for directory in names:
        if directory not in TESTS and tree.is_file(f"{directory}/__init__.py"):
            yield from (f"{directory}/{name}" for name in tree.names(directory) if _is_module(name))


def _is_module(name: str) -> bool:
    return name.endswith(".py") and not name.startswith("test_") and not name.endswith("_test.py")
