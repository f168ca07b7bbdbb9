"""What names and expressions of the app's code stand for, through assignments, functions and its own modules.

Nothing is imported or run. What is not followed is unknown, which is None.
"""

from __future__ import annotations

import ast
import builtins
import posixpath
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.code.bindings import DEFINITIONS, Binding, Block, read_block
from pydeploy_lint.facts.code.python_source import Undecided, parse
from pydeploy_lint.files.source import FileProblem

if TYPE_CHECKING:
    from pydeploy_lint.files.files import Files
    from pydeploy_lint.files.source import Source

MAX_DEPTH = 25
"""How many names, calls and modules one answer may lead through."""
MAX_MODULES = 400
MAX_STEPS = 2_000
"""How many expressions one answer may take."""
MODULES_BY_NAME = frozenset({"os"})
"""Modules that a name stands for although nothing binds it, as after ``from settings import *``."""


class External(NamedTuple):
    """Something of a package that is none of the app's own, by its full name; ``builtins.…`` for built-ins."""

    name: str


class ModuleObject(NamedTuple):
    """A module of the app; a directory without ``__init__.py`` has only a path."""

    path: str
    scope: Scope | None


class Function(NamedTuple):
    """A function of the app."""

    node: ast.FunctionDef | ast.AsyncFunctionDef
    scope: Scope
    """Where it is defined."""
    owner: Class | None = None
    """The class of which it is a method."""


class Class(NamedTuple):
    """A class of the app."""

    node: ast.ClassDef
    scope: Scope


class Call(NamedTuple):
    """The result of a call."""

    of: Object
    node: ast.Call
    scope: Scope


class Instance(NamedTuple):
    """What ``self`` is."""

    of: Class


class Member(NamedTuple):
    """An attribute of something."""

    of: Call | Class | Instance | Member
    name: str


class Constant(NamedTuple):
    """A literal."""

    value: object


Object = External | ModuleObject | Function | Class | Call | Instance | Member | Constant | None


class Scope:
    """A module or the body of a function, with what it binds.

    Attributes:
        source: the file.
        roots: the directories in which its imports are looked for.
        body: its statements.
        parent: the scope around it.
        function: the function that it is the body of.
        as_main: whether it belongs to a module that is run, and not imported.
    """

    def __init__(
        self,
        source: Source,
        roots: tuple[str, ...],
        body: list[ast.stmt],
        *,
        as_main: bool,
        parent: Scope | None = None,
        function: Function | None = None,
    ) -> None:
        self.source = source
        self.roots = roots
        self.body = body
        self.as_main = as_main
        self.parent = parent
        self.function = function

    @cached_property
    def block(self) -> Block:
        """What it binds."""
        return read_block(self.body, as_main=self.as_main)

    @cached_property
    def rebound(self) -> frozenset[str]:
        """The names of a module that functions assign to."""
        tree = ast.Module(self.body, [])
        return frozenset(name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names)

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of the function's parameters."""
        if self.function is None:
            return ()
        return tuple(each.arg for each in all_parameters(self.function.node))


def all_parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    """The parameters of a function, of all kinds."""
    given = function.args
    more = [each for each in (given.vararg, given.kwarg) if each]
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *more]


