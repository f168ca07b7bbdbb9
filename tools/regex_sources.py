"""Every regular expression of the project and how it is used, worked out from the calls in its source."""

from __future__ import annotations

import ast
import builtins
import importlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = (ROOT / "src", ROOT / "checks")
METHODS = {
    **dict.fromkeys(("search", "finditer", "findall", "sub", "subn", "split"), "search"),
    **{each: each for each in ("match", "fullmatch")},
}
"""What each method does with the text; all those that look at every place of it are one."""
FLAGS_AT = {"compile": 1, "split": 3, "sub": 4, "subn": 4}
"""Where each function takes its flags; the others as their third argument."""
FOUND_ELSEWHERE = {
    "src/pydeploy_lint/buildlog/texts.py": ("pattern",),  # in errors.json
    "src/pydeploy_lint/files/credentials.py": ("pattern",),  # among the values of the module
}
"""By file: what is written in calls whose patterns are found elsewhere."""
MAX_DEPTH = 4
"""Of values that patterns are looked for in."""
Called = dict[tuple[str, str], set[str]]


@dataclass(frozen=True)
class Use:
    """A pattern, and the method that it is called with."""

    place: str
    """File and line."""
    pattern: re.Pattern[str] | re.Pattern[bytes]
    method: str
    """`match`, `fullmatch`, or `search` for everything that looks at every place of the text."""

    def run(self, text: str) -> None:
        """Call the method for a text, through to its end."""
        pattern: re.Pattern[Any] = self.pattern
        data = text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")
        if self.method == "search":
            pattern.sub(data[:0], data)
        else:
            getattr(pattern, self.method)(data)

    def __str__(self) -> str:
        return f"{self.place}: {self.method} {self.pattern.pattern!r}"


class _Module:
    """A module of the project: its source, and its values once it is imported."""

    def __init__(self, path: Path) -> None:
        package = next(each for each in PACKAGES if path.is_relative_to(each))
        self.directory = path.parent if path.name == "__init__.py" else None
        self.place = path.relative_to(ROOT).as_posix()
        self.name = ".".join(path.relative_to(package).with_suffix("").parts).removesuffix(".__init__")
        self.nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        self.values = vars(importlib.import_module(self.name))
        self.imported = {
            alias.asname or alias.name: node.module or self.name
            for node in self.nodes
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        simple = (node for node in self.nodes if isinstance(node, ast.Assign))
        self.assigned = [(_name(node.targets[0]), node.value) for node in simple]
        """Names of variables and attributes, and what is assigned to them."""


def collect() -> tuple[list[Use], list[str]]:
    """All uses, and the places of patterns that cannot be worked out."""
    modules = [_Module(path) for path in _files()]
    called = _methods_called(modules)
    uses: dict[tuple[str, int, str], Use] = {}
    unknown = []
    for module in modules:
        for use in [*_of_calls(module, called), *_of_values(module, called), *_of_data(module)]:
            if isinstance(use, str):
                unknown.append(use)
            else:
                uses.setdefault((repr(use.pattern.pattern), use.pattern.flags, use.method), use)
    return list(uses.values()), unknown


def _files() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted(each for each in package.rglob("*.py") if each.name != "__main__.py")


def _name(target: ast.expr) -> str:
    """The name of a variable or an attribute; empty for anything else."""
    return target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""


def _methods_called(modules: Sequence[_Module]) -> Called:
    """What is done with each name of a module: in itself, and in those that import the name or the module."""
    called: Called = {}
    for module in modules:
        for node in module.nodes:
            if isinstance(node, ast.Attribute) and node.attr in METHODS:
                key = _called(node.value, module)
                if key[1] or node.attr != "split":  # which is most likely that of a text
                    called.setdefault(key, set()).add(METHODS[node.attr])
        for name, value in module.assigned:
            if isinstance(value, ast.Name) and (more := called.get((module.name, name))):
                called.setdefault((module.name, value.id), set()).update(more)
    return called


def _called(receiver: ast.expr, module: _Module) -> tuple[str, str]:
    """The module and the name of what a method is called of; an empty name for what has none."""
    if isinstance(receiver, ast.Name):
        return module.imported.get(receiver.id, module.name), receiver.id
    if isinstance(receiver, ast.Attribute) and isinstance(receiver.value, ast.Name):
        owner = receiver.value.id
        return f"{module.imported[owner]}.{owner}" if owner in module.imported else module.name, receiver.attr
    return module.name, ""


def _methods(called: Called, module: _Module, name: str) -> set[str]:
    """What is done with a pattern; where that is not known by its name, what is done with others of the module."""
    others = (
        method
        for (owner, other), methods in called.items()
        if owner == module.name and other not in module.values
        for method in methods
    )
    return called.get((module.name, name)) or set(others) or {"search"}


def _of_calls(module: _Module, called: Called) -> Iterator[Use | str]:
    """What the calls of `re` in a module name; the place of a call whose pattern only its caller knows."""
    methods_of_calls = {id(node.value): node.attr for node in module.nodes if isinstance(node, ast.Attribute)}
    names = {id(value): name for name, value in module.assigned}
    local = dict(module.assigned)
    for call in module.nodes:
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and _is_of_re(call.func)):
            continue
        written = call.args[0]
        if isinstance(written, ast.Name) and written.id not in module.values:
            written = local.get(written.id, written)
        if ast.unparse(written) in FOUND_ELSEWHERE.get(module.place, ()):
            continue
        place = f"{module.place}:{call.lineno}"
        try:
            pattern = re.compile(_value(written, module), _flags(call, call.func.attr, module))
        except (NameError, TypeError, _OnlyAName):
            yield f"{place}: {ast.unparse(call)}"
            continue
        if call.func.attr != "compile":
            methods = {METHODS[call.func.attr]}
        elif method := methods_of_calls.get(id(call)):
            methods = {METHODS.get(method, "search")}
        else:
            methods = _methods(called, module, names.get(id(call), ""))
        yield from (Use(place, pattern, each) for each in sorted(methods))


