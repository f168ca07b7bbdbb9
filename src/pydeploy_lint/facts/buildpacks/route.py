"""What builds the app, and from which directory: heroku/python, other buildpacks, a Dockerfile or a Cloud Native build.

Sources: Heroku's page "Building Docker Images with heroku.yml" (2024-04-25); ``bin/compile`` of
lstoll/heroku-buildpack-monorepo, timanovsky/subdir-heroku-buildpack and heroku/heroku-buildpack-multi-procfile.
"""

from __future__ import annotations

import enum
import posixpath
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.buildpacks.declaration import Place
from pydeploy_lint.facts.buildpacks.known import MOVERS, MULTI_PROCFILE, PROCFILE_VARIABLE
from pydeploy_lint.files.names import APP_JSON, PROCFILE
from pydeploy_lint.finding import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pydeploy_lint.facts.buildpacks.declaration import BuildpackEntry, BuildpackList
    from pydeploy_lint.files.files import Files

HEROKU_YML = "heroku.yml"
PROJECT_TOML = "project.toml"
CONTAINER_STACK = "container"
CLOUD_NATIVE_STACK = "cnb"
BUILDERS = (("io", "buildpacks", "builder"), ("build", "builder"))
"""Where ``project.toml`` names the builder of a Cloud Native build, in both versions of its schema."""


class BuiltBy(enum.Enum):
    """What builds an app, in the words of the JSON report."""

    PYTHON = "heroku/python"
    CONTAINER = "container"
    """Docker, from the Dockerfiles that ``heroku.yml`` names."""
    CLOUD_NATIVE = "cloud-native"
    """A Cloud Native builder, as on Heroku's Fir generation."""
    OTHER_BUILDPACKS = "other-buildpacks"
    """Classic buildpacks, none of which installs Python."""
    UNDECIDED = "undecided"
    """heroku/python, in a directory that no file names."""


class Setting(NamedTuple):
    """A config var that a buildpack reads."""

    name: str
    value: str | None
    """None where no file says it, or files disagree."""
    at: Span | None = None
    """Where the value is given."""


class Move(NamedTuple):
    """A buildpack that makes a subdirectory the root of the app, and deletes everything else."""

    entry: BuildpackEntry
    setting: Setting
    root: str | None
    """The directory from the root of the repository; None where that is unknown, or not in the repository."""


class Route(NamedTuple):
    """What builds the app, and from where."""

    built_by: BuiltBy
    at: Span
    """Where that is declared; the app as a whole where nothing is."""
    certain: bool = True
    """Whether the files alone decide it."""
    root: str = ""
    """The directory in which heroku/python runs, from the root of the repository; empty for the root itself."""
    procfile: str | None = None
    """The file that is the Procfile once all buildpacks have run; None for the one in `root`."""
    unknown: Setting | None = None
    """The config var without which the directory or the Procfile cannot be told."""
    missing_procfile: Setting | None = None
    """The config var that names a Procfile, where there is no such file."""
    move: Move | None = None
    """The last move before heroku/python runs for the last time."""
    wiped_by: BuildpackEntry | None = None
    """A buildpack after heroku/python that deletes what that has installed."""

    @property
    def is_moved(self) -> bool:
        """Whether the build sees other files in the root than the repository has there."""
        return bool(self.root or self.procfile)


def find_route(
    files: Files,
    stack: str | None,
    stack_at: Span,
    lists: Iterable[BuildpackList],
    setting: Callable[[str], Setting],
) -> Route:
    """Say what builds an app.

    Args:
        files: the app.
        stack: the stack that an option or ``app.json`` names.
        stack_at: where it is named.
        lists: the buildpacks that are declared.
        setting: finds the value of a config var.
    """
    if stack == CONTAINER_STACK:
        return Route(BuiltBy.CONTAINER, stack_at)
    if stack == CLOUD_NATIVE_STACK:
        return Route(BuiltBy.CLOUD_NATIVE, stack_at)
    found = decisive_list(lists)
    is_live = found is not None and found.place.is_live
    if stack is None and not is_live:
        if builder_at := _builder(files):
            return Route(BuiltBy.CLOUD_NATIVE, builder_at)
        if image_at := _docker(files):
            # Heroku reads heroku.yml on the stack container only, and a Procfile on all others only.
            if found is None and not files.tree.is_file(PROCFILE):
                return Route(BuiltBy.CONTAINER, image_at)
            return _by_buildpacks(found, setting, files)._replace(certain=False, at=image_at)
    return _by_buildpacks(found, setting, files)


def decisive_list(lists: Iterable[BuildpackList]) -> BuildpackList | None:
    """The list that an app is built with: the printed one, or else that of ``app.json``; None where none is known."""
    complete = [found for found in lists if found.complete]
    live = [found for found in complete if found.place.is_live]
    variable = [found for found in complete if found.place is Place.CONFIG_VAR and found.entries[0].at.path == APP_JSON]
    declared = [found for found in complete if found.place is Place.APP_JSON]
    # Of several apps one that is built with Python is meant.
    candidates = sorted(live, key=lacks_python)
    return next(iter([*candidates, *variable[:1], *declared]), None)


