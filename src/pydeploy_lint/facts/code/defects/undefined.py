"""Names that a module surely uses before anything defines them, which is a ``NameError`` as soon as it is imported.

Only what surely runs is looked at: expressions at the top of the module and in its classes, not those in functions, in
conditions, in loops or in a ``try``. A name counts as defined if any statement before it may define it, on any branch.
Where something may define names that nobody sees, such as ``exec`` or ``globals()``, the search ends.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

_BUILTINS = """
    ArithmeticError AssertionError AttributeError BaseException BlockingIOError BrokenPipeError BufferError
    BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError
    DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception False FileExistsError
    FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning
    IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError
    ModuleNotFoundError NameError None NotADirectoryError NotImplemented NotImplementedError OSError OverflowError
    PendingDeprecationWarning PermissionError ProcessLookupError RecursionError ReferenceError ResourceWarning
    RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit
    TabError TimeoutError True TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError
    UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError __build_class__ __debug__
    __import__ abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile
    complex copyright credits delattr dict dir divmod enumerate eval exec exit filter float format frozenset getattr
    globals hasattr hash help hex id input int isinstance issubclass iter len license list locals map max memoryview
    min next object oct open ord pow print property quit range repr reversed round set setattr slice sorted
    staticmethod str sum super tuple type vars zip
"""
BUILTINS = frozenset(_BUILTINS.split())
"""What every supported Python has on Linux. Source: ``dir(builtins)`` of Python 3.10."""
LATER_BUILTINS = {
    "BaseExceptionGroup": (3, 11),
    "ExceptionGroup": (3, 11),
    "PythonFinalizationError": (3, 13),
    "frozendict": (3, 15),
    "sentinel": (3, 15),
}
"""What came later, and with which version. Source: "What's New in Python", 3.11 to 3.15."""
OF_MODULES = frozenset(
    {
        "__name__", "__file__", "__doc__", "__package__", "__spec__", "__loader__", "__path__", "__cached__",
        "__builtins__", "__annotations__", "__dict__", "__conditional_annotations__", "_",
    }
)  # fmt: skip
"""What a module has without defining it; and ``_``, which ``gettext.install`` defines."""
OF_CLASSES = frozenset({"__module__", "__qualname__", "__class__", "__firstlineno__"})
DYNAMIC = re.compile(
    r"\b(?:globals|locals|vars|exec|execfile|eval|setattr|_getframe|currentframe|stack)\s*\(|\b__dict__\b"
    r"|\bsplit_settings\b|\bsys\.modules\b|\bbuiltins\b|\b__builtin__\b|\b__builtins__\b|\b_convert_?\("
)
"""What may define names that nobody sees, in the text of the module."""
INJECTS = re.compile(r"(?:[A-Za-z_]\w*\.)+[A-Za-z_]\w*|[\w*./-]+\.py")
"""What names a module or file in a call for its effect alone, such as ``include("base.py")``: it may define their names
here, as django-split-settings and mitol-django-common do."""
IS_KNOWN = re.compile(
    r"\b(?:noqa(?!:)|noqa:[\s\w,]*\bF821\b|pylint:\s*disable=[\s\w,-]*(?:undefined-variable|E0602)"
    r"|type:\s*ignore|pyright:\s*ignore|pyrefly:\s*ignore|ty:\s*ignore)"
)
"""A comment by which the author tells a linter that a name is defined, though it cannot see where."""
CATCHES = frozenset({"NameError", "Exception", "BaseException"})


class Undefined(NamedTuple):
    """A name that nothing defines."""

    name: str
    node: ast.Name


StarNames = Callable[[ast.ImportFrom], Collection[str] | None]
"""The names that ``from a import *`` may define; None where that is unknown."""


def undefined_name(text: str, tree: ast.Module, python: tuple[int, int] | None, star: StarNames) -> Undefined | None:
    """The first name that a module surely uses while nothing defines it; None where there is none, or it is undecided.

    Args:
        text: the module.
        tree: its syntax tree.
        python: the series of the app's Python; None where it is unknown, and all later built-in names count.
        star: tells what a star import defines.
    """
    if DYNAMIC.search(text):
        return None
    known = {*BUILTINS, *OF_MODULES, *_declared_global(tree)}
    known |= {name for name, since in LATER_BUILTINS.items() if python is None or since <= python}
    known |= _vouched_for(text, tree)
    lazy = python is None or python >= (3, 14) or _has_lazy_annotations(tree)
    return _Search(known, star, lazy_annotations=lazy).block(tree.body)


def module_names(tree: ast.Module, star: StarNames) -> set[str] | None:
    """All names that a module may define, on any branch; None where star imports make that unknown.

    Args:
        tree: the module.
        star: tells what a star import defines.
    """
    search = _Search(_declared_global(tree), star, lazy_annotations=True)
    for statement in tree.body:
        search.bind(statement)
    return None if search.is_open else search.known


def _declared_global(tree: ast.Module) -> set[str]:
    return {name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names}


def _vouched_for(text: str, tree: ast.Module) -> set[str]:
    """The names in lines on which a comment says that they are defined."""
    lines = [number for number, line in enumerate(text.split("\n"), 1) if _says_so(line)]
    if not lines:
        return set()
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.lineno in lines}


def _says_so(line: str) -> bool:
    _, sign, comment = line.partition("#")
    return bool(sign) and IS_KNOWN.search(comment) is not None


def _has_lazy_annotations(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
        for node in tree.body
    )


class _Search:
    """A walk over the statements of a module, or of a class, in their order.

    Attributes:
        known: what is defined so far, or may be.
        is_open: whether anything may be defined.
        has_ended: whether no further statement is surely run.
    """

    def __init__(self, known: set[str], star: StarNames, *, lazy_annotations: bool) -> None:
        self.known = known
        self.is_open = False
        self.has_ended = False
        self._star = star
        self._lazy_annotations = lazy_annotations

    def block(self, statements: Iterable[ast.stmt]) -> Undefined | None:
        """The first undefined name in statements that surely run."""
        for statement in statements:
            found = self._statement(statement)
            self.bind(statement)
            self.has_ended |= isinstance(statement, ast.Raise) or _exits(statement)
            if found or self.is_open or self.has_ended:
                return found
        return None

    def _statement(self, statement: ast.stmt) -> Undefined | None:
        if isinstance(statement, ast.ClassDef):
            return self._class(statement)
        for expression in self._run_by(statement):
            for name in _loaded(expression):
                if name.id not in self.known:
                    return Undefined(name.id, name)
        return None

    def _class(self, statement: ast.ClassDef) -> Undefined | None:
        for expression in [*statement.decorator_list, *statement.bases, *(each.value for each in statement.keywords)]:
            for name in _loaded(expression):
                if name.id not in self.known and not getattr(statement, "type_params", None):
                    return Undefined(name.id, name)
        if getattr(statement, "type_params", None) or statement.keywords or _has_meta(statement):
            return None  # A metaclass may define names in the body.
        inner = _Search({*self.known, *OF_CLASSES}, self._star, lazy_annotations=self._lazy_annotations)
        return inner.block(statement.body)

    def _run_by(self, statement: ast.stmt) -> Iterator[ast.expr]:
        """The expressions that are surely evaluated when a statement is run, in about the order in which they are."""
        match statement:
            case ast.Assign(targets=targets, value=value):
                yield value
                yield from targets
            case ast.AugAssign(target=target, value=value):
                if isinstance(target, ast.Name):
                    yield ast.copy_location(ast.Name(target.id, ast.Load()), target)
                yield from (target, value)
            case ast.AnnAssign(target=target, annotation=annotation, value=value):
                yield from filter(None, (value, target, None if self._lazy_annotations else annotation))
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from self._definition(statement)
            case _:
                yield from _first_evaluated(statement)

    def _definition(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.expr]:
        yield from function.decorator_list
        arguments = function.args
        yield from arguments.defaults
        yield from (default for default in arguments.kw_defaults if default)
        if not self._lazy_annotations and not getattr(function, "type_params", None):
            every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
            yield from (each.annotation for each in every if each and each.annotation)
            yield from (function.returns,) if function.returns else ()

    def bind(self, statement: ast.stmt) -> None:
        """Add all names that a statement may define, whatever branch it takes."""
        self.is_open |= _may_inject(statement)
        waiting: list[ast.AST] = [statement]
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
                names = self._star(node)
                self.is_open |= names is None
                self.known.update(names or ())
            self.known.update(_bound(node))
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                waiting.extend(node.decorator_list)
            elif not isinstance(node, ast.Lambda):
                waiting.extend(ast.iter_child_nodes(node))


def _may_inject(statement: ast.stmt) -> bool:
    """Whether a statement calls something for its effect, and names modules or files to it."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(), args=arguments)):
            return any(
                isinstance(each, ast.Constant) and isinstance(each.value, str) and INJECTS.fullmatch(each.value)
                for each in arguments
            )
    return False


