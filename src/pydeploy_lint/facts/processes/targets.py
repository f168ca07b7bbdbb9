"""Where the module is that a server is to import, as Python's import system would look for it on Heroku."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.processes.command import resolve_path
from pydeploy_lint.facts.processes.gunicorn_conf import NOTHING, GunicornConf

if TYPE_CHECKING:
    from pydeploy_lint.facts.processes.servers import Service
    from pydeploy_lint.files.source import Source
    from pydeploy_lint.files.tree import Tree
    from pydeploy_lint.finding import Span

_TARGET = re.compile(r"([\w.\-/]+)(?::(.+))?", re.DOTALL)
_ATTRIBUTE = re.compile(r"([A-Za-z_]\w*)\s*(?:[.(].*)?", re.DOTALL)
_DEFAULT_ATTRIBUTES = {"gunicorn": "application", "hypercorn": "app"}
_EXTENSION_MODULE = re.compile(r"\.(?:.*\.)?(?:so|pyc)")
_OBJECT = re.compile(
    r"^(\w+)\s*(?::[^=\n]+)?=\s*(?:\w+\.)*"
    r"(?:Flask|FastAPI|Starlette|Litestar|Quart|Bottle|Sanic|App|API|Dash|create_app|get_[aw]sgi_application)\(",
    re.MULTILINE,
)
MOST_DIRECTORIES = 100
"""How many directories are looked into for what is not where it should be."""


class Target(NamedTuple):
    """What a server is told to serve."""

    module: str
    attribute: str | None
    """None where the server does not need one, or it cannot be told."""
    at: Span
    paths: tuple[str, ...]
    """The directories in which the module is looked for, relative to the root."""
    expression: str | None = None
    """What is to be taken from the module, as it is written or as the server takes it by default."""


class ModuleState(enum.Enum):
    """How the search for a module ends."""

    FOUND = "found"
    MISSING = "missing"
    NO_PACKAGE = "no package"
    """A part of the name is there, and holds no further modules."""
    UNKNOWN = "unknown"


class Resolution(NamedTuple):
    """Where a module was found, or how far the search for it came."""

    state: ModuleState
    path: str
    """The file or directory that was found last; empty for none."""
    part: str
    """The part of the module's name that is missing, or that is no package."""
    similar: str | None = None
    """A path that differs by case only."""
    elsewhere: str | None = None
    """A directory further down from which the module could be imported."""
    in_package: bool = False
    """Whether the first part is a module or package of the app, so that no other place can have the rest."""


def read_target(service: Service, span: Callable[[int, int], Span], conf: GunicornConf = NOTHING) -> Target | None:
    """What a server serves; None where that cannot be told.

    Args:
        service: the server.
        span: makes a place of two offsets.
        conf: gunicorn's configuration.
    """
    word, constant = service.target, conf.constants.get("wsgi_app")
    if word:
        text, at = word.text, span(word.start, word.end)
    elif constant and service.server.serves_module:
        text, at = constant.values[0], constant.at
    else:
        return None
    match = _TARGET.fullmatch(text)
    paths = _paths(service, conf)
    if not match or paths is None:
        return None
    module, written = match.groups()
    attribute = written and _ATTRIBUTE.fullmatch(written)
    name = attribute[1] if attribute else None if written else _DEFAULT_ATTRIBUTES.get(service.server.name)
    if service.server.name == "hypercorn" and "/" in module:
        return None  # It takes a path as well.
    return Target(module, name, at, paths, written or name)


def _paths(service: Service, conf: GunicornConf) -> tuple[str, ...] | None:
    """The directories in which modules are looked for; the buildpack sets ``PYTHONPATH`` to the root."""
    if conf.unknown & {"chdir", "pythonpath"}:
        return None
    directory = service.run.directory
    named = [word.text for word in service.values(service.server.directory)[-1:]]
    if not named and "chdir" in conf.constants:
        named = [*conf.constants["chdir"].values]
    extra = [part for word in service.values(("--pythonpath",)) for part in word.text.split(",")]
    if not extra and "pythonpath" in conf.constants:
        extra = conf.constants["pythonpath"].values[0].split(",")
    variable = service.run.variables.get("PYTHONPATH", "").split(":")
    extra += [part for part in variable if part and part not in ("$PYTHONPATH", "${PYTHONPATH}")]
    found = [resolve_path(directory, path) for path in (*named, ".", *extra)]
    if None in found:
        return None
    return tuple(dict.fromkeys([*(path for path in found if path is not None), ""]))


