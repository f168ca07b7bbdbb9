"""Tables of the public Python interface, made from signatures and docstrings, for the documentation."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from pydeploy_lint import api
from pydeploy_lint.engine.result import AppReport, BuildPrediction
from pydeploy_lint.facts.app import App
from pydeploy_lint.facts.build import Build
from pydeploy_lint.facts.declared import Declared
from pydeploy_lint.facts.locks.lock import Lock
from pydeploy_lint.facts.packages.managers import Managers
from pydeploy_lint.facts.packages.packages import Packages
from pydeploy_lint.facts.processes.processes import Processes
from pydeploy_lint.facts.python.version import Python
from pydeploy_lint.files.files import Files
from pydeploy_lint.files.tree import Tree
from pydeploy_lint.finding import Finding
from pydeploy_lint.heroku.policy import Policy

PARTS: dict[str, type] = {
    "app": App,
    "app.files": Files,
    "app.files.tree": Tree,
    "app.declared": Declared,
    "app.build": Build,
    "app.managers": Managers,
    "app.python": Python,
    "app.packages": Packages,
    "app.lock": Lock,
    "app.processes": Processes,
    "app.policy": Policy,
}
"""What a check can ask for, and the class that answers."""
LAZY = {"app.django": "pydeploy_lint.facts.django.project:Django"}
"""Parts whose modules are imported only for apps that need them."""
ATTRIBUTE = re.compile(r"^ {8}(\w+): (.*(?:\n {12}.*)*)", re.MULTILINE)


def facts() -> str:
    """Every fact of every part of an app, with its type."""
    parts = dict(PARTS)
    for name, home in LAZY.items():
        module, _, attribute = home.partition(":")
        parts[name] = getattr(importlib.import_module(module), attribute)
    return "\n\n".join(
        _section(
            name, part, ("fact", "type", "what it says"), [(f"{name}.{fact}", *rest) for fact, *rest in _members(part)]
        )
        for name, part in parts.items()
    )


def functions() -> str:
    """The functions of the package, with their arguments, results and errors."""
    shown = []
    for function in (api.lint, api.plan):
        call = f"```python\npydeploy_lint.{function.__name__}{_signature(function, wrapped=True)}\n```"
        shown += [f"## {function.__name__}", call, _prose(inspect.getdoc(function) or "")]
    for result in (AppReport, BuildPrediction, Finding):
        shown.append(_section(result.__name__, result, ("field", "type", "meaning"), list(_fields(result))))
    return "\n\n".join(shown)


def _section(title: str, part: type, head: tuple[str, str, str], rows: Iterable[Sequence[str]]) -> str:
    lines = [
        f"## {title}",
        "",
        f"{_line(inspect.getdoc(part) or '').rstrip('.')}.",
        "",
        f"| {' | '.join(head)} |",
        "|---|---|---|",
    ]
    return "\n".join([*lines, *(f"| {_code(name)} | {_code(kind)} | {about} |" for name, kind, about in rows)])


def _members(part: type) -> Iterator[tuple[str, str, str]]:
    """Public attributes named in the class's docstring, then properties, facts and methods in the order of the text."""
    kinds = part.__init__.__annotations__  # type: ignore[misc]  # only read
    for name, about in ATTRIBUTE.findall((part.__doc__ or "").partition("Attributes:\n")[2]):
        yield name, str(kinds.get(name, "")), _line(about)
    for name, member in vars(part).items():
        function = getattr(member, "func", getattr(member, "fget", member))
        if not name.startswith("_") and inspect.isfunction(function):
            arguments = _signature(function).partition(" -> ")[0] if function is member else ""
            yield (
                f"{name}{arguments}",
                str(function.__annotations__.get("return", "")),
                _line(inspect.getdoc(function) or ""),
            )


def _fields(result: type) -> Iterator[tuple[str, str, str]]:
    """The fields of a named tuple with the docstrings below them, then its properties."""
    source = inspect.getsource(result)
    for name, kind in result.__annotations__.items():
        about = re.search(rf'^    {name}: [^\n]*\n    """(.*?)"""', source, re.MULTILINE | re.DOTALL)
        yield name, str(getattr(kind, "__forward_arg__", kind)), _line(about[1]) if about else ""
    for name, member in vars(result).items():
        if isinstance(member, property) and not name.startswith("_"):
            getter = inspect.unwrap(member.fget) if member.fget else member
            yield name, str(getter.__annotations__["return"]), _line(inspect.getdoc(member) or "")


def _signature(function: Callable[..., object], *, wrapped: bool = False) -> str:
    """The arguments and the result, as the code has them; wrapped: an argument a line."""
    signature = inspect.signature(function)
    parts = []
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in parts:
            parts.append("*")
        stars = "**" if parameter.kind is parameter.VAR_KEYWORD else ""
        default = "" if parameter.default is parameter.empty else f" = {parameter.default!r}"
        if parameter.name != "self":
            parts.append(f"{stars}{parameter.name}: {parameter.annotation}{default}")
    shown = "".join(f"\n    {part}," for part in parts) + "\n" if wrapped else ", ".join(parts)
    return f"({shown}) -> {signature.return_annotation}"


def _prose(text: str) -> str:
    """A docstring in Google's style as Markdown."""
    text = re.sub(r"^Args:$", "Arguments:", text, flags=re.MULTILINE)
    text = re.sub(r"^(Arguments|Returns|Raises):\n", r"**\1**\n\n", text, flags=re.MULTILINE)
    text = re.sub(r"^ {4}(\w+): ", r"- `\1`: ", text, flags=re.MULTILINE)
    return re.sub(r"^ +", "", text, flags=re.MULTILINE).replace("``", "`")


def _line(text: str) -> str:
    """The first paragraph on one line, for a table."""
    return " ".join(text.strip().partition("\n\n")[0].split()).replace("``", "`").replace("|", "\\|")


def _code(text: str) -> str:
    escaped = text.replace("|", "\\|")
    return f"`{escaped}`" if text else ""
