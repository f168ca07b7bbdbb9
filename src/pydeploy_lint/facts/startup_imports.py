"""What the app imports as soon as it is started: followed from its entry points through its own modules.

Only imports that surely happen count: those at the top of a module, not in a function, a condition or a ``try``.
Nothing is imported or run.
"""

from __future__ import annotations

import ast
import enum
import posixpath
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.code.own_modules import find_own, is_surely_missing
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


class Phase(enum.IntEnum):
    """When a module is imported first; the lower, the earlier."""

    BUILD = 1
    """By ``manage.py collectstatic``, and again when the app starts."""
    BOOT = 2
    """When a process starts."""
    REQUEST = 3
    """With the first request: Django's URL configuration."""
    PERHAPS_BUILD = 4
    """By ``manage.py``, if no config var names other settings than it does."""


class Import(NamedTuple):
    """An import of a module that is none of the app's own."""

    module: str
    """The full name, such as ``email.message``."""
    at: Span
    phase: Phase = Phase.BOOT

    @property
    def top_level(self) -> str:
        """The first part of the name."""
        return self.module.partition(".")[0]


class StartedModule(NamedTuple):
    """A module of the app that is surely imported."""

    path: str
    roots: tuple[str, ...]
    """The directories in which modules are looked for."""
    phase: Phase


class Startup(NamedTuple):
    """What is imported when the app is built and started."""

    imports: tuple[Import, ...] = ()
    """Of modules that are none of the app's own; each once in each file."""
    members: tuple[Import, ...] = ()
    """What is imported from these, with the name of the module before it: a module in it, a function or a class."""
    missing: tuple[Import, ...] = ()
    """Of modules that one of the app's own packages would have to have, and does not."""
    modules: tuple[StartedModule, ...] = ()
    """The app's own."""


class _Entry(NamedTuple):
    path: str
    roots: tuple[str, ...]
    """The directories in which modules are looked for."""


class _Kind(enum.Enum):
    MODULE = enum.auto()
    MEMBER = enum.auto()
    """A module, or a name in one."""
    RELATIVE = enum.auto()
    """A module beside the importing one."""


class _Wanted(NamedTuple):
    name: str
    node: ast.Import | ast.ImportFrom | ast.alias
    roots: tuple[str, ...]
    kind: _Kind


def startup(files: Files, processes: Processes, django: Django | None) -> Startup:
    """What is surely imported when the processes of the app start, and by Django's commands in the build.

    Args:
        files: the app's files. Where a module changes what can be imported, nothing is known of any.
        processes: what the Procfile starts.
        django: the Django project, if there is one.
    """
    tree = files.tree
    search = _Search(files)
    search.follow(_build_entries(tree, django), Phase.BUILD)
    search.follow([*_process_entries(tree, processes), *_django_entries(tree, django)], Phase.BOOT)
    search.follow(_url_entries(tree, django), Phase.REQUEST)
    search.follow(_perhaps_entries(tree, django), Phase.PERHAPS_BUILD)
    return search.result()


class _Search:
    def __init__(self, files: Files) -> None:
        self._files = files
        self._seen: dict[_Entry, Phase] = {}
        self._imports: dict[tuple[str, str], Import] = {}
        self._members: dict[tuple[str, str], Import] = {}
        self._missing: dict[tuple[str, str], Import] = {}
        self._is_undecided = False

    def follow(self, entries: Iterable[_Entry], phase: Phase) -> None:
        waiting = list(entries)
        while waiting and len(self._seen) < MAX_FILES:
            entry = waiting.pop()
            if entry not in self._seen:
                self._seen[entry] = phase
                waiting += self._read(entry, phase)

    def result(self) -> Startup:
        if self._is_undecided:
            return Startup()
        modules = {entry.path: StartedModule(*entry, phase) for entry, phase in reversed(self._seen.items())}
        return Startup(
            _sorted(self._imports.values()),
            _sorted(self._members.values()),
            _sorted(self._missing.values()),
            tuple(sorted(modules.values(), key=lambda each: each.path)),
        )

    def _read(self, entry: _Entry, phase: Phase) -> Iterator[_Entry]:
        try:
            source = self._files.source(entry.path)
            module = parse(source) if source else None
        except (FileProblem, Undecided):
            return
        if source is None or module is None:
            return
        self._is_undecided |= "sys.modules" in source.text
        for wanted in _imported(module.body, entry):
            found = find_own(self._files.tree, wanted.name, wanted.roots)
            yield from (_Entry(path, entry.roots) for path in found.files)
            key = (entry.path, wanted.name)
            if found.is_foreign and wanted.kind is not _Kind.RELATIVE:
                found_in = self._imports if wanted.kind is _Kind.MODULE else self._members
                found_in.setdefault(key, Import(wanted.name, span_of(source, wanted.node), phase))
            elif wanted.kind is not _Kind.MEMBER and is_surely_missing(self._files, found):
                self._missing.setdefault(key, Import(wanted.name, span_of(source, wanted.node), phase))