def find_module(tree: Tree, target: Target) -> Resolution:
    """Look for the module of a target."""
    if "/" in target.module:
        return Resolution(ModuleState.NO_PACKAGE, "", target.module)
    parts = target.module.split(".")
    if not all(parts):
        return Resolution(ModuleState.UNKNOWN, "", target.module)
    namespaces = []
    for path in target.paths:
        found = _step(tree, path, parts[0])
        if found and found.endswith("/"):
            namespaces.append(found[:-1])
        elif found:
            return _descend(tree, found, parts[1:])._replace(in_package=True)
    missing = Resolution(ModuleState.MISSING, "", parts[0])
    for namespace in namespaces:
        missing = _descend(tree, namespace, parts[1:])
        if missing.state is not ModuleState.MISSING:
            return missing
    if not namespaces:
        similar = (_similar(tree, path, parts[0]) for path in target.paths)
        missing = missing._replace(similar=next(filter(None, similar), None))
    return missing._replace(elsewhere=directory_of(tree, "/".join(parts)))


def _step(tree: Tree, directory: str, part: str) -> str | None:
    """What is imported for one part of a name: a file, or a directory that is a package; with ``/`` a namespace."""
    base = f"{directory}/{part}" if directory else part
    if tree.is_file(f"{base}/__init__.py"):
        return base
    if tree.is_file(f"{base}.py"):
        return f"{base}.py"
    compiled = [name for name in tree.names(directory) if name.startswith(f"{part}.")]
    if any(_EXTENSION_MODULE.fullmatch(name[len(part) :]) for name in compiled):
        return f"{base}.so"
    return f"{base}/" if tree.is_directory(base) else None


def _descend(tree: Tree, found: str, parts: list[str]) -> Resolution:
    for part in parts:
        if found.endswith(".so"):
            return Resolution(ModuleState.UNKNOWN, found, part)
        if found.endswith(".py"):
            return Resolution(ModuleState.NO_PACKAGE, found, part)
        inner = _step(tree, found, part)
        if inner is None:
            init = tree.source(f"{found}/__init__.py")
            if init and ("__path__" in init.text or "sys.modules" in init.text):
                return Resolution(ModuleState.UNKNOWN, found, part)
            return Resolution(ModuleState.MISSING, found, part, _similar(tree, found, part))
        found = inner.rstrip("/")
    return Resolution(ModuleState.FOUND, found, "")


def _similar(tree: Tree, directory: str, part: str) -> str | None:
    """What would be the module if case made no difference."""
    wanted = (part.lower(), f"{part.lower()}.py")
    names = (name for name in tree.names(directory) if name.lower() in wanted and name not in (part, f"{part}.py"))
    paths = (f"{directory}/{name}" if directory else name for name in names)
    return next((path for path in paths if path.endswith(".py") or tree.is_directory(path)), None)


def directory_of(tree: Tree, name: str) -> str | None:
    """The first directory, one or two levels down, that has a module or a file of a name.

    Args:
        tree: the app.
        name: of a module, or of a file.
    """
    level = [""]
    looked = 0
    for _ in range(2):
        below = []
        for directory in level:
            for inner in tree.names(directory):
                path = f"{directory}/{inner}" if directory else inner
                if inner.startswith(".") or inner in ("node_modules", "venv", "env") or not tree.is_directory(path):
                    continue
                looked += 1
                if looked > MOST_DIRECTORIES:
                    return None
                if any(tree.is_file(f"{path}/{name}{ending}") for ending in ("", ".py", "/__init__.py")):
                    return path
                below.append(path)
        level = below
    return None


def served_object(source: Source) -> str:
    """The name of the object that a module seems to offer to a server.

    Args:
        source: the module.
    """
    found = _OBJECT.search(source.text)
    return found[1] if found else "app"


def lacks_attribute(tree: Tree, path: str, name: str, source_of: Callable[[str], Source | None]) -> bool:
    """Whether a module surely has no attribute of a name.

    Args:
        tree: the app.
        path: the module's file, or the directory of its package.
        name: the attribute.
        source_of: gives the text of a file.

    Raises:
        FileProblem: the file cannot be read.
    """
    is_package = not path.endswith(".py")
    if path.endswith(".so") or (is_package and _step(tree, path, name)):
        return False  # A module inside of a package is its attribute as soon as anything imports it.
    source = source_of(f"{path}/__init__.py" if is_package else path)
    if source is None:
        return is_package
    plain = rf"^(?:(?:async\s+)?def\s+|class\s+){name}\b|^{name}\s*(?::[^=\n]+)?=(?!=)|^(?:from|import)\b.*\b{name}\b"
    if source.undecodable is not None or re.search(plain, source.text, re.MULTILINE):
        return False
    from pydeploy_lint.facts.code.modules.module_names import read_names

    names = read_names(source)
    return names is not None and names.complete and name not in names.bound
