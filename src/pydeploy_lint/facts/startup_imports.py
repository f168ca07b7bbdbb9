"""What the app imports as soon as it is started: followed from its entry points through its own modules.

Only imports that surely happen count: those at the top of a module, not in a function, a condition or a ``try``.
Nothing is imported or run.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.code.python_source import Undecided, parse, span_of
from pydeploy_lint.facts.processes.command import resolve_path
from pydeploy_lint.files.source import FileProblem

if TYPE_CHECKING:
    from pydeploy_lint.facts.django.evaluation.values import Value
    from pydeploy_lint.facts.django.project import Django
    from pydeploy_lint.facts.processes.processes import Processes, ProcessType
    from pydeploy_lint.files.files import Files
    from pydeploy_lint.files.tree import Tree
    from pydeploy_lint.finding import Span

MAX_FILES = 200
OF_DJANGO_APPS = ("", ".apps", ".models")
"""What Django imports of each of its applications when it starts."""


class Import(NamedTuple):
    """An import of a module that is none of the app's own."""

    module: str
    """The full name, such as ``email.message``."""
    at: Span

    @property
    def top_level(self) -> str:
        """The first part of the name."""
        return self.module.partition(".")[0]


class _Entry(NamedTuple):
    path: str
    roots: tuple[str, ...]
    """The directories in which modules are looked for."""


class _Wanted(NamedTuple):
    name: str
    node: ast.Import | ast.ImportFrom | ast.alias
    roots: tuple[str, ...]
    is_module: bool
    """False where it may also be a name in a module, or is relative."""


def startup_imports(files: Files, processes: Processes, django: Django | None) -> list[Import]:
    """The imports that happen when the processes of the app start; each once in each file.

    Args:
        files: the app's files. Where a module changes what can be imported, nothing is known of any.
        processes: what the Procfile starts.
        django: the Django project, if there is one.
    """
    found: dict[tuple[str, str], Import] = {}
    waiting = [*_process_entries(files.tree, processes), *_django_entries(files.tree, django)]
    seen: set[_Entry] = set()
    while waiting and len(seen) < MAX_FILES:
        entry = waiting.pop()
        if entry in seen:
            continue
        seen.add(entry)
        try:
            source = files.source(entry.path)
            module = parse(source) if source else None
        except (FileProblem, Undecided):
            continue
        if source is None or module is None:
            continue
        if "sys.modules" in source.text:
            return []
        for wanted in _imported(module.body, entry):
            paths = _files_of(files.tree, wanted.name, wanted.roots)
            waiting += (_Entry(path, entry.roots) for path in paths or ())
            if paths is None and wanted.is_module:
                at = span_of(source, wanted.node)
                found.setdefault((entry.path, wanted.name), Import(wanted.name, at))
    return sorted(found.values(), key=lambda each: (each.at.path, each.at.line or 0, each.module))


def _process_entries(tree: Tree, processes: Processes) -> Iterator[_Entry]:
    for process in processes.types.values():
        try:
            target = process.target
        except FileProblem:
            continue
        if target:
            yield from _entries(tree, target.module, target.paths)
        yield from _scripts(tree, process)


def _scripts(tree: Tree, process: ProcessType) -> Iterator[_Entry]:
    """The files that are run as ``python worker.py``."""
    for run in process.runs:
        script = run.arguments[0].text if run.arguments else ""
        path = resolve_path(run.directory, script) if script.endswith(".py") else None
        if path and not run.conditional and run.program.text.startswith("python") and tree.is_file(path):
            yield _Entry(path, (posixpath.dirname(path), ""))


def _django_entries(tree: Tree, django: Django | None) -> Iterator[_Entry]:
    if django is None or django.settings is None:
        return
    roots = (django.directory, "")
    yield from _entries(tree, django.settings.module, roots)
    urls = django.setting("ROOT_URLCONF")
    if urls.text and urls.is_certain:
        yield from _entries(tree, urls.text, roots)
    for each in certain_installed_apps(django):
        for module in OF_DJANGO_APPS:
            yield from _entries(tree, (each.text or "").partition(".apps.")[0] + module, roots)


def certain_installed_apps(django: Django) -> list[Value]:
    """The texts in ``INSTALLED_APPS``; none where config vars have a say in what is there."""
    installed = django.setting("INSTALLED_APPS")
    return [each for each in installed.elements or () if each.text and each.is_certain and installed.is_certain]


def _entries(tree: Tree, module: str, roots: tuple[str, ...]) -> Iterator[_Entry]:
    return (_Entry(path, roots) for path in _files_of(tree, module, roots) or ())


def _imported(body: Iterable[ast.stmt], entry: _Entry) -> Iterator[_Wanted]:
    """The modules that are surely imported, and those that may be."""
    for node in body:
        match node:
            case ast.Import():
                yield from (_Wanted(alias.name, alias, entry.roots, True) for alias in node.names)
            case ast.ImportFrom(module=str(module), level=0):
                yield _Wanted(module, node, entry.roots, True)
                yield from (_Wanted(f"{module}.{alias.name}", node, entry.roots, False) for alias in node.names)
            case ast.ImportFrom(module=module, level=level):
                directory = resolve_path(posixpath.dirname(entry.path), "/".join([".", *[".."] * (level - 1)]))
                for alias in node.names if directory is not None else ():
                    name = ".".join(filter(None, (module, alias.name)))
                    yield _Wanted(name, node, (directory or "",), False)
            case ast.ClassDef():
                yield from _imported(node.body, entry)
            case ast.Raise():
                return


def _files_of(tree: Tree, module: str, roots: Iterable[str]) -> list[str] | None:
    """The files that are run to import a module; None where the app has nothing of its name."""
    for root in roots:
        path, files = root, []
        for number, part in enumerate(module.split(".")):
            path = posixpath.join(path, part)
            if tree.is_file(f"{path}/__init__.py"):
                files.append(f"{path}/__init__.py")
            elif tree.is_file(f"{path}.py"):
                files.append(f"{path}.py")
            elif not tree.is_directory(path):
                if number == 0:
                    break
                return files
        else:
            return files
    return None
