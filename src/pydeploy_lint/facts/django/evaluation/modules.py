"""The app's Python modules: found as Python would find them, parsed, and followed statement by statement."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pydeploy_lint.facts.code.python_source import Undecided, parse
from pydeploy_lint.facts.django.evaluation.scope import Budget, PathText, Scope
from pydeploy_lint.facts.django.evaluation.statements import Follower, Stopped
from pydeploy_lint.facts.django.evaluation.values import Namespace, known
from pydeploy_lint.files.source import FileProblem

if TYPE_CHECKING:
    from pydeploy_lint.facts.django.evaluation.environment import Environment
    from pydeploy_lint.files.source import Source
    from pydeploy_lint.files.tree import Tree

HOME = "/app"
"""Where Heroku has the app."""
MAX_MODULES = 50
UNCOMMITTED = re.compile(r"(?:^|[._])(?:local|secrets?|private|settings|config|dev|env|keys|credentials)(?:$|[._])")
"""Names of modules that people keep out of git."""
PUBLISHED = frozenset({"django_settings_export", "pydantic_settings", "split_settings"})
"""Modules of distributions on PyPI whose names look like that."""


class Modules:
    """The modules of an app that were followed, by full name.

    Attributes:
        undecided: why some could not be followed to the end, a sentence each.
    """

    def __init__(
        self,
        tree: Tree,
        source_of: Callable[[str], Source | None],
        environment: Environment,
        roots: Sequence[str],
    ) -> None:
        """Begin with none.

        Args:
            tree: the app.
            source_of: gives the text of a file; None where there is none.
            environment: the config vars.
            roots: the directories that modules are looked for in, relative to the app's root, which is ``""``.
        """
        self.undecided: list[str] = []
        self._tree = tree
        self._source_of = source_of
        self._environment = environment
        self._roots = roots
        self._budget = Budget()
        self._loaded: dict[str, Namespace] = {}
        self._in_progress: set[str] = set()

    def find(self, name: str) -> str | None:
        """The path of a module; None where the app has none of the name."""
        below = name.replace(".", "/")
        for root in self._roots:
            for path in (f"{below}/__init__.py", f"{below}.py"):
                full = f"{root}/{path}" if root else path
                if self._tree.is_file(full):
                    return full
        return None

    def is_package(self, name: str) -> bool:
        """Whether a directory of the app has the name of a module, with or without an ``__init__.py``."""
        below = name.replace(".", "/")
        return any(self._tree.is_directory(f"{root}/{below}" if root else below) for root in self._roots)

    def is_missing(self, name: str, *, is_relative: bool) -> bool:
        """Whether a module that the app does not have must be one of its own, and so is nowhere on Heroku.

        Args:
            name: the module's full name.
            is_relative: whether it is imported relative to one of the app's.
        """
        first = name.partition(".")[0]
        if not is_relative and (first in sys.stdlib_module_names or first in PUBLISHED):
            return False
        return is_relative or self.find(first) is not None or self.is_package(first) or bool(UNCOMMITTED.search(first))

    def is_foreign(self, name: str) -> bool:
        """Whether a module is neither the app's own nor one of the standard library."""
        first = name.partition(".")[0]
        is_own = self.find(first) is not None or self.is_package(first) or bool(UNCOMMITTED.search(first))
        return not is_own and first not in sys.stdlib_module_names

    def load(self, name: str) -> Namespace | None:
        """The names of a module after it was imported; None where the app has no such module."""
        if name in self._loaded:
            if name in self._in_progress:
                self._note(f"{name} imports itself")
                self._loaded[name].is_open = self._loaded[name].is_open or f"{name} imports itself"
            return self._loaded[name]
        path = self.find(name)
        if path is None:
            return None
        if len(self._loaded) >= MAX_MODULES:
            self._note("the settings import too many modules to be followed")
            return Namespace(is_open="too many modules")
        package = name if path.endswith("/__init__.py") else name.rpartition(".")[0]
        self._loaded[name] = Namespace()
        self._in_progress.add(name)
        self._follow(name, path, package)
        self._in_progress.discard(name)
        return self._loaded[name]

    def scope(self, name: str, source: Source) -> Scope:
        """Where the expressions of a module are evaluated after it was imported.

        Args:
            name: the module's full name.
            source: its text.

        Raises:
            Undecided: the module cannot be followed.
        """
        names = self.load(name)
        scope = Scope(source, self._environment, self._budget, self._exists)
        scope.names = names.copy() if names is not None else scope.names
        return scope

    def _follow(self, name: str, path: str, package: str) -> None:
        names = self._loaded[name]
        try:
            source = self._source_of(path)
            assert source is not None
            scope = Scope(source, self._environment, self._budget, self._exists)
            scope.names = names
            names["__file__"] = known(PathText(f"{HOME}/{path}"))
            names["__name__"] = known(name)
            Follower(scope, self, package).follow(parse(source).body)
        except Undecided as reason:
            self._give_up(names, str(reason))
        except FileProblem as problem:
            self._give_up(names, f"{problem.at.path} {problem.message}")
        except RecursionError:
            self._give_up(names, f"{path} is nested too deeply to be followed")
        except Stopped:
            self._give_up(names, f"{path} always raises an exception")
        if names.is_open:
            self._note(f"{path}: {names.is_open}")

    def _give_up(self, names: Namespace, why: str) -> None:
        names.make_unknown(tuple(names))
        names.is_open = why
        self._note(why)

    def _note(self, why: str) -> None:
        if why not in self.undecided:
            self.undecided.append(why)

    def _exists(self, path: str) -> bool | None:
        """Whether there is something at a path; relative ones begin at the app's root, where the build runs."""
        if path and not path.startswith(("/", "~", "..")) and self._roots == ("",):
            return self._tree.exists(path.removeprefix("./") or ".")
        if path != HOME and not path.startswith(f"{HOME}/"):
            return None
        return self._tree.exists(path.removeprefix(HOME).lstrip("/") or ".")