def _is_of_re(function: ast.Attribute) -> bool:
    return _name(function.value) == "re" and function.attr in {"compile", *METHODS}


def _flags(call: ast.Call, function: str, module: _Module) -> int:
    position = FLAGS_AT.get(function, 2)
    written = [keyword.value for keyword in call.keywords if keyword.arg == "flags"] or call.args[
        position : position + 1
    ]
    return int(_value(written[0], module)) if written else 0


def _value(written: ast.expr, module: _Module) -> Any:
    """The value of an expression; a word stands for each name that only a running program knows."""
    if isinstance(written, ast.Name) and written.id not in module.values:
        raise _OnlyAName
    names = vars(builtins) | module.values
    code = compile(ast.Expression(written), "<pattern>", "eval")
    return eval(code, names, _Names(names))  # noqa: S307 - our own source


class _OnlyAName(Exception):
    """A pattern is nothing but a name that only a running program knows."""


class _Names(dict[str, Any]):
    """Names of a module, and a word for every other."""

    def __missing__(self, name: str) -> str:
        return _Word("word")


class _Word(str):
    """Stands for a text of which everything is asked."""

    __slots__ = ()

    def __getattr__(self, name: str) -> str:
        return self


def _of_values(module: _Module, called: Called) -> Iterator[Use]:
    """The compiled patterns among a module's values."""
    for name, value in module.values.items():
        for pattern in _patterns(value, 0) if name not in module.imported else ():
            for method in sorted(_methods(called, module, name)):
                yield Use(f"{module.place}: {name}", pattern, method)


def _patterns(value: object, depth: int) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < MAX_DEPTH and isinstance(value, tuple | list | dict | frozenset):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _patterns(each, depth + 1)
    elif depth < MAX_DEPTH and is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _patterns(getattr(value, field.name, None), depth + 1)


def _of_data(module: _Module) -> Iterator[Use]:
    """The patterns in the data files of a package, under the key `pattern`."""
    for file in sorted(module.directory.glob("*.json")) if module.directory else ():
        for pattern in _pattern_keys(json.loads(file.read_text(encoding="utf-8"))):
            method = "match" if file.name == "errors.json" else "search"
            yield Use(file.relative_to(ROOT).as_posix(), re.compile(pattern), method)


def _pattern_keys(data: object) -> Iterator[str]:
    """The texts under each key `pattern`."""
    if isinstance(data, dict):
        if isinstance(data.get("pattern"), str):
            yield data["pattern"]
        data = list(data.values())
    if isinstance(data, list):
        for each in data:
            yield from _pattern_keys(each)
