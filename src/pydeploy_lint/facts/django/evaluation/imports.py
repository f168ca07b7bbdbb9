"""What the ``import`` statements of a settings module bring into it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pydeploy_lint.facts.django.evaluation.scope import Module, Raised, Reference, Scope
from pydeploy_lint.facts.django.evaluation.values import Namespace, State, Value, known

if TYPE_CHECKING:
    from pydeploy_lint.facts.django.evaluation.loader import Loader

WITHOUT_SETTINGS = ("os", "os.path", "pathlib", "typing")
"""Modules of which all names may be imported, and none is a setting."""


class Importer:
    """Follows the imports of one module."""

    def __init__(self, scope: Scope, modules: Loader, package: str) -> None:
        """Begin with no import.

        Args:
            scope: the module's names.
            modules: where other modules come from.
            package: the package in which relative imports begin, with dots; empty for none.
        """
        self._scope = scope
        self._modules = modules
        self._package = package

    def follow_import(self, statement: ast.Import) -> None:
        """Follow ``import a.b as c``."""
        for alias in statement.names:
            module = self._load(alias.name, is_relative=False)
            bound = alias.asname or alias.name.partition(".")[0]
            if module is not None and (alias.asname or "." not in alias.name):
                self._scope.names[bound] = known(Module(module))
            else:
                self._scope.names[bound] = known(Reference(alias.name if alias.asname else bound))

    def follow_import_from(self, statement: ast.ImportFrom) -> None:
        """Follow ``from .a import b as c``."""
        name = self._full_name(statement)
        module = self._load(name, is_relative=bool(statement.level))
        for alias in statement.names:
            if alias.name == "*":
                self._bind_all(module, name)
            else:
                self._scope.names[alias.asname or alias.name] = self._member(module, name, alias.name)

    def imports_package(self, statement: ast.stmt) -> bool:
        """Whether a statement imports what only a package can have, other than Django's."""
        match statement:
            case ast.Import(names=[alias, *_]):
                name = alias.name
            case ast.ImportFrom(module=str(name), level=0):
                pass
            case _:
                return False
        return name.partition(".")[0] != "django" and self._modules.is_foreign(name)

    def _full_name(self, statement: ast.ImportFrom) -> str:
        module = statement.module or ""
        if not statement.level:
            return module
        parts = self._package.split(".")
        kept = parts[: max(len(parts) - statement.level + 1, 0)]
        return ".".join(filter(None, (*kept, module)))

    def _load(self, name: str, *, is_relative: bool) -> Namespace | None:
        """The names of a module of the app; None where it is another's."""
        module = self._modules.load(name)
        if module is not None or self._modules.is_package(name):
            return module
        if self._modules.is_missing(name, is_relative=is_relative):
            if self._scope.catches("ImportError"):
                raise Raised("ImportError")
            self._scope.open(f"{name} is imported, and is not among the files")
        return None

    def _bind_all(self, module: Namespace | None, name: str) -> None:
        if module is None:
            if name not in WITHOUT_SETTINGS:
                self._scope.open(f"all of {name} is imported")
            return
        if module.is_open:
            self._scope.open(module.is_open)
        self._scope.names.update({each: value for each, value in module.items() if not each.startswith("_")})

    def _member(self, module: Namespace | None, name: str, member: str) -> Value:
        if module is not None:
            found = module.look_up(member)
            if found.state is not State.ABSENT:
                return found
        inner = self._modules.load(f"{name}.{member}")
        return known(Module(inner)) if inner is not None else known(Reference(f"{name}.{member}"))
