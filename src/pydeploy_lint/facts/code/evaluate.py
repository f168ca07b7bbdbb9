"""What a text in the app's code is when certain environment variables have certain values.

A small part of Python is evaluated: names, functions and settings classes of the app, methods of texts, conditions.
Everything else makes the answer unknown. Nothing is imported or run.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from pydeploy_lint.facts.code.bindings import Binding, Test, statements
from pydeploy_lint.facts.code.objects import (
    Call,
    Class,
    External,
    Function,
    Instance,
    Member,
    Object,
    Objects,
    Scope,
)

MAX_DEPTH = 40
MAX_STEPS = 5_000
MAX_TEXT = 10_000
UNKNOWN = object()
"""The answer where a value is not known."""
GETTERS = frozenset({"os.getenv", "os.environ.get"})
READERS = ("decouple.", "environs.", "environ.", "starlette.config.", "prettyconf.")
"""Packages whose objects are called with the name of a variable."""
SAME = frozenset(
    {"builtins.str", "sqlalchemy.make_url", "sqlalchemy.engine.make_url", "sqlalchemy.engine.url.make_url"}
)
"""Functions that return what they are given, as far as an address is concerned."""
METHODS: dict[str, Callable[..., object]] = {
    name: getattr(str, name)
    for name in (
        "replace", "startswith", "endswith", "strip", "lstrip", "rstrip", "lower", "removeprefix", "removesuffix",
        "split", "partition", "rpartition",
    )
}  # fmt: skip


class Read(NamedTuple):
    """Where a variable is read."""

    variable: str
    node: ast.expr
    scope: Scope


class Evaluator:
    """Evaluates expressions.

    Attributes:
        reads: where variables were read in the last evaluation.
    """

    def __init__(self, objects: Objects, variables: Mapping[str, str]) -> None:
        """Set the variables.

        Args:
            objects: the app's code.
            variables: the values of environment variables; of others nothing is known.
        """
        self._objects = objects
        self._variables = variables
        self._steps = 0
        self.reads: list[Read] = []

    def text(self, node: ast.AST, scope: Scope, line: int | None = None) -> str | None:
        """The text that an expression stands for; None where it is no text, or not known."""
        self._steps = 0
        self.reads = []
        found = self._value(node, scope, line, {}, MAX_DEPTH)
        return found if isinstance(found, str) else None

    def _value(
        self, node: ast.AST | None, scope: Scope, line: int | None, given: Mapping[str, object], depth: int
    ) -> object:
        self._steps += 1
        if depth <= 0 or self._steps > MAX_STEPS:
            return UNKNOWN
        inner = depth - 1
        found: object = UNKNOWN
        match node:
            case ast.Constant(value=value):
                found = value
            case ast.Name(id=name):
                found = self._name(name, scope, line, given, inner)
            case ast.Await(value=value):
                found = self._value(value, scope, line, given, inner)
            case ast.JoinedStr() | ast.BinOp() | ast.BoolOp() | ast.IfExp() | ast.Compare() | ast.UnaryOp():
                found = self._operation(node, scope, line, given, inner)
            case ast.Subscript():
                found = self._subscript(node, scope, line, given, inner)
            case ast.Call():
                found = self._call(node, scope, line, given, inner)
            case ast.Attribute():
                found = self._attribute(self._objects.value(node, scope, line), inner)
        return found

    def _operation(
        self, node: ast.expr, scope: Scope, line: int | None, given: Mapping[str, object], depth: int
    ) -> object:
        def value(each: ast.AST) -> object:
            return self._value(each, scope, line, given, depth)

        found: object = UNKNOWN
        match node:
            case ast.JoinedStr(values=values):
                parts = [each.value if isinstance(each, ast.FormattedValue) else each for each in values]
                found = _joined([value(each) for each in parts])
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                found = _joined([value(left), value(right)])
            case ast.BoolOp(op=operator, values=values):
                for each in values:
                    found = value(each)
                    if found is UNKNOWN or bool(found) is isinstance(operator, ast.Or):
                        break
            case ast.IfExp(test=test, body=body, orelse=orelse):
                held = value(test)
                found = UNKNOWN if held is UNKNOWN else value(body if held else orelse)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                held = value(operand)
                found = UNKNOWN if held is UNKNOWN else not held
            case ast.Compare(left=left, ops=[operation], comparators=[right]):
                found = _compared(value(left), operation, value(right))
        return found

    def _name(self, name: str, scope: Scope, line: int | None, given: Mapping[str, object], depth: int) -> object:
        self._steps += 1
        if depth <= 0 or self._steps > MAX_STEPS:
            return UNKNOWN
        bindings = scope.block.bindings.get(name, [])
        if line is not None:
            bindings = [each for each in bindings if each.line < line]
        if name in scope.rebound:
            return UNKNOWN
        for binding in reversed(bindings):
            held = self._hold(binding.tests, scope, given, depth)
            if held is UNKNOWN:
                return UNKNOWN
            if held:
                return self._bound(binding, scope, given, depth - 1)
        if name in scope.parameters:
            return given.get(name, UNKNOWN)
        return self._name(name, scope.parent, None, {}, depth - 1) if scope.parent and depth > 0 else UNKNOWN

    def _hold(self, tests: tuple[Test, ...], scope: Scope, given: Mapping[str, object], depth: int) -> object:
        for test in tests:
            if test.node is None:
                return UNKNOWN
            found = self._value(test.node, scope, test.node.lineno, given, depth)
            if found is UNKNOWN:
                return UNKNOWN
            if bool(found) is not test.wanted:
                return False
        return True

    def _bound(self, binding: Binding, scope: Scope, given: Mapping[str, object], depth: int) -> object:
        if isinstance(binding.node, ast.alias):
            module = self._objects.imported_module(binding.origin, scope) if binding.origin else None
            inner = getattr(module, "scope", None)
            return self._name(binding.node.name, inner, None, {}, depth) if isinstance(inner, Scope) else UNKNOWN
        return self._value(binding.node, scope, binding.line, given, depth)

    def _subscript(
        self, node: ast.Subscript, scope: Scope, line: int | None, given: Mapping[str, object], depth: int
    ) -> object:
        owner = self._objects.value(node.value, scope, line)
        if isinstance(owner, External) and owner.name == "os.environ":
            variable = self._value(node.slice, scope, line, given, depth)
            return self._variable(variable, node, scope)
        found = self._value(node.value, scope, line, given, depth)
        match node.slice:
            case ast.Slice(lower=lower, upper=upper, step=None):
                ends = [self._value(each, scope, line, given, depth) if each else None for each in (lower, upper)]
                first, last = (each if isinstance(each, int) else None for each in ends)
                if isinstance(found, str) and UNKNOWN not in ends:
                    return found[first:last]
            case ast.Constant(value=int(index)) if isinstance(found, list | tuple) and -len(found) <= index < len(
                found
            ):
                return found[index]
        return UNKNOWN

    def _variable(self, name: object, node: ast.expr, scope: Scope) -> object:
        if not isinstance(name, str) or name not in self._variables:
            return UNKNOWN
        self.reads.append(Read(name, node, scope))
        return self._variables[name]

    def _call(self, node: ast.Call, scope: Scope, line: int | None, given: Mapping[str, object], depth: int) -> object:
        function = self._objects.callee(self._objects.value(node.func, scope, line))
        arguments = [self._value(each, scope, line, given, depth) for each in node.args]
        name = function.name if isinstance(function, External) else ""
        if name in GETTERS or (arguments and _is_reader(function)):
            return self._variable(arguments[0] if arguments else None, node, scope)
        if (name in SAME or name.endswith("PostgresDsn")) and len(arguments) == 1:
            return arguments[0]
        if isinstance(function, Function) and function.owner is None and not node.keywords:
            names = [each.arg for each in function.node.args.args]
            if len(arguments) <= len(names) and not any(isinstance(each, ast.Starred) for each in node.args):
                return self._result(function, dict(zip(names, arguments, strict=False)), depth)
        if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS and not node.keywords:
            text = self._value(node.func.value, scope, line, given, depth)
            if isinstance(text, str) and all(isinstance(each, str | int | tuple) for each in arguments):
                return _applied(node.func.attr, text, arguments)
        if isinstance(node.func, ast.Attribute) and node.func.attr in (
            "render_as_string",
            "unicode_string",
            "get_secret_value",
        ):
            return self._value(node.func.value, scope, line, given, depth)
        return UNKNOWN

    def _result(self, function: Function, given: Mapping[str, object], depth: int) -> object:
        """What a function returns."""
        scope = self._objects.body(function)
        for statement, tests in statements(function.node.body, as_main=False):
            if not isinstance(statement, ast.Return):
                continue
            held = self._hold(tests, scope, given, depth)
            if held is UNKNOWN:
                return UNKNOWN
            if held:
                return self._value(statement.value, scope, statement.lineno, given, depth)
        return UNKNOWN

    def _attribute(self, found: Object, depth: int) -> object:
        if not isinstance(found, Member) or not isinstance(found.of, Call | Class | Instance):
            return UNKNOWN
        own = self._objects.class_of(found.of)
        if not isinstance(own, Class):
            return UNKNOWN
        method = self._objects.method(own, found.name)
        if method and any(
            _last_name(each) in ("property", "cached_property", "computed_field") for each in method.node.decorator_list
        ):
            return self._result(method, {}, depth)
        return self._field(own, found.name, depth)

    def _field(self, own: Class, name: str, depth: int) -> object:
        """A value in the body of a class; of a settings class of pydantic, the variable of that name."""
        scope = Scope(own.scope.source, own.scope.roots, own.node.body, as_main=False, parent=own.scope)
        is_settings = any(
            isinstance(base, External) and base.name.endswith("BaseSettings") for base in self._objects.bases(own)
        )
        if is_settings:
            variable = _settings_variable(own, name)
            if variable and variable in self._variables:
                return self._variables[variable]
            return UNKNOWN
        if name in scope.block.bindings:
            return self._name(name, scope, None, {}, depth)
        for base in self._objects.bases(own, 0):
            if isinstance(base, Class) and depth > 0:
                return self._field(base, name, depth - 1)
        return UNKNOWN


def _settings_variable(own: Class, name: str) -> str | None:
    """The variable from which pydantic takes a field, where nothing changes its value."""
    for node in ast.walk(own.node):
        if isinstance(node, ast.FunctionDef) and any(_validates(each) for each in node.decorator_list):
            return None
        if isinstance(node, ast.FunctionDef) and node.name in ("__init__", "model_post_init", "__getattribute__"):
            return None
        if isinstance(node, ast.keyword | ast.Name) and getattr(node, "arg", getattr(node, "id", "")) == "env_prefix":
            return None
    for statement in own.node.body:
        if not (isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)):
            continue
        if statement.target.id == name:
            words = [_last_name(each) for each in ast.walk(statement.annotation) if isinstance(each, ast.expr)]
            if any("Annotated" in word or "Validator" in word for word in words):
                return None
            return _alias(statement.value) or name.upper()
    return None


def _alias(value: ast.expr | None) -> str | None:
    for each in value.keywords if isinstance(value, ast.Call) else ():
        if each.arg in ("env", "alias", "validation_alias") and isinstance(each.value, ast.Constant):
            return str(each.value.value).upper()
    return None


def _validates(decorator: ast.expr) -> bool:
    return "validator" in _last_name(decorator)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_reader(function: Object) -> bool:
    while isinstance(function, Member | Call):
        function = function.of
    return isinstance(function, External) and function.name.startswith(READERS)


def _joined(values: list[object]) -> object:
    if not all(isinstance(each, str) for each in values):
        return UNKNOWN
    text = "".join(str(each) for each in values)
    return text if len(text) <= MAX_TEXT else UNKNOWN


def _compared(left: object, operation: ast.cmpop, right: object) -> object:
    if left is UNKNOWN or right is UNKNOWN:
        return UNKNOWN
    if isinstance(operation, ast.Eq | ast.NotEq):
        return (left == right) is isinstance(operation, ast.Eq)
    if isinstance(operation, ast.Is | ast.IsNot):
        return (left is right) is isinstance(operation, ast.Is)
    if isinstance(operation, ast.In | ast.NotIn) and isinstance(left, str) and isinstance(right, str):
        return (left in right) is isinstance(operation, ast.In)
    return UNKNOWN


def _applied(method: str, text: str, arguments: list[object]) -> object:
    try:
        found = METHODS[method](text, *arguments)
    except (TypeError, ValueError):
        return UNKNOWN
    return found if not isinstance(found, str) or len(found) <= MAX_TEXT else UNKNOWN


def nodes_with_scopes(objects: Objects, scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
    """All nodes of a module, each with the scope in which its names are looked up."""
    waiting: list[tuple[ast.AST, Scope]] = [(statement, scope) for statement in reversed(scope.body)]
    while waiting:
        node, around = waiting.pop()
        yield node, around
        inner = around
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = objects.body(Function(node, around))
        elif isinstance(node, ast.ClassDef):
            inner = Scope(around.source, around.roots, node.body, as_main=False, parent=around)
        waiting.extend((child, inner) for child in reversed(list(ast.iter_child_nodes(node))))


def import_roots(path: str) -> tuple[str, ...]:
    """The directories in which the imports of a module of the app may be looked for."""
    directory = posixpath.dirname(path)
    return tuple(dict.fromkeys(("", "src", *([directory] if directory.count("/") == 0 else []))))
