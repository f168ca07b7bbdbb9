"""The names that a Python module binds, and the text constants among them; nothing is imported or run."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.code.python_source import Undecided, parse, span_of

if TYPE_CHECKING:
    from pydeploy_lint.files.source import Source
    from pydeploy_lint.finding import Span

_DYNAMIC = re.compile(
    r"\bimport\s*(?:\(\s*)?\*|\b(?:globals|locals|vars|exec|setattr)\s*\(|\b__getattr__\b|\bsys\.modules\b|^[^\S\n]+global\b"
    r"|^[^\S\n]*match\b",
    re.MULTILINE,
)
"""What can bind names in ways that are not followed here."""
_CONDITIONAL = (ast.If, ast.Try, ast.While, ast.For)

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.comprehension)
"""Nodes whose names are not those of the module."""


class Constant(NamedTuple):
    """What a name is assigned, once and unconditionally."""

    values: tuple[str, ...]
    """The text, or the texts of a list or tuple."""
    at: Span


class ModuleNames:
    """The names of a module, outside of its functions and classes.

    Attributes:
        bound: how often each is bound, on any branch.
        classes: those classes among them that others may act upon, as they have bases or decorators.
        complete: whether nothing else can be bound.
    """

    def __init__(self, source: Source, tree: ast.Module) -> None:
        self._source = source
        self._values: dict[str, ast.expr] = {}
        self.bound: Counter[str] = Counter()
        self.classes: set[str] = set()
        self.complete = not _DYNAMIC.search(source.text)
        waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
        while waiting:
            node, conditional = waiting.pop()
            self.bound.update(_bound_by(node))
            if isinstance(node, ast.ClassDef) and (node.bases or node.decorator_list):
                self.classes.add(node.name)
            if isinstance(node, ast.Assign) and not conditional and isinstance(node.targets[0], ast.Name):
                self._values[node.targets[0].id] = node.value
            is_bare_annotation = isinstance(node, ast.AnnAssign) and node.value is None
            if not isinstance(node, _SCOPES) and not is_bare_annotation:
                inner = conditional or isinstance(node, _CONDITIONAL)
                waiting.extend((child, inner) for child in ast.iter_child_nodes(node))

    def may_derive(self, name: str) -> bool:
        """Whether a base or a decorator may bind a name after that of a class.

        So do django-parler (``PageTranslation``) and django-simple-history (``HistoricalPage``) for a model ``Page``.
        """
        return any(each in name for each in self.classes)

    def constant(self, name: str) -> Constant | None:
        """The text that a name stands for; None where it is bound more than once, or to anything else."""
        value = self._values.get(name)
        texts = _texts(value) if value and self.bound[name] == 1 else None
        return Constant(texts, span_of(self._source, value)) if value and texts else None


def read_names(source: Source) -> ModuleNames | None:
    """Read a module; None for what is not Python as far as the Python that runs this knows, or is too long."""
    try:
        return ModuleNames(source, parse(source))
    except Undecided:
        return None


def _bound_by(node: ast.AST) -> Iterator[str]:
    """The names that one node binds, without what is inside of it."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.ExceptHandler(name=str(name)):
            yield name
        case ast.alias(name=name, asname=alias):
            yield alias or name.partition(".")[0]


def _texts(node: ast.expr) -> tuple[str, ...] | None:
    match node:
        case ast.Constant(value=str(text)):
            return (text,)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            texts = [element.value for element in elements if isinstance(element, ast.Constant)]
            known = tuple(text for text in texts if isinstance(text, str))
            return known if known and len(known) == len(elements) else None
    return None
