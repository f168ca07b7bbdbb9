"""Evaluates the expressions of a settings module, as far as that can be done without running anything."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Callable, Iterable
from types import NoneType

from pydeploy_lint.facts.django.evaluation.calls import call
from pydeploy_lint.facts.django.evaluation.containers import spread, updated
from pydeploy_lint.facts.django.evaluation.scope import Bound, Call, Module, PathText, Reference, Scope
from pydeploy_lint.facts.django.evaluation.values import NO_VARS, REST, State, Value, known, unknown

BUILT_IN = {"bool", "dict", "int", "list", "str", "tuple"}
CONSTANTS = {"os.name": "posix", "sys.platform": "linux", "os.sep": "/"}
NEGATIVE = (ast.NotEq, ast.IsNot, ast.NotIn)
NAMESPACE_FUNCTIONS = {"globals", "locals", "vars", "exec", "eval", "setattr", "execfile"}
TEST_ARGUMENTS = {"test", "pytest", "jenkins"}
"""What no command line of a dyno has in it."""


def evaluate(node: ast.expr, scope: Scope) -> Value:
    """The value of an expression.

    Args:
        node: the expression.
        scope: the module it stands in.

    Raises:
        Raised: Python would raise an exception that is caught around it.
        Undecided: it takes too long.
    """
    scope.budget.spend()
    value: Value = RULES.get(type(node), _other)(node, scope)
    return value


def _other(node: ast.expr, scope: Scope) -> Value:
    """An expression of which only the config vars that it reads are of interest."""
    parts: list[ast.AST] = [node]
    values = []
    while parts:
        for child in ast.iter_child_nodes(parts.pop()):
            if isinstance(child, ast.expr):
                values.append(evaluate(child, scope))
            elif isinstance(child, (ast.comprehension, ast.keyword)):
                parts.append(child)
    return unknown(scope.place(node), (value.config_vars for value in values))


def _lambda(node: ast.expr, scope: Scope) -> Value:
    return unknown(scope.place(node))


def _constant(node: ast.Constant, scope: Scope) -> Value:
    return known(node.value, scope.place(node))


def _name(node: ast.Name, scope: Scope) -> Value:
    found = scope.names.look_up(node.id)
    if found.state is State.ABSENT and node.id in BUILT_IN:
        return known(Reference(f"builtins.{node.id}"))
    # Used before it is set: on a branch that is not taken, or in a comprehension.
    return unknown(config_vars=(found.config_vars,)) if found.state is State.ABSENT else found


def _attribute(node: ast.Attribute, scope: Scope) -> Value:
    owner = evaluate(node.value, scope)
    match owner.data:
        case Reference(name=name):
            full = f"{name}.{node.attr}"
            if full == "sys.modules":
                scope.open("sys.modules is used")
            return known(CONSTANTS[full], scope.place(node)) if full in CONSTANTS else known(Reference(full))
        case Module() as module:
            return module.names.look_up(node.attr)
        case PathText() as path if node.attr == "parent":
            return known(PathText(posixpath.dirname(path)), scope.place(node), owner.config_vars)
        case PathText() as path if node.attr == "name":
            return known(posixpath.basename(path), scope.place(node), owner.config_vars)
    return known(Bound(owner, node.attr), scope.place(node), owner.config_vars)


def _subscript(node: ast.Subscript, scope: Scope) -> Value:
    owner, place = evaluate(node.value, scope), scope.place(node)
    key = evaluate(node.slice, scope)
    config_vars = (owner.config_vars, key.config_vars)
    match owner.data:
        case Reference(name="os.environ") if key.text is not None:
            return scope.read(key.text, place, raises="KeyError")
        case Bound(owner=Value(data=PathText() as path), name="parents") if isinstance(key.data, int):
            for _ in range(min(key.data, path.count("/")) + 1):
                path = PathText(posixpath.dirname(path))
            return known(path, place, owner.config_vars)
        case dict() if isinstance(key.data, (str, int)):
            found = owner.item(key.data)
            return unknown(place, config_vars) if found.state is State.ABSENT else found
        case tuple() if isinstance(key.data, int):
            elements = owner.elements or ()
            if -len(elements) <= key.data < len(elements) and all(each.is_known for each in elements):
                return elements[key.data].depending(owner.config_vars)
    return unknown(place, config_vars)


def changes_namespace(node: ast.AST) -> bool:
    """Whether a call is one by which names of the module may be set, in ways that are not followed."""
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in NAMESPACE_FUNCTIONS:
            return True
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[ast.Name(id="__name__"), *_]):
            return "logger" not in name.lower()
    return False


def _call(node: ast.Call, scope: Scope) -> Value:
    if changes_namespace(node):
        scope.open(f"{ast.unparse(node.func)}() may set any name")
    function = evaluate(node.func, scope)
    arguments = [
        unknown() if isinstance(argument, ast.Starred) else evaluate(argument, scope) for argument in node.args
    ]
    keywords = {keyword.arg or "**": evaluate(keyword.value, scope) for keyword in node.keywords}
    return call(function, Call(arguments, keywords, scope.place(node), scope))


def _sequence(node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> Value:
    elements: list[Value] = []
    for element in node.elts:
        if isinstance(element, ast.Starred):
            elements += spread(evaluate(element.value, scope))
        else:
            value = evaluate(element, scope)
            elements.append(value._replace(place=scope.place(element)))
    return known(tuple(elements), scope.place(node))


def _dict(node: ast.Dict, scope: Scope) -> Value:
    entries: dict[object, Value] = {}
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        value = evaluate(value_node, scope)
        if key_node is None:
            entries.update(value.data if isinstance(value.data, dict) and not value.config_vars else {REST: unknown()})
            continue
        key = evaluate(key_node, scope)
        if isinstance(key.data, (str, int)):
            entries[key.data] = value._replace(place=value.place or scope.place(value_node))
        else:
            entries[REST] = unknown()
    return known(entries, scope.place(node))


def _joined_text(node: ast.JoinedStr, scope: Scope) -> Value:
    values = [evaluate(part.value if isinstance(part, ast.FormattedValue) else part, scope) for part in node.values]
    config_vars = [value.config_vars for value in values]
    texts = [value.text for value in values]
    is_plain = all(not isinstance(part, ast.FormattedValue) or not part.format_spec for part in node.values)
    if not is_plain or None in texts:
        return unknown(scope.place(node), config_vars)
    return known("".join(filter(None, texts)), scope.place(node), NO_VARS.union(*config_vars))


def _binary(node: ast.BinOp, scope: Scope) -> Value:
    left, right = evaluate(node.left, scope), evaluate(node.right, scope)
    return add(left, right, node, scope) if isinstance(node.op, ast.Add) else _operate(left, right, node, scope)


def add(left: Value, right: Value, node: ast.BinOp | ast.AugAssign, scope: Scope) -> Value:
    """What ``+`` makes of two values; of lists the known elements are kept, whatever the rest is."""
    config_vars = left.config_vars | right.config_vars
    place = left.place if isinstance(node, ast.AugAssign) else scope.place(node)
    if left.elements is not None or right.elements is not None:
        return known((*spread(left), *spread(right)), place)
    if left.text is not None and right.text is not None:
        return known(left.text + right.text, place, config_vars)
    return unknown(place, (config_vars,))


def _operate(left: Value, right: Value, node: ast.BinOp, scope: Scope) -> Value:
    config_vars = left.config_vars | right.config_vars
    if isinstance(node.op, ast.Div) and left.text is not None and right.text is not None:
        joined = posixpath.normpath(posixpath.join(left.text, right.text))
        return known(PathText(joined), scope.place(node), config_vars)
    if isinstance(node.op, ast.BitOr) and isinstance(left.data, dict) and isinstance(right.data, dict):
        return known(updated(left.data, right), scope.place(node), left.config_vars)
    return unknown(scope.place(node), (config_vars,))


def _boolean(node: ast.BoolOp, scope: Scope) -> Value:
    """``and`` and ``or``, which give the first operand that decides; what follows may not be evaluated."""
    decides = isinstance(node.op, ast.Or)
    config_vars: list[frozenset[str]] = []
    for operand in node.values:
        with scope.conditionally(bool(config_vars)):
            value = evaluate(operand, scope)
        config_vars.append(value.config_vars)
        if value.truth is None:
            _read_rest(node.values[node.values.index(operand) + 1 :], scope)
            return unknown(scope.place(node), config_vars)
        if value.truth is decides:
            _read_rest(node.values[node.values.index(operand) + 1 :], scope)
            break
    return value.depending(NO_VARS.union(*config_vars))


def _read_rest(nodes: Iterable[ast.expr], scope: Scope) -> None:
    with scope.conditionally():
        for node in nodes:
            evaluate(node, scope)


def _not(node: ast.UnaryOp, scope: Scope) -> Value:
    value = evaluate(node.operand, scope)
    if not isinstance(node.op, ast.Not) or value.truth is None:
        return unknown(scope.place(node), (value.config_vars,))
    return known(not value.truth, scope.place(node), value.config_vars)


def _if_expression(node: ast.IfExp, scope: Scope) -> Value:
    test = evaluate(node.test, scope)
    if test.truth is None:
        with scope.conditionally():
            values = [evaluate(node.body, scope), evaluate(node.orelse, scope)]
        return unknown(scope.place(node), (value.config_vars for value in (test, *values)))
    taken, other = (node.body, node.orelse) if test.truth else (node.orelse, node.body)
    with scope.conditionally(bool(test.config_vars)):
        value = evaluate(taken, scope).depending(test.config_vars)
    if test.config_vars:
        _read_rest([other], scope)
    return value


def _compare(node: ast.Compare, scope: Scope) -> Value:
    left, right = evaluate(node.left, scope), evaluate(node.comparators[0], scope)
    config_vars = left.config_vars | right.config_vars
    compared_by = node.ops[0]
    if len(node.ops) > 1:
        return _other(node, scope)
    if isinstance(compared_by, (ast.In, ast.NotIn)):
        if left.text is not None and isinstance(right.data, Reference) and right.data.name == "os.environ":
            place = scope.place(node)
            scope.environment.note(left.text, place, is_required=False, has_default=True)
            config_vars = scope.environment.look_up(left.text).config_vars
        answer = _is_in(left.text, right, scope)
    else:
        answer = _is_equal(left, right) if isinstance(compared_by, (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)) else None
    if answer is None:
        return unknown(scope.place(node), (config_vars,))
    return known(answer is not isinstance(compared_by, NEGATIVE), scope.place(node), config_vars)


def _is_equal(left: Value, right: Value) -> bool | None:
    if not all(each.is_known and isinstance(each.data, (str, int, float, NoneType)) for each in (left, right)):
        return None
    return left.data == right.data


def _is_in(wanted: str | None, container: Value, scope: Scope) -> bool | None:
    match container.data:
        case _ if wanted is None:
            pass
        case Reference(name="os.environ"):
            value = scope.environment.look_up(wanted)
            return None if value.state is State.UNKNOWN else value.is_known
        case Reference(name="sys.argv"):
            return False if wanted in TEST_ARGUMENTS else None
        case str() as text:
            return wanted in text
        case tuple():
            return container.contains(wanted)
        case dict() as entries if REST not in entries:
            return wanted in entries
    return None


RULES: dict[type[ast.AST], Callable[..., Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Call: _call,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.Set: _sequence,
    ast.Dict: _dict,
    ast.JoinedStr: _joined_text,
    ast.BinOp: _binary,
    ast.BoolOp: _boolean,
    ast.UnaryOp: _not,
    ast.IfExp: _if_expression,
    ast.Compare: _compare,
    ast.Lambda: _lambda,
}
