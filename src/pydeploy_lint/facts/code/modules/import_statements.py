"""What the statements of a module import, when it is imported itself: not in a function, a condition or a ``try``."""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class ImportKind(enum.Enum):
    """What an import asks for."""

    MODULE = enum.auto()
    MEMBER = enum.auto()
    """A module, or a name in one."""
    SIBLING = enum.auto()
    """A module beside the importing one, or a name in their package."""


class Wanted(NamedTuple):
    """What one import asks for, and where it is looked for."""

    name: str
    node: ast.stmt | ast.expr | ast.alias
    roots: tuple[str, ...]
    kind: ImportKind
    is_relative: bool = False


def imports_in(body: Iterable[ast.stmt], path: str, roots: tuple[str, ...]) -> Iterator[Wanted]:
    """The modules that are surely imported, and those that may be.

    Args:
        body: the statements of a module.
        path: the module.
        roots: the directories in which modules are looked for.
    """
    for node in body:
        match node:
            case ast.Import():
                yield from (Wanted(alias.name, alias, roots, ImportKind.MODULE) for alias in node.names)
            case ast.ImportFrom(module=str(module), level=0):
                yield Wanted(module, node, roots, ImportKind.MODULE)
                for alias in node.names:
                    yield Wanted(f"{module}.{alias.name}", alias, roots, ImportKind.MEMBER)
            case ast.ImportFrom(module=module, level=level):
                directory = _directory(path, level)
                yield from _relative(node, module, directory) if directory is not None else ()
            case ast.Assign(targets=[ast.Name(id="urlpatterns")]) | ast.AugAssign(target=ast.Name(id="urlpatterns")):
                yield from (Wanted(str(each.value), each, roots, ImportKind.MODULE) for each in _included(node.value))
            case ast.ClassDef():
                yield from imports_in(node.body, path, roots)
            case ast.Raise():
                return


def _relative(node: ast.ImportFrom, module: str | None, directory: str) -> Iterator[Wanted]:
    if module:
        yield Wanted(module, node, (directory,), ImportKind.MODULE, is_relative=True)
    kind = ImportKind.MEMBER if module else ImportKind.SIBLING
    for alias in node.names:
        name = ".".join(filter(None, (module, alias.name)))
        yield Wanted(name, alias, (directory,), kind, is_relative=True)


def _included(value: ast.expr) -> Iterator[ast.Constant]:
    """The modules that Django's ``include`` is surely given."""
    for node in _evaluated(value):
        match node:
            case ast.Call(func=ast.Name(id="include"), args=[ast.Constant(value=str()) as module, *_]):
                yield module
            case ast.Call(
                func=ast.Name(id="include"), args=[ast.Tuple(elts=[ast.Constant(value=str()) as module, *_]), *_]
            ):
                yield module


def _evaluated(value: ast.expr) -> Iterator[ast.AST]:
    """The parts of an expression that are surely evaluated: not the branches of a condition, nor a function's body."""
    waiting: list[ast.AST] = [value]
    while waiting:
        node = waiting.pop(0)
        yield node
        match node:
            case ast.IfExp():
                waiting.append(node.test)
            case ast.BoolOp():
                waiting.append(node.values[0])
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                waiting.append(node.generators[0].iter)
            case ast.Lambda():
                pass
            case _:
                waiting.extend(ast.iter_child_nodes(node))


def _directory(path: str, level: int) -> str | None:
    """Where the module of a relative import with so many dots is looked for; None where that is outside of the app."""
    folders = path.split("/")[:-1]
    return "/".join(folders[: len(folders) - level + 1]) if level <= len(folders) + 1 else None