def lacks_python(found: BuildpackList) -> bool:
    """Whether no buildpack of a list can install Python, as far as each of them is known."""
    return all(entry.reference.installs_no_python for entry in found.entries)


def segments(entries: Iterable[BuildpackEntry]) -> Iterator[list[BuildpackEntry]]:
    """The buildpacks between moves: what one stretch installs, the next move deletes."""
    segment: list[BuildpackEntry] = []
    for entry in entries:
        if _moves(entry):
            yield segment
            segment = []
        segment.append(entry)
    yield segment


def _by_buildpacks(found: BuildpackList | None, setting: Callable[[str], Setting], files: Files) -> Route:
    if found is None:
        return Route(BuiltBy.PYTHON, Span("."))
    if lacks_python(found):
        return Route(BuiltBy.OTHER_BUILDPACKS, found.entries[0].at)
    python = [entry for entry in found.entries if entry.reference.is_python]
    # Without one by name, a buildpack that nobody knows has to be the one for Python.
    python = python or [entry for entry in found.entries if not entry.reference.installs_no_python]
    layout = _Layout(setting)
    route = Route(BuiltBy.PYTHON, python[-1].at)
    has_run = False
    for entry in found.entries:
        layout.run(entry)
        if entry in python:
            has_run = True
            route = route._replace(root=layout.root or "", unknown=layout.unknown_root, move=layout.move, wiped_by=None)
        elif has_run and _moves(entry):
            route = route._replace(wiped_by=entry)
    if route.unknown or (route.root and not files.tree.is_directory(route.root)):
        return route._replace(built_by=BuiltBy.UNDECIDED, root="")
    procfile = layout.procfile if layout.procfile != _join(route.root, PROCFILE) else None
    if procfile and layout.copied and not files.tree.is_file(procfile):
        # The buildpack goes on all the same, and what is in the root stays.
        return route._replace(missing_procfile=layout.copied)
    return route._replace(procfile=procfile, unknown=layout.unknown_procfile)


def _moves(entry: BuildpackEntry) -> bool:
    return entry.reference.name.lower() in MOVERS


class _Layout:
    """The build directory while buildpacks run: which directory is its root, and which file its Procfile."""

    def __init__(self, setting: Callable[[str], Setting]) -> None:
        self._setting = setting
        self.root: str | None = ""
        self.procfile: str | None = PROCFILE
        self.unknown_root: Setting | None = None
        self.unknown_procfile: Setting | None = None
        self.copied: Setting | None = None
        self.move: Move | None = None

    def run(self, entry: BuildpackEntry) -> None:
        """What one buildpack does to the directory."""
        if _moves(entry):
            setting = self._setting(MOVERS[entry.reference.name.lower()])
            self.root = self._inside(setting)
            self.procfile = None if self.root is None else _join(self.root, PROCFILE)
            self.unknown_root, self.unknown_procfile = (setting if self.root is None else None), None
            self.move = Move(entry, setting, self.root)
        elif entry.reference.identity == MULTI_PROCFILE and self.root is not None:
            setting = self.copied = self._setting(PROCFILE_VARIABLE)
            self.procfile = self._inside(setting)
            self.unknown_procfile = setting if self.procfile is None else None

    def _inside(self, setting: Setting) -> str | None:
        """A path that a config var gives, from the root of the repository; None where it leads out of it."""
        if setting.value is None or self.root is None:
            return None
        path = posixpath.normpath(_join(self.root, setting.value.strip().strip("/")) or ".")
        if path.startswith(".."):
            return None
        return "" if path == "." else path


def _join(*parts: str) -> str:
    return "/".join(part for part in parts if part)


def _builder(files: Files) -> Span | None:
    document = files.noted_document(PROJECT_TOML)
    for keys in BUILDERS:
        if document and isinstance(document.get(*keys), str):
            return document.span(*keys)
    return None


def _docker(files: Files) -> Span | None:
    """The key ``docker`` under ``build`` in ``heroku.yml``; None where there is none.

    The two keys are all that is wanted, so the lines are looked at, and YAML is not parsed.
    """
    source = files.readable_source(HEROKU_YML)
    inside = False
    for number in range(1, source.line_count + 1 if source else 1):
        assert source is not None
        line = source.line(number)
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if line[0] not in " \t":
            key, colon, rest = text.partition(":")
            inside = bool(colon) and key.strip("\"' ") == "build"
            text = rest.strip().removeprefix("{").strip()
        if inside and text.partition(":")[0].strip("\"' ") == "docker":
            return source.line_span(number)
    return None