def _first_evaluated(statement: ast.stmt) -> Sequence[ast.expr]:
    """What a statement evaluates before anything that may not be run."""
    match statement:
        case ast.Expr(value=value) | ast.If(test=value) | ast.While(test=value) | ast.Assert(test=value):
            return [value]
        case ast.For(iter=value) | ast.Match(subject=value) | ast.Raise(exc=ast.expr() as value):
            return [value]
        case ast.With(items=[first, *_]):
            return [first.context_expr]
        case ast.Delete(targets=targets):
            return [target for target in targets if not isinstance(target, ast.Name)]
    return []


def _bound(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name
        case ast.alias(name=name, asname=alias):
            yield alias or name.partition(".")[0]


def _loaded(expression: ast.expr) -> Iterator[ast.Name]:
    """The names that are surely looked up when an expression is evaluated, in the order of the text."""
    bound_inside = {name for node in ast.walk(expression) if isinstance(node, ast.NamedExpr) for name in _target(node)}
    waiting: list[ast.AST] = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load) and node.id not in bound_inside:
                yield node
            continue
        waiting.extend(reversed(list(_evaluated(node))))


def _target(node: ast.NamedExpr) -> Iterator[str]:
    if isinstance(node.target, ast.Name):
        yield node.target.id


def _evaluated(node: ast.AST) -> Iterable[ast.AST]:
    """The parts of an expression that are surely evaluated with it."""
    match node:
        case ast.BoolOp(values=[first, *_]) | ast.IfExp(test=first):
            return [first]
        case ast.Compare(left=left, comparators=[first, *_]):
            return [left, first]
        case ast.Lambda(args=arguments):
            return [*arguments.defaults, *filter(None, arguments.kw_defaults)]
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return [node.generators[0].iter]
    return ast.iter_child_nodes(node)


def _has_meta(statement: ast.ClassDef) -> bool:
    """Whether a class has bases other than ``object``; one of them may bring a metaclass."""
    return any(not (isinstance(base, ast.Name) and base.id == "object") for base in statement.bases)


def _exits(statement: ast.stmt) -> bool:
    """Whether a statement is ``sys.exit()`` or the like."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id="exit" | "quit"))):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="exit" | "_exit"))):
            return True
    return False
