"""Which calls into packages a script of the app makes when it is run, in order; nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from pydeploy_lint.facts.code.bindings import DEFINITIONS, branches
from pydeploy_lint.facts.code.objects import (
    Call,
    Class,
    Function,
    ModuleObject,
    Object,
    Objects,
    Scope,
)

MAX_CALLS = 3_000
MAX_NESTING = 40


class Made(NamedTuple):
    """A call that is made, or a loop without an end."""

    call: Call | None
    """The call; None for a loop."""
    node: ast.Call | ast.While
    scope: Scope
    maybe: bool
    """Whether it may not be made: in a branch, or because something else is to call it."""


class Execution(NamedTuple):
    """What running a script does."""

    made: tuple[Made, ...]
    modules: tuple[Scope, ...]
    """The modules of the app that are run, the script first."""
    complete: bool
    """Whether nothing was left out for its length."""


def run_script(objects: Objects, path: str, roots: tuple[str, ...]) -> Execution | None:
    """Follow a script; None where it cannot be read.

    Args:
        objects: the app's code.
        path: the script.
        roots: the directories in which its imports are looked for.
    """
    scope = objects.module(path, roots, as_main=True)
    if scope is None:
        return None
    walk = _Walk(objects)
    walk.module(scope, maybe=False)
    return Execution(tuple(walk.made), tuple(walk.modules), walk.complete)


class _Walk:
    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.made: list[Made] = []
        self.modules: list[Scope] = []
        self.complete = True
        self._paths: set[str] = set()
        self._called: set[tuple[int, bool]] = set()
        self._nesting = 0

    def module(self, scope: Scope, *, maybe: bool) -> None:
        """Run a module, once."""
        if scope.source.path in self._paths:
            return
        self._paths.add(scope.source.path)
        self.modules.append(scope)
        self._body(scope.body, scope, maybe=maybe)

    def _body(self, body: list[ast.stmt], scope: Scope, *, maybe: bool) -> bool:
        """Run statements; whether one of them surely ends the block."""
        if self._nesting >= MAX_NESTING:
            self.complete = False
            return False
        self._nesting += 1
        try:
            return any(self._statement(statement, scope, maybe=maybe) for statement in body)
        finally:
            self._nesting -= 1

    def _statement(self, statement: ast.stmt, scope: Scope, *, maybe: bool) -> bool:
        if len(self.made) >= MAX_CALLS:
            self.complete = False
            return True
        if isinstance(statement, DEFINITIONS):
            for decorator in statement.decorator_list:
                self._expression(decorator, scope, maybe=maybe)
            return isinstance(statement, ast.ClassDef) and self._body(statement.body, scope, maybe=maybe)
        if isinstance(statement, ast.Import | ast.ImportFrom):
            self._import(statement, scope, maybe=maybe)
        for each in _expressions(statement):
            self._expression(each, scope, maybe=maybe)
        is_endless = isinstance(statement, ast.While) and _is_endless(statement)
        if isinstance(statement, ast.While) and is_endless:
            self._body(statement.body, scope, maybe=maybe)
            self.made.append(Made(None, statement, scope, maybe))
            return True
        for body, tests in branches(statement, as_main=scope.as_main):
            if self._body(body, scope, maybe=maybe or bool(tests)) and not tests:
                return True
        return isinstance(statement, ast.Return | ast.Raise)

    def _import(self, statement: ast.Import | ast.ImportFrom, scope: Scope, *, maybe: bool) -> None:
        for alias in statement.names:
            if isinstance(statement, ast.Import):
                found: list[Object] = [self.objects.find(alias.name, scope.roots)]
            else:
                module = self.objects.imported_module(statement, scope)
                found = [module]
                if isinstance(module, ModuleObject):
                    found.append(self.objects.submodule(module, alias.name))
            for each in found:
                if isinstance(each, ModuleObject) and each.scope:
                    self.module(each.scope, maybe=maybe)

    def _expression(self, node: ast.expr, scope: Scope, *, maybe: bool) -> None:
        """Make the calls of an expression, the inner ones first."""
        calls = [each for each in _own(node) if isinstance(each, ast.Call)]
        for call in reversed(calls):
            self._call(call, scope, maybe=maybe)

    def _call(self, node: ast.Call, scope: Scope, *, maybe: bool) -> None:
        line = node.lineno if scope.function is None else None
        found = self.objects.value(node, scope, line and line + 1)
        if not isinstance(found, Call):
            return
        callee = self.objects.callee(found.of)
        if isinstance(callee, Class):
            callee = self.objects.method(callee, "__init__") or callee
        if isinstance(callee, Function):
            self._function(callee, maybe=maybe)
        else:
            self.made.append(Made(found, node, scope, maybe))
        # What is given to something else to be called: the target of a thread, a task, a callback.
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            if isinstance(argument, ast.Name | ast.Attribute):
                given = self.objects.callee(self.objects.value(argument, scope, line))
                if isinstance(given, Function):
                    self._function(given, maybe=True)
                elif given is not None and not isinstance(given, Class | ModuleObject):
                    self.made.append(Made(Call(given, _bare(node), scope), node, scope, True))

    def _function(self, function: Function, *, maybe: bool) -> None:
        key = (id(function.node), maybe)
        if key in self._called or (id(function.node), False) in self._called:
            return
        self._called.add(key)
        self._body(function.node.body, self.objects.body(function), maybe=maybe)


def _bare(node: ast.Call) -> ast.Call:
    """The call of something that is given as an argument, of whose own arguments nothing is known."""
    unknown = ast.Starred(ast.Name("_", ast.Load()), ast.Load())
    return ast.copy_location(ast.Call(node.func, [unknown], []), node)


def _expressions(statement: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of a statement itself, not those of statements inside."""
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.expr):
            yield child
        elif isinstance(child, ast.withitem):
            yield child.context_expr
        elif isinstance(child, ast.keyword):
            yield child.value


def _own(node: ast.expr) -> Iterator[ast.AST]:
    """An expression and those inside, without those of lambdas, whose code is run later if at all."""
    waiting: list[ast.AST] = [node]
    while waiting:
        each = waiting.pop()
        yield each
        if not isinstance(each, ast.Lambda):
            waiting.extend(ast.iter_child_nodes(each))


def _is_endless(loop: ast.While) -> bool:
    """Whether a loop has no end but an exception."""
    if not (isinstance(loop.test, ast.Constant) and loop.test.value):
        return False
    waiting: list[ast.AST] = list(loop.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Break | ast.Return):
            return False
        if not isinstance(node, (*DEFINITIONS, ast.Lambda, ast.While, ast.For)):
            waiting.extend(ast.iter_child_nodes(node))
        elif isinstance(node, ast.While | ast.For):
            waiting.extend(each for each in ast.walk(node) if isinstance(each, ast.Return))
    return True
