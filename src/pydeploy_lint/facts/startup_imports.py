"""What the app imports as soon as it is started: followed from its entry points through its own modules.

Only imports that surely happen count: those at the top of a module, not in a function, a condition or a ``try``.
Nothing is imported or run.
"""

from __future__ import annotations

import enum
import posixpath
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.code.modules.import_statements import ImportKind, Wanted, imports_in
from pydeploy_lint.facts.code.modules.own_modules import Found, find_own, is_surely_missing, lacks_name
from pydeploy_lint.facts.code.python_source import Undecided, parse, span_of
from pydeploy_lint.facts.processes.listen import script_path
from pydeploy_lint.facts.processes.loaded import loaded_by
from pydeploy_lint.files.source import FileProblem

if TYPE_CHECKING:
    from pydeploy_lint.facts.django.evaluation.values import Value
    from pydeploy_lint.facts.django.project import Django
    from pydeploy_lint.facts.processes.processes import Processes, ProcessType
    from pydeploy_lint.files.files import Files
    from pydeploy_lint.files.tree import Tree
    from pydeploy_lint.finding import Span

MAX_FILES = 200
MAX_IMPORTS = 20_000
"""In all these files; of an app with more, nothing is known."""
OF_DJANGO_APPS = ("", ".apps", ".models")
"""What Django imports of each of its applications when it starts."""


class Phase(enum.IntEnum):
    """When a module is imported first; the lower, the earlier."""

    BUILD = 1
    """By ``manage.py collectstatic``, and again when the app starts."""
    BOOT = 2
    """When a process starts."""
    REQUEST = 3
    """With the first request: Django's URL configuration, and what is run for each visitor."""
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
    undefined: tuple[Import, ...] = ()
    """Of names that one of the app's own modules does not define, with the name of the module before each."""
    modules: tuple[StartedModule, ...] = ()
    """The app's own."""


class _Entry(NamedTuple):
    path: str
    roots: tuple[str, ...]
    """The directories in which modules are looked for."""


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
    search.follow([*_url_entries(tree, django), *_page_entries(tree, processes)], Phase.REQUEST)
    search.follow(_perhaps_entries(tree, django), Phase.PERHAPS_BUILD)
    return search.result()


class _Search:
    def __init__(self, files: Files) -> None:
        self._files = files
        self._seen: dict[_Entry, Phase] = {}
        self._imports: dict[tuple[str, str], Import] = {}
        self._members: dict[tuple[str, str], Import] = {}
        self._missing: dict[tuple[str, str], Import] = {}
        self._undefined: dict[tuple[str, str], Import] = {}
        self._is_undecided = False
        self._count = 0

    def follow(self, entries: Iterable[_Entry], phase: Phase) -> None:
        waiting = list(entries)
        while waiting and len(self._seen) < MAX_FILES and not self._is_undecided:
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
            _sorted(self._undefined.values()),
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
        for wanted in imports_in(module.body, entry.path, entry.roots):
            self._count += 1
            if self._count > MAX_IMPORTS:
                self._is_undecided = True
                return
            found = find_own(self._files.tree, wanted.name, wanted.roots)
            yield from (_Entry(path, entry.roots) for path in found.files)
            place = self._place(entry, wanted, found)
            if place is not None:
                place.setdefault((entry.path, wanted.name), Import(wanted.name, span_of(source, wanted.node), phase))

    def _place(self, entry: _Entry, wanted: Wanted, found: Found) -> dict[tuple[str, str], Import] | None:
        """Where what an import asks for is noted; None where the app has it, or may have it."""
        if found.is_foreign and not wanted.is_relative:
            return self._imports if wanted.kind is ImportKind.MODULE else self._members
        if wanted.kind is ImportKind.MODULE:
            return self._missing if is_surely_missing(self._files, found) else None
        return self._place_of_member(entry, wanted, found)

    def _place_of_member(self, entry: _Entry, wanted: Wanted, found: Found) -> dict[tuple[str, str], Import] | None:
        name = wanted.name.rpartition(".")[2]
        init = posixpath.join(found.package, "__init__.py")
        module = init if wanted.kind is ImportKind.SIBLING else next(reversed(found.files), "")
        if found.lacks != name or not module or wanted.name.partition(".")[0] in sys.stdlib_module_names:
            return None
        if not lacks_name(self._files, module, name, entry.path):
            return None
        if module != init:
            return self._undefined if module == f"{found.package}.py" else None
        return self._missing if is_surely_missing(self._files, found) else None


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
        yield from _loaded(tree, process, at_request=False)


def _page_entries(tree: Tree, processes: Processes) -> Iterator[_Entry]:
    for process in processes.types.values():
        yield from _loaded(tree, process, at_request=True)


def _scripts(tree: Tree, process: ProcessType) -> Iterator[_Entry]:
    """The files that are run as ``python worker.py``, and as ``python -m worker``."""
    for run in process.all_runs:
        found = script_path(tree, run) if not run.conditional else None
        if found:
            yield _Entry(*found)


def _loaded(tree: Tree, process: ProcessType, *, at_request: bool) -> Iterator[_Entry]:
    """What workers and tools such as ``celery -A shop`` and ``streamlit run app.py`` import."""
    for each in chain.from_iterable(loaded_by(tree, run) for run in process.all_runs):
        if each.at_request == at_request:
            yield from _entries(tree, each.module, each.roots) if each.module else [_Entry(each.path, each.roots)]


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