def _sorted(imports: Iterable[Import]) -> tuple[Import, ...]:
    return tuple(sorted(imports, key=lambda each: (each.at.path, each.at.line or 0, each.module)))


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


def _build_entries(tree: Tree, django: Django | None) -> Iterator[_Entry]:
    if django is None:
        return
    yield _Entry(django.manage_py, (django.directory, ""))
    if django.build_settings:
        yield from _settings_entries(tree, django.build_settings.module, certain_installed_apps(django), django)


def _django_entries(tree: Tree, django: Django | None) -> Iterator[_Entry]:
    if django is not None and django.settings:
        yield from _settings_entries(tree, django.settings.module, certain_installed_apps(django), django)


def _perhaps_entries(tree: Tree, django: Django | None) -> Iterator[_Entry]:
    if django is not None and django.other_settings:
        apps = _certain(django.other_setting("INSTALLED_APPS"))
        yield from _settings_entries(tree, django.other_settings.module, apps, django)


def _settings_entries(tree: Tree, module: str, apps: Iterable[Value], django: Django) -> Iterator[_Entry]:
    roots = (django.directory, "")
    yield from _entries(tree, module, roots)
    for each in apps:
        for part in OF_DJANGO_APPS:
            yield from _entries(tree, (each.text or "").partition(".apps.")[0] + part, roots)


def _url_entries(tree: Tree, django: Django | None) -> Iterator[_Entry]:
    urls = django.setting("ROOT_URLCONF") if django is not None and django.settings else None
    if django is not None and urls is not None and urls.text and urls.is_certain:
        yield from _entries(tree, urls.text, (django.directory, ""))


def certain_installed_apps(django: Django) -> list[Value]:
    """The texts in ``INSTALLED_APPS``; none where config vars have a say in what is there."""
    return _certain(django.setting("INSTALLED_APPS"))


def _certain(installed: Value) -> list[Value]:
    return [each for each in installed.elements or () if each.text and each.is_certain and installed.is_certain]


def _entries(tree: Tree, module: str, roots: tuple[str, ...]) -> Iterator[_Entry]:
    return (_Entry(path, roots) for path in find_own(tree, module, roots).files)


def _imported(body: Iterable[ast.stmt], entry: _Entry) -> Iterator[_Wanted]:
    """The modules that are surely imported, and those that may be."""
    for node in body:
        match node:
            case ast.Import():
                yield from (_Wanted(alias.name, alias, entry.roots, _Kind.MODULE) for alias in node.names)
            case ast.ImportFrom(module=str(module), level=0):
                yield _Wanted(module, node, entry.roots, _Kind.MODULE)
                for alias in node.names:
                    yield _Wanted(f"{module}.{alias.name}", alias, entry.roots, _Kind.MEMBER)
            case ast.ImportFrom(module=module, level=level):
                directory = resolve_path(posixpath.dirname(entry.path), "/".join([".", *[".."] * (level - 1)]))
                yield from _relative(node, module, directory) if directory is not None else ()
            case ast.ClassDef():
                yield from _imported(node.body, entry)
            case ast.Raise():
                return


def _relative(node: ast.ImportFrom, module: str | None, directory: str) -> Iterator[_Wanted]:
    if module:
        yield _Wanted(module, node, (directory,), _Kind.RELATIVE)
    for alias in node.names:
        yield _Wanted(".".join(filter(None, (module, alias.name))), node, (directory,), _Kind.MEMBER)
