"""Follows the statements of a settings module, branch by branch, and those of the app's modules that it imports."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from pydeploy_lint.facts.django.evaluation.containers import CHANGES, changed, concatenated, with_entry
from pydeploy_lint.facts.django.evaluation.expressions import (
    MAX_ROUNDS,
    NAMESPACE_FUNCTIONS,
    changes_namespace,
    evaluate,
)
from pydeploy_lint.facts.django.evaluation.functions.django_heroku import SETTINGS_FUNCTIONS, apply_django_heroku
from pydeploy_lint.facts.django.evaluation.imports import Importer
from pydeploy_lint.facts.django.evaluation.scope import BASES, Bound, Function, Raised, Reference, Scope
from pydeploy_lint.facts.django.evaluation.values import ABSENT, NO_VARS, Namespace, Value, known, unknown

if TYPE_CHECKING:
    from pydeploy_lint.facts.django.evaluation.loader import Loader

HARMLESS = ("builtins.", "logging.", "os.", "pprint.", "print", "sys.", "warnings.")
"""The beginnings of the names of functions that change none of their arguments."""
MODULE = re.compile(r"\w+(?:\.\w+)+")
"""What may be the name of a module in a package."""
EVERYTHING = frozenset({"BaseException"})
NAMES_A_STEP = 3
"""How many names of a module are merged in the time of a step."""


class Stopped(Exception):
    """The statements after this one are not reached: something is raised that no ``try`` catches."""


class Follower:
    """Follows the statements of one module."""

    def __init__(self, scope: Scope, modules: Loader, package: str) -> None:
        """Begin at the first statement.

        Args:
            scope: the module's names and environment.
            modules: where other modules come from.
            package: the package in which relative imports begin, with dots; empty for none.
        """
        self._scope = scope
        importer = Importer(scope, modules, package)
        self._imports_package = importer.imports_package
        self._load = modules.load
        self._rules: dict[type[ast.stmt], Callable[..., None]] = {
            ast.Assign: self._assign,
            ast.AnnAssign: self._annotated,
            ast.AugAssign: self._augment,
            ast.Expr: self._expression,
            ast.If: self._if,
            ast.For: self._for,
            ast.Try: self._try,
            ast.Import: importer.follow_import,
            ast.ImportFrom: importer.follow_import_from,
            ast.FunctionDef: self._function,
            ast.Delete: self._delete,
            ast.Raise: self._raise,
            ast.With: self._with,
            ast.Assert: self._assert,
            ast.Pass: self._pass,
        }

    def follow(self, statements: Iterable[ast.stmt]) -> None:
        """Follow statements, one after the other.

        Raises:
            Stopped: an exception is raised in them.
            Raised: the same, and a ``try`` catches it.
            Undecided: that takes too long.
        """
        for statement in statements:
            self._scope.budget.spend()
            self._rules.get(type(statement), self._unfollowed)(statement)

    # --- Assignments

    def _assign(self, statement: ast.Assign) -> None:
        value = evaluate(statement.value, self._scope)
        for target in statement.targets:
            self._bind(target, value.replace(place=self._scope.place(statement.value)))

    def _annotated(self, statement: ast.AnnAssign) -> None:
        if statement.value is not None:
            value = evaluate(statement.value, self._scope)
            self._bind(statement.target, value.replace(place=self._scope.place(statement.value)))

    def _augment(self, statement: ast.AugAssign) -> None:
        value = evaluate(statement.value, self._scope)
        if isinstance(statement.op, ast.Add) and isinstance(statement.target, ast.Name):
            before = evaluate(statement.target, self._scope)
            self._bind(statement.target, concatenated(before, value, before.place))
        elif isinstance(statement.op, ast.BitOr) and isinstance(statement.target, ast.Name):
            before = evaluate(statement.target, self._scope)
            self._bind(statement.target, changed(before, "update", [value]).replace(place=before.place))
        else:
            self._bind(statement.target, unknown(self._scope.place(statement), (value.rests_on,)))

    def _bind(self, target: ast.expr, value: Value) -> None:
        match target:
            case ast.Name(id=name):
                self._scope.names[name] = value
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                values = value.elements if value.elements and len(value.elements) == len(targets) else None
                for position, each in enumerate(targets):
                    taken = values[position].depending(value.config_vars) if values else None
                    self._bind(each, taken or unknown(value.place, (value.rests_on,)))
            case ast.Starred(value=inner):
                self._bind(inner, unknown(value.place, (value.rests_on,)))
            case ast.Subscript(value=ast.Call(func=ast.Name(id=name)), slice=key):
                bound = evaluate(key, self._scope).text
                if name in NAMESPACE_FUNCTIONS and bound is not None:
                    self._scope.names[bound] = value
                else:
                    self._scope.open(f"{name}() is changed")
            case ast.Subscript(value=container, slice=key) if self._is_environ(container):
                self._scope.set_config_var(evaluate(key, self._scope).text, value)
            case ast.Subscript(value=container, slice=key):
                before = evaluate(container, self._scope)
                after = with_entry(before, evaluate(key, self._scope), value)
                self._bind(container, after.replace(place=before.place or value.place))

    # --- Expressions

    def _expression(self, statement: ast.Expr) -> None:
        node = statement.value
        if not isinstance(node, ast.Call):
            evaluate(node, self._scope)
            return
        if self._updates_namespace(node):
            return
        function = evaluate(node.func, self._scope)
        if isinstance(function.data, Reference) and function.data.name in SETTINGS_FUNCTIONS:
            off = {word.arg for word in node.keywords if evaluate(word.value, self._scope).truth is not True}
            apply_django_heroku(self._scope, self._scope.place(node), off)
            return
        if isinstance(node.func, ast.Attribute) and isinstance(function.data, Bound) and node.func.attr in CHANGES:
            self._change(node)
            return
        if isinstance(function.data, Reference) and function.data.name in ("sys.exit", "os._exit"):
            raise Stopped
        evaluate(node, self._scope)
        if isinstance(function.data, Reference) and function.data.name.startswith(HARMLESS):
            return
        if isinstance(function.data, Reference) and self._names_settings(node):
            self._scope.names.make_unknown([name for name in self._scope.names if name.isupper()])
            self._scope.open(f"{ast.unparse(node.func)}() may set any name")
        self._may_change([*node.args, *(word.value for word in node.keywords)])

    def _names_settings(self, node: ast.Call) -> bool:
        """Whether a function of another package is given names of files or modules with settings.

        It may set their names here, as those of django-split-settings and mitol-django-common do.
        """
        parts = [part for argument in node.args for part in ast.walk(argument)]
        texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        return any(text.endswith(".py") or (MODULE.fullmatch(text) and self._load(text)) for text in texts)

    def _may_change(self, arguments: Sequence[ast.expr]) -> None:
        """Forget the lists and dicts that a function is given which may change them."""
        given = [argument.id for argument in arguments if isinstance(argument, ast.Name)]
        containers = [name for name in given if isinstance(self._scope.names.look_up(name).data, (tuple, dict))]
        self._scope.names.make_unknown(containers)

    def _updates_namespace(self, node: ast.Call) -> bool:
        """Whether it is ``locals().update(...)`` and the like with names that are known; they are then set."""
        match node.func:
            case ast.Attribute(value=ast.Call(func=ast.Name(id=name), args=[]), attr="update"):
                if name not in ("globals", "locals", "vars") or len(node.args) > 1:
                    return False
            case _:
                return False
        given = [evaluate(argument, self._scope) for argument in node.args]
        if not all(isinstance(each.data, dict) and all(isinstance(key, str) for key in each.data) for each in given):
            return False
        for each in given:
            assert isinstance(each.data, dict)
            self._scope.names.update({name: value.depending(each.config_vars) for name, value in each.data.items()})
        for word in node.keywords:
            if word.arg is None:
                self._scope.open(f"{ast.unparse(node.func)}() may set any name")
            else:
                self._scope.names[word.arg] = evaluate(word.value, self._scope)
        return True

    def _is_environ(self, node: ast.expr) -> bool:
        return isinstance(node, (ast.Attribute, ast.Name)) and evaluate(node, self._scope).data == Reference(
            "os.environ"
        )

    def _change(self, node: ast.Call) -> None:
        assert isinstance(node.func, ast.Attribute)
        target = node.func.value
        before = evaluate(target, self._scope)
        arguments = [evaluate(argument, self._scope) for argument in node.args]
        if node.keywords:
            words: list[ast.expr | None] = [ast.Constant(word.arg) if word.arg else None for word in node.keywords]
            arguments.append(evaluate(ast.Dict(words, [word.value for word in node.keywords]), self._scope))
        after = changed(before, node.func.attr, arguments)
        self._bind(target, after.replace(place=before.place))

    # --- Branches

    def _if(self, statement: ast.If) -> None:
        test = evaluate(statement.test, self._scope)
        if test.truth is None:
            self._branches(statement.body, statement.orelse, None, test.rests_on)
        elif not test.config_vars:
            self.follow(statement.body if test.truth else statement.orelse)
        else:
            taken, other = (statement.body, statement.orelse) if test.truth else (statement.orelse, statement.body)
            self._branches(taken, other, test.config_vars)

    def _branches(
        self,
        taken: Sequence[ast.stmt],
        other: Sequence[ast.stmt],
        config_vars: frozenset[str] | None,
        may_rest_on: frozenset[str] = NO_VARS,
    ) -> None:
        # All names are copied and compared, which takes longer than a step where there are many.
        self._scope.budget.spend(len(self._scope.names) // NAMES_A_STEP)
        ends = [self._branch(taken), self._branch(other)]
        if ends[0] is None and ends[1] is None:
            raise Stopped
        if ends[0] is None and config_vars and not self._scope.is_conditional:
            # Without these variables it raises; which of several does not matter where there is only one.
            for name in config_vars if len(config_vars) == 1 else ():
                self._scope.environment.require(name)
        if ends[0] and ends[1]:
            self._scope.names.merge(ends[0], ends[1], config_vars, may_rest_on)
        else:
            self._scope.names.become(ends[0] or ends[1] or self._scope.names)

    def _branch(self, statements: Sequence[ast.stmt]) -> Namespace | None:
        """The names after a branch that may be taken; None where it raises. The names before it are kept."""
        before = self._scope.names.copy()
        try:
            with self._scope.conditionally():
                self.follow(statements)
        except (Stopped, Raised):
            return None
        else:
            return self._scope.names.copy()
        finally:
            self._scope.names.become(before)

    def _try(self, statement: ast.Try) -> None:
        caught = frozenset().union(*map(_exceptions, statement.handlers))
        if self._may_lack_package(statement):
            with self._scope.catching(caught):
                self._branches([*statement.body, *statement.orelse], statement.handlers[0].body, None)
            self.follow(statement.finalbody)
            return
        try:
            with self._scope.catching(caught):
                self.follow(statement.body)
                self.follow(statement.orelse)
        except Raised as raised:
            handler = next((each for each in statement.handlers if BASES[raised.name] & _exceptions(each)), None)
            if handler is None:
                raise
            self._handle(statement, handler, raised.config_vars)
        except Stopped:
            if not statement.handlers:
                raise
            self._scope.names.make_unknown(_bound_in(statement))
        self.follow(statement.finalbody)

    def _may_lack_package(self, statement: ast.Try) -> bool:
        """Whether it tries to import what the app may not have, and goes on without."""
        if len(statement.handlers) != 1 or not _exceptions(statement.handlers[0]) & BASES["ImportError"]:
            return False
        return any(map(self._imports_package, statement.body))

    def _handle(self, statement: ast.Try, handler: ast.ExceptHandler, config_vars: frozenset[str]) -> None:
        try:
            self.follow(handler.body)
        except Stopped:
            for name in config_vars if not self._scope.is_conditional else ():
                self._scope.environment.require(name)
            if not config_vars:
                raise
            self._scope.names.make_unknown(_bound_in(statement))
            return
        for name in _bound_in(statement) if config_vars else ():
            self._scope.names[name] = self._scope.names.get(name, ABSENT).depending(config_vars)

    def _with(self, statement: ast.With) -> None:
        for item in statement.items:
            evaluate(item.context_expr, self._scope)
            if item.optional_vars is not None:
                self._bind(item.optional_vars, unknown(self._scope.place(item.context_expr)))
        with self._scope.conditionally():
            self.follow(statement.body)

    def _for(self, statement: ast.For) -> None:
        """A loop over known elements is followed round by round; what any other binds may have any value."""
        over = evaluate(statement.iter, self._scope)
        leaves = any(isinstance(node, (ast.Break, ast.Continue)) for node in ast.walk(statement))
        elements = over.elements
        is_followed = not leaves and elements is not None and len(elements) <= MAX_ROUNDS and not over.config_vars
        if not is_followed or not all(each.is_known for each in elements or ()):
            self._unfollowed(statement, over.rests_on)
            return
        for element in elements or ():
            self._bind(statement.target, element)
            self.follow(statement.body)
        self.follow(statement.orelse)

    def _unfollowed(self, statement: ast.stmt, rests_on: frozenset[str] = NO_VARS) -> None:
        """Loops, classes and the like: what they bind may have any value."""
        if any(map(changes_namespace, ast.walk(statement))):
            self._scope.open(f"line {statement.lineno} may set any name")
        self._scope.names.make_unknown(_bound_in(statement), rests_on)

    # --- Others

    def _function(self, statement: ast.FunctionDef) -> None:
        self._scope.names[statement.name] = known(Function(statement, self._scope.source), self._scope.place(statement))

    def _delete(self, statement: ast.Delete) -> None:
        for target in statement.targets:
            match target:
                case ast.Name(id=name):
                    self._scope.names[name] = ABSENT
                case ast.Subscript(value=ast.Name(id=name)):
                    self._scope.names.make_unknown([name])

    def _raise(self, _statement: ast.Raise) -> None:
        raise Stopped

    def _assert(self, statement: ast.Assert) -> None:
        evaluate(statement.test, self._scope)

    def _pass(self, _statement: ast.Pass) -> None:
        """Nothing to follow."""


def _exceptions(handler: ast.ExceptHandler) -> frozenset[str]:
    """The names of the exceptions that a handler catches."""
    match handler.type:
        case None:
            return EVERYTHING
        case ast.Tuple(elts=nodes):
            return frozenset(filter(None, map(_last_name, nodes)))
        case node:
            return frozenset(filter(None, [_last_name(node)]))


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _bound_in(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement may bind or change in the module."""
    for node in ast.walk(statement):
        match node:
            case ast.Call(func=ast.Attribute(value=changed_one)):
                yield from _root_name(changed_one)
            case ast.Name(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
                yield from _root_name(node)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.alias(name=name, asname=asname):
                yield asname or name.partition(".")[0]


def _root_name(node: ast.expr) -> Iterator[str]:
    """The name with which an expression such as ``a["b"].c`` begins."""
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id
