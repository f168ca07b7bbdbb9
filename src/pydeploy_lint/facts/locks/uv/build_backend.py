"""Whether a build backend finds the package of a project, by its rules for projects that do not name their files.

Source: the documentation and code of hatchling 1.33, setuptools 84, uv_build 0.12 and poetry-core 2.4.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydeploy_lint.facts.locks.verdict import Reason
from pydeploy_lint.facts.packages.markers import canonical
from pydeploy_lint.files.formats.tables import array, member, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.files.tree import Tree

PYPROJECT = "pyproject.toml"
NAME = ("project", "name")

SETUPTOOLS_DIRECTORIES = re.compile(
    r"[._].*|ci|bin|debian|docs?|documentation|manpages|news|newsfragments|changelog|tests?|unit_tests?|examples?"
    r"|scripts|tools|utils?|python|build|dist|v?env|requirements|tasks|fabfile|site_scons|benchmarks?|exercises?|htmlcov"
)
"""Directories that setuptools does not take for a package in a project without ``src``."""
SETUPTOOLS_MODULES = re.compile(
    r"[._].*|setup|conftest|tests?|examples?|build|toxfile|noxfile|pavement|dodo|tasks|fabfile|[Ss][Cc]onstruct"
    r"|conanfile|manage|benchmarks?|exercises?"
)
"""Modules that it ignores there."""
SETUPTOOLS_KEYS = ("packages", "py-modules", "package-dir", "ext-modules")


def missing_build_package(pyproject: object, tree: Tree) -> Iterator[Reason]:
    """Why uv cannot build the project that it is to install.

    Args:
        pyproject: the parsed pyproject.toml.
        tree: the app's files.
    """
    name = member(pyproject, *NAME)
    backend = member(pyproject, "build-system", "build-backend")
    if "build-system" not in table(pyproject) or member(pyproject, "tool", "uv", "package") is False:
        return
    if not isinstance(name, str) or member(pyproject, "build-system", "backend-path") is not None:
        return
    if backend == "hatchling.build":
        yield from _hatchling(name, table(pyproject), tree)
    elif backend == "uv_build":
        yield from _uv_build(name, table(pyproject), tree)
    elif backend == "setuptools.build_meta":
        yield from _setuptools(table(pyproject), tree)
    elif backend == "poetry.core.masonry.api":
        from pydeploy_lint.facts.locks.poetry.project import missing_module

        yield from missing_module(table(pyproject, "tool", "poetry"), table(pyproject, "project"), tree)


def _hatchling(name: str, pyproject: dict[str, object], tree: Tree) -> Iterator[Reason]:
    if table(pyproject, "tool", "hatch", "build") or tree.is_file("hatch.toml"):
        return
    modules = {re.sub(r"[^\w.]+", "_", spelling) for spelling in (name, canonical(name))}
    for module in modules:
        if any(tree.is_file(path) for path in (f"{module}/__init__.py", f"src/{module}/__init__.py", f"{module}.py")):
            return
        parents = [parent for parent in tree.names() if tree.is_file(f"{parent}/{module}/__init__.py")]
        if len(parents) == 1:
            return
    module = max(modules)
    message = (
        f"hatchling finds no package for {name}: there is no {module}/__init__.py, here or in src, nor {module}.py"
    )
    yield Reason(message, PYPROJECT, NAME)


def _uv_build(name: str, pyproject: dict[str, object], tree: Tree) -> Iterator[Reason]:
    settings = table(pyproject, "tool", "uv", "build-backend")
    root = settings.get("module-root", "src")
    if settings.keys() & {"module-name", "namespace"} or not isinstance(root, str) or name.endswith("-stubs"):
        return
    module = canonical(name).replace("-", "_")
    base = f"{root.strip('/')}/" if root.strip("./") else ""
    if not tree.is_file(f"{base}{module}/__init__.py"):
        message = f"uv_build finds no package for {name}: there is no {base}{module}/__init__.py"
        yield Reason(message, PYPROJECT, NAME)


def _setuptools(pyproject: dict[str, object], tree: Tree) -> Iterator[Reason]:
    requires = member(pyproject, "build-system", "requires")
    pinned = any(re.search("[<=]=?[0-9]", str(entry)) and ">" not in str(entry) for entry in array(requires))
    configured = table(pyproject, "tool", "setuptools").keys() & set(SETUPTOOLS_KEYS)
    if configured or pinned or tree.is_file("setup.py") or tree.is_file("setup.cfg") or tree.is_directory("src"):
        return
    directories = [name for name in tree.names() if name.isidentifier() and tree.is_directory(name)]
    packages = [name for name in directories if not SETUPTOOLS_DIRECTORIES.fullmatch(name)]
    names = [name.removesuffix(".py") for name in tree.names() if name.endswith(".py")]
    modules = [name for name in names if name.isidentifier() and not SETUPTOOLS_MODULES.fullmatch(name)]
    found, kind = (packages, "directories") if packages else (modules, "modules")
    if len(found) > 1:
        message = f"setuptools cannot tell which of the {kind} {', '.join(found)} is the package"
        yield Reason(message, PYPROJECT, ("build-system", "build-backend"))
