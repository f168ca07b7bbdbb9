"""Which values and which environment variables an expression of the app's code may stand for."""

from __future__ import annotations

import ast
from typing import NamedTuple

from pydeploy_lint.facts.code.bindings import Binding
from pydeploy_lint.facts.code.objects import Call, Class, Constant, External, Instance, Member, Object, Objects, Scope

MAX_DEPTH = 12
ENVIRON = frozenset({"os.environ", "os.environb"})
GETTERS = frozenset({"os.getenv", "os.environ.get", "os.environ.setdefault", "os.environ.pop"})
CONVERTERS = frozenset({"builtins.int", "builtins.str", "builtins.float"})


class Reading(NamedTuple):
    """What an expression may stand for."""

    values: frozenset[object] = frozenset()
    """The literals."""
    variables: frozenset[str] = frozenset()
    """The names of environment variables that are read."""
    is_known: bool = True
    """Whether nothing else is possible."""

    def __or__(self, other: object) -> Reading:
        """Either of two."""
        if not isinstance(other, Reading):
            return NotImplemented
        return Reading(self.values | other.values, self.variables | other.variables, self.is_known and other.is_known)


UNKNOWN = Reading(is_known=False)


def read_value(objects: Objects, node: ast.AST | None, scope: Scope, depth: int = MAX_DEPTH) -> Reading:
    """What an expression may stand for.

    Args:
        objects: the app's code.
        node: the expression.
        scope: where it stands.
        depth: how many steps are allowed.
    """
    if depth <= 0 or node is None or isinstance(node, ast.Starred):
        return UNKNOWN
    key = ("reading", id(node), id(scope))
    if key not in objects.cache:
        objects.cache[key] = UNKNOWN  # Of what depends on itself nothing is known.
        objects.cache[key] = _read(objects, node, scope, depth)
    found = objects.cache[key]
    assert isinstance(found, Reading)
    return found


def _read(objects: Objects, node: ast.AST, scope: Scope, depth: int) -> Reading:
    found = UNKNOWN
    match node:
        case ast.Constant(value=value):
            found = Reading(frozenset({value}))
        case ast.BoolOp(values=values):
            found = _any(objects, values, scope, depth)
        case ast.IfExp(body=body, orelse=orelse):
            found = _any(objects, [body, orelse], scope, depth)
        case ast.Subscript(value=of, slice=ast.Constant(value=str(name))):
            owner = objects.value(of, scope)
            if isinstance(owner, External) and owner.name in ENVIRON:
                found = Reading(variables=frozenset({name}))
        case ast.Call():
            found = _call(objects, node, scope, depth)
        case ast.Name(id=name):
            found = _name(objects, name, scope, depth)
        case ast.Attribute():
            found = _attribute(objects, objects.value(node, scope), depth)
    return found


def _any(objects: Objects, nodes: list[ast.expr], scope: Scope, depth: int) -> Reading:
    found = Reading()
    for node in nodes:
        found |= read_value(objects, node, scope, depth - 1)
    return found


def _call(objects: Objects, node: ast.Call, scope: Scope, depth: int) -> Reading:
    function = objects.value(node.func, scope)
    name = function.name if isinstance(function, External) else ""
    if name in CONVERTERS and len(node.args) == 1:
        return read_value(objects, node.args[0], scope, depth - 1)
    default = node.args[1:] + [each.value for each in node.keywords if each.arg == "default"]
    match node.args:
        case [ast.Constant(value=str(variable)), *_] if name in GETTERS:
            return Reading(variables=frozenset({variable})) | _any(objects, default, scope, depth)
        case [ast.Constant(value=str(variable)), *_] if variable.isupper() and not _is_own(function):
            # decouple's config(), environs' env.int() and their like.
            found = Reading(variables=frozenset({variable}))
            return found | Reading(is_known=name != "" or bool(default))
    return UNKNOWN


def _is_own(function: Object) -> bool:
    return function is None or isinstance(function, Class)


def _name(objects: Objects, name: str, scope: Scope, depth: int) -> Reading:
    around: Scope | None = scope
    while around is not None:
        if name in around.rebound:
            return UNKNOWN
        if around.block.bindings.get(name):
            return _bound(objects, name, around, depth)
        if name in around.parameters:
            return UNKNOWN
        around = around.parent
    return UNKNOWN


def _bound(objects: Objects, name: str, scope: Scope, depth: int) -> Reading:
    """What a name may stand for that a scope binds."""
    key = (f"name {name}", id(scope), 0)
    if key not in objects.cache:
        objects.cache[key] = UNKNOWN  # Of what depends on itself nothing is known.
        found = Reading()
        for each in scope.block.bindings[name]:
            if isinstance(each.node, ast.alias):
                found |= _imported(objects, each, scope, depth)
            else:
                found |= read_value(objects, each.node, scope, depth - 1)
        objects.cache[key] = found
    reading = objects.cache[key]
    assert isinstance(reading, Reading)
    return reading


def _imported(objects: Objects, binding: Binding, scope: Scope, depth: int) -> Reading:
    """What a name of another module stands for."""
    module = objects.imported_module(binding.origin, scope) if binding.origin else None
    inner = getattr(module, "scope", None)
    if depth <= 0 or not (isinstance(binding.node, ast.alias) and isinstance(inner, Scope)):
        return UNKNOWN
    return _name(objects, binding.node.name, inner, depth - 1)


def _attribute(objects: Objects, found: Object, depth: int) -> Reading:
    """What a class has under a name, in the settings of the app."""
    match found:
        case Constant(value=value):
            return Reading(frozenset({value}))
        case Member(of=Class() | Call() | Instance() as owner, name=name):
            own = objects.class_of(owner)
            if isinstance(own, Class):
                return _of_class(objects, own, name, depth)
    return UNKNOWN


def _of_class(objects: Objects, own: Class, name: str, depth: int) -> Reading:
    is_settings = any(isinstance(base, External) and base.name.endswith("BaseSettings") for base in objects.bases(own))
    if is_settings:
        nodes = list(ast.walk(own.node))
        texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
        names = {getattr(node, "arg", getattr(node, "id", None)) for node in nodes}
        if "env_prefix" in texts | names or "PORT" in texts:
            return UNKNOWN
    for statement in own.node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                pass
            case ast.AnnAssign(target=ast.Name(id=target), value=value) if target == name:
                pass
            case _:
                continue
        variables = frozenset({name.upper()}) if is_settings else frozenset[str]()
        scope = Scope(own.scope.source, own.scope.roots, own.node.body, as_main=False, parent=own.scope)
        given = read_value(objects, value, scope, depth - 1) if value else Reading()
        return Reading(variables=variables) | given
    return UNKNOWN
