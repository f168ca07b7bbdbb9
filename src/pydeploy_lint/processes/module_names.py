"""The names that a Python module binds, and the text constants among them; nothing is imported or run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

if TYPE_CHECKING:
    from pydeploy_lint.finding import Span
    from pydeploy_lint.text import Source

MAX_SIZE = 512 * 1024
"""Bytes; nobody writes a longer module by hand."""
_LONE_CARRIAGE_RETURN = re.compile(r"\r(?!\n)")
"""Ends a line for Python, and for nobody who shows positions."""
_DYNAMIC = re.compile(
    r"\bimport\s*\(?\s*\*|\b(?:globals|locals|vars|exec|setattr)\s*\(|\b__getattr__\b|\bsys\.modules\b|^\s+global\b"
    r"|^\s*match\b",
    re.MULTILINE,
)
"""What can bind names in ways that are not followed here."""
_CONDITIONAL = (cst.If, cst.Try, cst.TryStar, cst.While, cst.For)
_SCOPES = (cst.FunctionDef, cst.ClassDef, cst.Lambda, cst.CompFor)


class Constant(NamedTuple):
    """What a name is assigned, once and unconditionally."""

    values: tuple[str, ...]
    """The text, or the texts of a list or tuple."""
    at: Span


class ModuleNames:
    """The names of a module, outside of its functions and classes.

    Attributes:
        bound: how often each is bound, on any branch.
        complete: whether nothing else can be bound.
    """

    def __init__(self, source: Source, wrapper: MetadataWrapper) -> None:
        self._source = source
        self._wrapper = wrapper
        self._values: dict[str, cst.BaseExpression] = {}
        self.bound: Counter[str] = Counter()
        self.complete = not _DYNAMIC.search(source.text)
        waiting: list[tuple[cst.CSTNode, bool]] = [(wrapper.module, False)]
        while waiting:
            node, conditional = waiting.pop()
            self.bound.update(_bound_by(node))
            if isinstance(node, cst.Assign) and not conditional and isinstance(node.targets[0].target, cst.Name):
                self._values[node.targets[0].target.value] = node.value
            if not isinstance(node, _SCOPES):
                inner = conditional or isinstance(node, _CONDITIONAL)
                waiting.extend((child, inner) for child in node.children)

    def constant(self, name: str) -> Constant | None:
        """The text that a name stands for; None where it is bound more than once, or to anything else."""
        value = self._values.get(name)
        texts = _texts(value) if value and self.bound[name] == 1 else None
        if not value or texts is None:
            return None
        place = self._wrapper.resolve(PositionProvider)[value]
        ends = [self._source.offset(each.line, each.column + 1) for each in (place.start, place.end)]
        return Constant(texts, self._source.span(*ends))


def read_names(source: Source) -> ModuleNames | None:
    """Read a module; None for what is not Python as far as this parser knows it, or is too long to be read."""
    if len(source.data) > MAX_SIZE or _LONE_CARRIAGE_RETURN.search(source.text):
        return None
    try:
        return ModuleNames(source, MetadataWrapper(cst.parse_module(source.text), unsafe_skip_copy=True))
    except (cst.ParserSyntaxError, RecursionError, UnicodeError):
        return None


def _bound_by(node: cst.CSTNode) -> Iterator[str]:
    """The names that one node binds, without what is inside of it."""
    match node:
        case cst.FunctionDef() | cst.ClassDef() | cst.AsName():
            yield from _names_in(node.name)
        case cst.AssignTarget() | cst.AugAssign() | cst.NamedExpr() | cst.For():
            yield from _names_in(node.target)
        case cst.AnnAssign() if node.value:
            yield from _names_in(node.target)
        case cst.ImportAlias() if not node.asname:
            name = node.name
            while isinstance(name, cst.Attribute) and isinstance(name.value, cst.Attribute | cst.Name):
                name = name.value
            yield from _names_in(name)


def _names_in(target: cst.CSTNode) -> Iterator[str]:
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, cst.Tuple | cst.List):
        for element in target.elements:
            yield from _names_in(element.value)


def _texts(node: cst.BaseExpression) -> tuple[str, ...] | None:
    if isinstance(node, cst.SimpleString | cst.ConcatenatedString):
        value = node.evaluated_value
        return (value,) if isinstance(value, str) else None
    if isinstance(node, cst.List | cst.Tuple):
        texts = [_texts(element.value) for element in node.elements]
        return tuple(text for each in texts if each for text in each) if all(texts) else None
    return None
