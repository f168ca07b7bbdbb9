"""What else takes part in a build: hooks and buildpacks that run before it, and what it does for Django."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydeploy_lint.facts.fact import fact
from pydeploy_lint.files.names import APP_JSON, MANAGE_PY, PIPFILE, PROCFILE, PYTHON_VERSION, RUNTIME_TXT

if TYPE_CHECKING:
    from pydeploy_lint.facts.declared import Declared
    from pydeploy_lint.files.files import Files
    from pydeploy_lint.files.tree import Tree
    from pydeploy_lint.heroku.policy import Policy

NLTK_TXT = "nltk.txt"
MAX_DIRECTORIES = 20
MAX_NAMES = 200
COLLECTSTATIC_DISABLED = ".heroku/collectstatic_disabled"
DISABLE_COLLECTSTATIC = "DISABLE_COLLECTSTATIC"


class Build:
    """What the build looks at beside versions and packages."""

    def __init__(self, files: Files, declared: Declared, policy: Policy) -> None:
        self._tree = files.tree
        self._declared = declared
        self._policy = policy

    @fact
    def detected(self) -> bool:
        """Whether the build takes this for a Python app."""
        return any(
            self._tree.is_directory(name) if name.endswith("/") else self._tree.exists(name)
            for name in self._policy.rules.detect
        )

    @property
    def file_names(self) -> tuple[str, ...]:
        """The files that the build, or the platform, looks for in the root."""
        managers = self._policy.rules.package_managers.values()
        return (*managers, PIPFILE, PYTHON_VERSION, RUNTIME_TXT, MANAGE_PY, PROCFILE, APP_JSON, NLTK_TXT)

    @fact
    def virtual_environments(self) -> tuple[str, ...]:
        """The directories that the build takes for a virtual environment."""
        return tuple(name for name in (".venv", "venv") if self._tree.is_file(f"{name}/pyvenv.cfg"))

    @fact
    def manage_py(self) -> str | None:
        """The ``manage.py`` with which the build runs Django's commands."""
        return nearest_manage_py(self._tree)

    @fact
    def skips_collectstatic(self) -> str | None:
        """Why the build will not collect Django's static files; None where nothing is known to keep it from that."""
        if self._tree.is_file(COLLECTSTATIC_DISABLED):
            return f"{COLLECTSTATIC_DISABLED} is there"
        value = self._declared.config_var(DISABLE_COLLECTSTATIC)
        if value is None and self._declared.is_set_on_heroku(DISABLE_COLLECTSTATIC):
            return f"{DISABLE_COLLECTSTATIC} is set on Heroku"
        return f"app.json sets {DISABLE_COLLECTSTATIC}" if value not in (None, "0") else None

    @fact
    def generators(self) -> tuple[str, ...]:
        """The hook and the buildpacks that may create or delete files before the build looks for them."""
        return tuple(self._generators())

    @property
    def unless_generated(self) -> str:
        """The end of a sentence about a missing file, where a hook or a buildpack may create it; else empty."""
        return f", unless {self.generators[0]} creates one" if self.generators else ""

    def _generators(self) -> Iterator[str]:
        from pydeploy_lint.facts.buildpacks.declaration import Place

        if self._tree.is_file("bin/pre_compile"):
            yield "bin/pre_compile"
        for found in self._declared.buildpack_lists:
            if found.place not in (Place.LISTING, Place.APP_JSON):
                continue
            references = [entry.reference for entry in found.entries]
            python = next((number for number, each in enumerate(references) if each.is_python), 0)
            # Heroku's own buildpacks write nothing that the Python build looks for, nor do well-known ones.
            strangers = [reference for reference in references[:python] if not reference.installs_no_python]
            yield from (f"the buildpack {reference.shown}" for reference in strangers)


def nearest_manage_py(tree: Tree) -> str | None:
    """The ``manage.py`` with which the build runs Django's commands: the least deep, then the first by name.

    The build searches three levels; here the third is searched only below the first `MAX_DIRECTORIES` directories of
    up to `MAX_NAMES` entries, so that a look at a large repository costs no more than one at a small one.

    Source: ``bin/steps/collectstatic`` of the classic Python buildpack, v351.
    """
    if tree.is_file(MANAGE_PY):
        return MANAGE_PY
    # Hidden directories and packages of Node.js hold no Django project, and may be large.
    names = [name for name in tree.names()[:MAX_NAMES] if not name.startswith(".") and name != "node_modules"]
    below = next((path for name in names if tree.is_file(path := f"{name}/{MANAGE_PY}")), None)
    return below or next(filter(tree.is_file, _third_level(tree, names)), None)


def _third_level(tree: Tree, names: list[str]) -> Iterator[str]:
    directories = 0
    for name in names:
        inner = tree.names(name)
        directories += bool(inner)
        if directories > MAX_DIRECTORIES:
            return
        if len(inner) <= MAX_NAMES:
            yield from (f"{name}/{each}/{MANAGE_PY}" for each in inner)
