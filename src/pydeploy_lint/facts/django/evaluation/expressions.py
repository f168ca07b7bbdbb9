"""Evaluates the expressions of a settings module, as far as that can be done without running anything."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Callable, Iterable
from functools import partial
from types import NoneType

from pydeploy_lint.facts.django.evaluation.containers import chained, concatenated, gathered, updated
from pydeploy_lint.facts.django.evaluation.functions.calls import call
from pydeploy_lint.facts.django.evaluation.scope import Bound, Call, Function, Module, PathText, Reference, Scope
from pydeploy_lint.facts.django.evaluation.values import (
    NO_VARS,
    REST,
    Iterated,
    Place,
    State,
    Value,
    in_each_way,
    known,
    one_of,
    unknown,
)

BUILT_IN = {
    "bool", "dict", "filter", "frozenset", "int", "list", "map", "print", "reversed", "set", "sorted", "str", "tuple",
}  # fmt: skip
CONSTANTS = {"os.name": "posix", "sys.platform": "linux", "os.sep": "/"}
NEGATIVE = (ast.NotEq, ast.IsNot, ast.NotIn)
NAMESPACE_FUNCTIONS = {"globals", "locals", "vars", "exec", "eval", "setattr", "execfile"}
MAX_ROUNDS = 100
"""Elements over which a comprehension or a loop is followed."""
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
    return unknown(scope.place(node), (value.rests_on for value in values))


def _lambda(node: ast.expr, scope: Scope) -> Value:
    return unknown(scope.place(node))


def _constant(node: ast.Constant, scope: Scope) -> Value:
    return known(node.value, scope.place(node))


def _name(node: ast.Name, scope: Scope) -> Value:
    if node.id in BUILT_IN and node.id not in scope.names:
        return known(Reference(f"builtins.{node.id}"))
    found = scope.names.look_up(node.id)
    # Used before it is set: on a branch that is not taken, or in a comprehension.
    return unknown(config_vars=(found.rests_on,)) if found.state is State.ABSENT else found


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
    if node.attr in scope.environment.attributes:
        return scope.environment.attribute(node.attr, scope.place(node))
    return known(Bound(owner, node.attr), scope.place(node), owner.rests_on)


def _subscript(node: ast.Subscript, scope: Scope) -> Value:
    owner, place = evaluate(node.value, scope), scope.place(node)
    key = evaluate(node.slice, scope)
    if owner.ways:
        return in_each_way(owner, lambda way: _item(way, key, place, scope))
    return _item(owner, key, place, scope)


def _item(owner: Value, key: Value, place: Place, scope: Scope) -> Value:
    match owner.data:
        case Reference(name="os.environ") if key.text is not None:
            return scope.read(key.text, place, raises="KeyError")
        case Bound(owner=Value(data=PathText() as path), name="parents") if isinstance(key.data, int):
            for _ in range(min(key.data, path.count("/")) + 1):
                path = PathText(posixpath.dirname(path))
            return known(path, place, owner.config_vars)
        case dict() if isinstance(key.data, (str, int)):
            found = owner.item(key.data)
            return unknown(place, (owner.rests_on, key.rests_on)) if found.state is State.ABSENT else found
        case tuple() if isinstance(key.data, int):
            elements = owner.elements or ()
            if -len(elements) <= key.data < len(elements) and all(each.is_known for each in elements):
                return elements[key.data].depending(owner.config_vars)
    return unknown(place, (owner.rests_on, key.rests_on))


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
    made = Call(arguments, keywords, scope.place(node), scope)
    if isinstance(function.data, Function):
        returned = _returned(function.data, made)
        if returned is not None:
            return returned
    return call(function, made)


def _returned(function: Function, made: Call) -> Value | None:
    """What a function of the module gives that only returns an expression; None for any other."""
    node, scope = function.node, made.scope
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    parameters = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
    is_plain = not (node.args.vararg or node.args.kwarg or node.args.kwonlyargs or node.decorator_list)
    if function.source is not scope.source or not is_plain or len(body) != 1:
        return None
    if not isinstance(body[0], ast.Return) or body[0].value is None or len(made.arguments) > len(parameters):
        return None
    last = map(partial(evaluate, scope=scope), node.args.defaults[::-1])
    defaults = dict(zip(parameters[::-1], last, strict=False))
    given = defaults | dict(zip(parameters, made.arguments, strict=False)) | dict(made.keywords)
    if set(given) != set(parameters):
        return None
    with scope.calling(function), scope.naming(given):
        value = evaluate(body[0].value, scope)
    return value.replace(place=made.place)


def _sequence(node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> Value:
    parts: list[Value] = []
    for element in node.elts:
        if isinstance(element, ast.Starred):
            parts.append(evaluate(element.value, scope))
        else:
            parts.append(known((evaluate(element, scope).replace(place=scope.place(element)),)))
    made = chained(parts, scope.place(node))
    if isinstance(node, ast.Set) and made.elements is not None:
        return made.replace(data=Iterated(made.elements))
    return made


def _dict(node: ast.Dict, scope: Scope) -> Value:
    entries: dict[object, Value] = {}
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        value = evaluate(value_node, scope)
        if key_node is None:
            entries = updated(entries, value)
            continue
        key = evaluate(key_node, scope)
        if isinstance(key.data, (str, int)) and key.is_certain:
            entries[key.data] = value.replace(place=value.place or scope.place(value_node))
        else:
            entries[REST] = unknown(config_vars=(key.rests_on, value.rests_on))
    return known(entries, scope.place(node))


def _comprehension(node: ast.ListComp | ast.SetComp | ast.GeneratorExp, scope: Scope) -> Value:
    """A comprehension with one ``for`` over known elements; anything else rests on what is read in it."""
    generator = node.generators[0]
    if len(node.generators) > 1 or not isinstance(generator.target, ast.Name) or generator.is_async:
        return _other(node, scope)
    over = evaluate(generator.iter, scope)
    if over.elements is None or len(over.elements) > MAX_ROUNDS:
        return unknown(scope.place(node), (over.rests_on, _other(node, scope).rests_on))
    found: list[Value] = []
    decide = [over.config_vars]
    for element in over.elements:
        with scope.naming({generator.target.id: element}):
            tests = [evaluate(test, scope) for test in generator.ifs]
            decide += [test.rests_on for test in tests]
            if any(test.truth is False for test in tests):
                continue
            is_certain = element.is_known and all(test.truth for test in tests)
            value = evaluate(node.elt, scope)
            found.append(value if is_certain else unknown(value.place, (value.rests_on,)))
    return gathered(found, scope.place(node), decide, is_list=isinstance(node, ast.ListComp))


def _named(node: ast.NamedExpr, scope: Scope) -> Value:
    value = evaluate(node.value, scope)
    scope.names[node.target.id] = value
    return value


def _joined_text(node: ast.JoinedStr, scope: Scope) -> Value:
    values = [evaluate(part.value if isinstance(part, ast.FormattedValue) else part, scope) for part in node.values]
    config_vars = [value.rests_on for value in values]
    texts = [value.text for value in values]
    is_plain = all(not isinstance(part, ast.FormattedValue) or not part.format_spec for part in node.values)
    if not is_plain or None in texts:
        return unknown(scope.place(node), config_vars)
    return known("".join(filter(None, texts)), scope.place(node), NO_VARS.union(*config_vars))


def _binary(node: ast.BinOp, scope: Scope) -> Value:
    left, right = evaluate(node.left, scope), evaluate(node.right, scope)
    if isinstance(node.op, ast.Add):
        return concatenated(left, right, scope.place(node))
    return _operate(left, right, node, scope)


def _operate(left: Value, right: Value, node: ast.BinOp, scope: Scope) -> Value:
    config_vars = left.rests_on | right.rests_on
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
        config_vars.append(value.rests_on if value.truth is None else value.config_vars)
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
    if isinstance(node.op, ast.USub) and isinstance(value.data, (int, float)):
        return known(-value.data, scope.place(node), value.config_vars)
    if not isinstance(node.op, ast.Not) or value.truth is None:
        return unknown(scope.place(node), (value.rests_on,))
    return known(not value.truth, scope.place(node), value.config_vars)


def _if_expression(node: ast.IfExp, scope: Scope) -> Value:
    test = evaluate(node.test, scope)
    if test.truth is None:
        with scope.conditionally():
            values = [evaluate(node.body, scope), evaluate(node.orelse, scope)]
        return one_of(values, State.UNKNOWN, test.rests_on)
    taken, other = (node.body, node.orelse) if test.truth else (node.orelse, node.body)
    if not test.config_vars:
        return evaluate(taken, scope)
    with scope.conditionally():
        return one_of([evaluate(taken, scope), evaluate(other, scope)], None, test.config_vars)


def _compare(node: ast.Compare, scope: Scope) -> Value:
    left, right = evaluate(node.left, scope), evaluate(node.comparators[0], scope)
    config_vars = left.rests_on | right.rests_on
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
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.NamedExpr: _named,
    ast.JoinedStr: _joined_text,
    ast.BinOp: _binary,
    ast.BoolOp: _boolean,
    ast.UnaryOp: _not,
    ast.IfExp: _if_expression,
    ast.Compare: _compare,
    ast.Lambda: _lambda,
}