class Objects:
    """Answers what names and expressions stand for."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._scopes: dict[tuple[str, tuple[str, ...], bool], Scope | None] = {}
        self._functions: dict[int, Scope] = {}
        self._found: dict[tuple[str, tuple[str, ...]], ModuleObject | None] = {}
        self._steps = 0
        self.cache: dict[tuple[str, int, int], object] = {}
        """Answers of others, by what was asked and the identities of the nodes and scopes."""

    def module(self, path: str, roots: tuple[str, ...], *, as_main: bool = False) -> Scope | None:
        """The scope of a module; None for a file that is not there or cannot be read.

        Args:
            path: its file.
            roots: the directories in which its imports are looked for.
            as_main: whether it is run, and not imported.
        """
        key = (path, roots, as_main)
        if key not in self._scopes:
            self._scopes[key] = self._read(path, roots, as_main=as_main) if len(self._scopes) < MAX_MODULES else None
        return self._scopes[key]

    def _read(self, path: str, roots: tuple[str, ...], *, as_main: bool) -> Scope | None:
        try:
            source = self._files.source(path)
            return Scope(source, roots, parse(source).body, as_main=as_main) if source else None
        except (FileProblem, Undecided):
            return None

    def find(self, name: str, roots: tuple[str, ...]) -> ModuleObject | None:
        """The module of a full name, among those of the app."""
        if (name, roots) not in self._found:
            self._found[name, roots] = self._find(name, roots)
        return self._found[name, roots]

    def _find(self, name: str, roots: tuple[str, ...]) -> ModuleObject | None:
        tree = self._files.tree
        for root in roots:
            base = posixpath.join(root, *name.split("."))
            for path in (f"{base}/__init__.py", f"{base}.py"):
                if tree.is_file(path):
                    return ModuleObject(path, self.module(path, roots))
            if tree.is_directory(base) and any(each.endswith(".py") for each in tree.names(base)):
                return ModuleObject(base, None)
        return None

    def is_own(self, name: str, roots: tuple[str, ...]) -> bool:
        """Whether the first part of a module's name is a module or a directory of the app."""
        return self.find(name.partition(".")[0], roots) is not None

    def body(self, function: Function) -> Scope:
        """The scope of a function's body."""
        key = id(function.node)
        if key not in self._functions:
            around = function.scope
            self._functions[key] = Scope(
                around.source, around.roots, function.node.body, as_main=False, parent=around, function=function
            )
        return self._functions[key]

    def value(self, node: ast.AST | None, scope: Scope, before: int | None = None, depth: int = MAX_DEPTH) -> Object:
        """What an expression stands for.

        Args:
            node: the expression.
            scope: where it stands.
            before: a line; what the scope binds from there on does not count yet.
            depth: how many steps are allowed.
        """
        self._steps = 0 if depth == MAX_DEPTH else self._steps + 1
        if depth <= 0 or self._steps > MAX_STEPS:
            return None
        found: Object = None
        match node:
            case ast.Name(id=name):
                found = self.name(name, scope, before, depth - 1)
            case ast.Attribute(value=inner, attr=name):
                found = self.member(self.value(inner, scope, before, depth - 1), name, depth - 1)
            case ast.Call(func=function):
                found = Call(self.value(function, scope, before, depth - 1), node, scope)
            case ast.Constant(value=value):
                found = Constant(value)
            case ast.Await(value=inner):
                found = self.value(inner, scope, before, depth - 1)
        return found

    def name(self, name: str, scope: Scope, before: int | None = None, depth: int = MAX_DEPTH) -> Object:
        """What a name stands for; None where there are several answers."""
        bindings = scope.block.bindings.get(name, [])
        if before is not None:
            bindings = [each for each in bindings if each.line < before]
        if depth <= 0 or name in scope.rebound:
            return None
        if bindings:
            found = [self.bound(each, scope, depth - 1) for each in in_force(bindings)]
            return found[0] if all(each == found[0] for each in found) else None
        if name in scope.parameters:
            owner = scope.function.owner if scope.function else None
            return Instance(owner) if owner and name == scope.parameters[0] else None
        return self.name(name, scope.parent, None, depth - 1) if scope.parent else self._free(name, scope, depth - 1)

    def _free(self, name: str, scope: Scope, depth: int) -> Object:
        """What a name stands for that a module uses and does not bind."""
        if scope.block.stars:
            return self._by_star(name, scope, depth)
        if name in MODULES_BY_NAME:
            return External(name)
        return External(f"builtins.{name}") if hasattr(builtins, name) else None

    def _by_star(self, name: str, scope: Scope, depth: int) -> Object:
        for statement in reversed(scope.block.stars):
            module = self.imported_module(statement, scope)
            if not isinstance(module, ModuleObject) or module.scope is None:
                return None
            found = self.name(name, module.scope, None, depth)
            if found and not (isinstance(found, External) and found.name.startswith("builtins.")):
                return found
        return None

    def bound(self, binding: Binding, scope: Scope, depth: int = MAX_DEPTH) -> Object:
        """What one binding gives to its name."""
        match binding.node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() as node:
                return Function(node, scope)
            case ast.ClassDef() as node:
                return Class(node, scope)
            case ast.alias(name=name, asname=alias):
                if binding.origin is not None:
                    module = self.imported_module(binding.origin, scope)
                    return self.member(module, name, depth) if module else None
                full = name if alias else name.partition(".")[0]
                found = self.find(full, scope.roots)
                return found or (None if self.is_own(full, scope.roots) else External(full))
        return self.value(binding.node, scope, binding.line, depth)

    def imported_module(self, statement: ast.ImportFrom, scope: Scope) -> ModuleObject | External | None:
        """The module of ``from … import``."""
        name = statement.module or ""
        if statement.level:
            directory = posixpath.dirname(scope.source.path)
            for _ in range(statement.level - 1):
                directory = posixpath.dirname(directory)
            if name:
                found = self.find(name, (directory,))
                if found is None:
                    return None
                return ModuleObject(found.path, self.module(found.path, scope.roots)) if found.scope else found
            init = posixpath.join(directory, "__init__.py")
            return ModuleObject(init if self._files.tree.is_file(init) else directory, self.module(init, scope.roots))
        return self.find(name, scope.roots) or (None if self.is_own(name, scope.roots) else External(name))

    def member(self, of: Object, name: str, depth: int = MAX_DEPTH) -> Object:
        """An attribute of something."""
        match of:
            case External(name=full):
                return External(f"{full}.{name}")
            case ModuleObject(scope=scope):
                if scope and (name in scope.block.bindings or scope.block.stars):
                    found = self.name(name, scope, None, depth)
                    if found or name in scope.block.bindings:
                        return found
                return self.submodule(of, name)
            case Call() | Class() | Instance() | Member():
                return Member(of, name)
        return None

    def submodule(self, of: ModuleObject, name: str) -> ModuleObject | None:
        """A module inside of a package of the app."""
        if of.path.endswith(".py") and not of.path.endswith("__init__.py"):
            return None
        directory = posixpath.dirname(of.path) if of.path.endswith("__init__.py") else of.path
        inner = self.find(name, (directory,))
        if inner is None:
            return None
        return ModuleObject(inner.path, self.module(inner.path, of.scope.roots if of.scope else ("",)))

    def bases(self, found: Class, depth: int = 6) -> Iterator[Object]:
        """The classes that a class derives from, its own bases first."""
        for node in found.node.bases:
            base = self.value(node, found.scope, found.node.lineno)
            yield base
            if isinstance(base, Class) and depth > 0:
                yield from self.bases(base, depth - 1)

    def method(self, found: Class, name: str, depth: int = 6) -> Function | None:
        """A method of a class, or of one of the app's own that it derives from."""
        for statement in found.node.body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and statement.name == name:
                return Function(statement, found.scope, found)
        for base in self.bases(found, 0) if depth > 0 else ():
            if isinstance(base, Class) and (inherited := self.method(base, name, depth - 1)):
                return inherited
        return None

    def callee(self, of: Object) -> Object:
        """What is called: the method, where it is a method of a class of the app."""
        if isinstance(of, Member):
            owner = self.class_of(of.of)
            method = self.method(owner, of.name) if isinstance(owner, Class) else None
            return method or of
        return of

    def class_of(self, found: Object, depth: int = MAX_DEPTH) -> Class | External | None:
        """The class of an object, by the call that makes it."""
        for _ in range(depth):
            if isinstance(found, Instance):
                found = found.of
            made = self.callee(found.of) if isinstance(found, Call) else found if isinstance(found, Class) else None
            if isinstance(made, Class | External):
                return made
            results = self.results(made) if isinstance(made, Function) else []
            if len(results) != 1:
                return None
            found = results[0]
        return None

    def results(self, function: Function) -> list[Object]:
        """What a function returns, each result once; empty where it returns nothing."""
        scope = self.body(function)
        found: list[Object] = []
        for node in own_nodes(function.node.body):
            if isinstance(node, ast.Return) and node.value is not None:
                result = self.value(node.value, scope)
                if result not in found:
                    found.append(result)
        return found

    def names(self, found: Object) -> set[str]:
        """The full names of the packages' classes that an object is an instance of, or that its class derives from."""
        match self.class_of(found):
            case External(name=name):
                return {name}
            case Class() as own:
                return {base.name for base in self.bases(own) if isinstance(base, External)}
        return set()


def root_name(found: Object) -> str:
    """The name of the package's part with which a chain of calls and attributes begins; empty for none."""
    while isinstance(found, Call | Member):
        found = found.of
    return found.name if isinstance(found, External) else ""


def in_force(bindings: list[Binding]) -> list[Binding]:
    """The bindings that may decide: the last one without a condition, and those after it."""
    for index in range(len(bindings) - 1, -1, -1):
        if not bindings[index].tests:
            return bindings[index:]
    return bindings


def own_nodes(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """The nodes of a block in the order of the text, without those inside of functions, classes and lambdas."""
    waiting: list[ast.AST] = list(reversed(body))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (*DEFINITIONS, ast.Lambda)):
            waiting.extend(reversed(list(ast.iter_child_nodes(node))))
