"""The app's own modules: found as Python would find them, or surely missing."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.code.modules.module_names import read_names

if TYPE_CHECKING:
    from pydeploy_lint.files.files import Files
    from pydeploy_lint.files.tree import Tree

GENERATED = re.compile(r"^_*version_*$|_pb2|^_*generated")
"""Names of modules that tools write when the app is installed."""


class Found(NamedTuple):
    """How far the search for a module came."""

    files: tuple[str, ...] = ()
    """What is run to import a module, as far as the app has it."""
    is_foreign: bool = False
    """Whether the app has nothing of the name's first part."""
    lacks: str = ""
    """The part of the name that is missing."""
    package: str = ""
    """The directory in which that is missing."""


def find_own(tree: Tree, module: str, roots: Iterable[str]) -> Found:
    """Look for a module among the app's own."""
    first, root = module.partition(".")[0], ""
    for root in roots:
        path, files = root, list[str]()
        for number, part in enumerate(module.split(".")):
            package, path = path, posixpath.join(path, part)
            if tree.is_file(f"{path}/__init__.py"):
                files.append(f"{path}/__init__.py")
            elif tree.is_file(f"{path}.py"):
                files.append(f"{path}.py")
            elif not tree.is_directory(path):
                if number == 0:
                    break
                return Found(tuple(files), lacks=part, package=package)
        else:
            return Found(tuple(files))
    return Found(is_foreign=True, lacks=first, package=root)


def is_surely_missing(files: Files, found: Found) -> bool:
    """Whether a module would have to be in one of the app's own packages, and is not there.

    Args:
        files: the app's files.
        found: the end of the search for it.
    """
    if not found.lacks or GENERATED.search(found.lacks):
        return False
    init = files.readable_source(posixpath.join(found.package, "__init__.py"))
    if init is None or "__path__" in init.text or "sys.modules" in init.text:
        return False
    return not any(name.startswith(f"{found.lacks}.") for name in _compiled(files.tree, found.package))


def lacks_name(files: Files, path: str, name: str, importer: str = "") -> bool:
    """Whether one of the app's modules surely does not define a name.

    Args:
        files: the app's files.
        path: the module.
        name: what is wanted of it.
        importer: the module that imports the name; where it is the same one, that import defines nothing.
    """
    if name.startswith("__") or name == "*":
        return False
    source = files.readable_source(path)
    names = files.once(("names of module", path), lambda: read_names(source) if source else None)
    if names is None or not names.complete or names.may_derive(name):
        return False
    return names.bound[name] <= (importer == path)


def _compiled(tree: Tree, directory: str) -> Iterable[str]:
    return (name for name in tree.names(directory) if name.endswith((".so", ".pyc", ".pyd")))
