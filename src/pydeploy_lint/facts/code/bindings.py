"""What a block of Python code binds, in order, with the conditions under which it does; nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


MAX_TESTS = 50
"""How many conditions are kept of one statement."""


class Test(NamedTuple):
    """A condition."""

    node: ast.expr | None
    """The expression; None for one that is not known, such as that of a loop or an exception."""
    wanted: bool = True


MAYBE = (Test(None),)
"""Under a condition that is not known."""


class Binding(NamedTuple):
    """One way in which a name gets a value."""

    name: str
    node: ast.AST | None
    """The value, the definition, or the alias of an import; None for a value that is not followed."""
    line: int
    tests: tuple[Test, ...]
    """The conditions, outermost first."""
    origin: ast.ImportFrom | None = None
    """The statement, of an alias in ``from … import``."""


class Block(NamedTuple):
    """What a list of statements binds."""

    bindings: dict[str, list[Binding]]
    stars: tuple[ast.ImportFrom, ...]
    """The statements that import all names of a module."""


def read_block(body: Iterable[ast.stmt], *, as_main: bool) -> Block:
    """The names that a block binds.

    Args:
        body: its statements; functions and classes inside are bound, not entered.
        as_main: whether it is of a module that is run, and not imported.
    """
    found: dict[str, list[Binding]] = {}
    stars: list[ast.ImportFrom] = []
    for statement, tests in statements(body, as_main=as_main):
        if isinstance(statement, ast.ImportFrom) and any(alias.name == "*" for alias in statement.names):
            stars.append(statement)
        for binding in _bound_by(statement, tests):
            found.setdefault(binding.name, []).append(binding)
    return Block(found, tuple(stars))


def statements(
    body: Iterable[ast.stmt], *, as_main: bool, tests: tuple[Test, ...] = ()
) -> Iterator[tuple[ast.stmt, tuple[Test, ...]]]:
    """The statements of a block and of those inside, with the conditions of each; not those of definitions.

    A long chain of ``elif`` is nested as deeply as it is long, so this does not recurse.
    """
    waiting: list[tuple[Iterator[ast.stmt], tuple[Test, ...]]] = [(iter(body), tests)]
    while waiting:
        rest, around = waiting[-1]
        statement = next(rest, None)
        if statement is None:
            waiting.pop()
            continue
        yield statement, around
        inner = list(branches(statement, as_main=as_main))
        waiting.extend((iter(each), (*around, *more)[-MAX_TESTS:]) for each, more in reversed(inner))


def branches(statement: ast.stmt, *, as_main: bool) -> Iterator[tuple[list[ast.stmt], tuple[Test, ...]]]:
    """The blocks of a compound statement, each with the conditions under which it is run."""
    match statement:
        case ast.If(test=test, body=body, orelse=orelse):
            decided = _decided(test, as_main=as_main)
            if decided is not False:
                yield body, () if decided else (Test(test),)
            if decided is not True:
                yield orelse, () if decided is False else (Test(test, False),)
        case ast.With(body=body) | ast.AsyncWith(body=body) | ast.While(test=ast.Constant(value=True | 1), body=body):
            yield body, ()
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final):
            yield body, MAYBE if handlers else ()
            yield from ((handler.body, MAYBE) for handler in handlers)
            yield orelse, MAYBE
            yield final, ()
        case (
            ast.For(body=body, orelse=orelse)
            | ast.AsyncFor(body=body, orelse=orelse)
            | ast.While(body=body, orelse=orelse)
        ):
            yield body, MAYBE
            yield orelse, MAYBE
        case ast.Match(cases=cases):
            yield from ((case.body, MAYBE) for case in cases)


def _decided(test: ast.expr, *, as_main: bool) -> bool | None:
    """Whether a condition holds, where that is plain."""
    match test:
        case (
            ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")])
            | ast.Compare(left=ast.Constant(value="__main__"), ops=[ast.Eq()], comparators=[ast.Name(id="__name__")])
        ):
            return as_main
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return False
        case ast.Constant(value=value):
            return bool(value)
    return None


def _bound_by(statement: ast.stmt, tests: tuple[Test, ...]) -> Iterator[Binding]:
    line = statement.lineno
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield Binding(name, statement, line, tests)
        case ast.Import(names=aliases):
            yield from (Binding(_first_name(alias), alias, line, tests) for alias in aliases)
        case ast.ImportFrom(names=aliases):
            yield from (Binding(alias.asname or alias.name, alias, line, tests, statement) for alias in aliases)
        case ast.Try(handlers=handlers):
            names = (handler.name for handler in handlers if handler.name)
            yield from (Binding(name, None, line, (*tests, *MAYBE)) for name in names)
        case _:
            for target, value in _targets(statement):
                yield from _assigned(target, value, line, tests)


def _first_name(alias: ast.alias) -> str:
    """The name that ``import`` binds."""
    return alias.asname or alias.name.partition(".")[0]


def _targets(statement: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """What a statement assigns to, with the values."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            yield from ((target, value) for target in targets)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield target, value
        case ast.AugAssign(target=ast.Name(id=name) as target, op=operator, value=value):
            before = ast.copy_location(ast.Name(id=name, ctx=ast.Load()), target)
            yield target, ast.copy_location(ast.BinOp(before, operator, value), statement)
        case ast.With(items=items) | ast.AsyncWith(items=items):
            yield from ((item.optional_vars, item.context_expr) for item in items if item.optional_vars)
        case ast.For(target=target) | ast.AsyncFor(target=target):
            yield target, None


def _assigned(target: ast.expr, value: ast.expr | None, line: int, tests: tuple[Test, ...]) -> Iterator[Binding]:
    match target, value:
        case ast.Name(id=name), _:
            yield Binding(name, value, line, tests)
        case ((ast.Tuple(elts=targets) | ast.List(elts=targets)), _):
            values: list[ast.expr] = value.elts if isinstance(value, ast.Tuple | ast.List) else []
            is_pairwise = len(values) == len(targets) and not any(isinstance(each, ast.Starred) for each in values)
            for index, each in enumerate(targets):
                yield from _assigned(each, values[index] if is_pairwise else None, line, tests)
