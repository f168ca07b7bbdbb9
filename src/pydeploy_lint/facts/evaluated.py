"""The app's modules evaluated as settings are, with config vars set as an add-on sets them; nothing of the app is run.

Classes of pydantic-settings are read by their fields.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from pydeploy_lint.facts.code.python_source import parse
from pydeploy_lint.facts.django.evaluation.environment import Environment
from pydeploy_lint.facts.django.evaluation.expressions import evaluate
from pydeploy_lint.facts.django.evaluation.modules import Modules
from pydeploy_lint.facts.django.evaluation.scope import Raised

if TYPE_CHECKING:
    from pydeploy_lint.facts.django.evaluation.scope import Scope
    from pydeploy_lint.facts.django.evaluation.values import Value
    from pydeploy_lint.files.source import Source
    from pydeploy_lint.files.tree import Tree

MODULES = {
    "__init__.py", "app.py", "base.py", "cache.py", "celery.py", "celery_app.py", "config.py", "connection.py",
    "core.py", "database.py", "db.py", "deps.py", "engine.py", "extensions.py", "main.py", "models.py", "queue.py",
    "redis.py", "redis_client.py", "session.py", "settings.py", "tasks.py", "worker.py",
}  # fmt: skip
"""Where below the root connections are mostly set up."""
MAX_DEPTH = 3
MAX_FILES = 300
NOT_FOLLOWED = {"docs", "migrations", "node_modules", "static", "templates", "tests"}
VALIDATORS = {"field_validator", "model_validator", "root_validator", "validator"}


class EvaluatedModules:
    """The modules of an app that may use config vars.

    Attributes:
        sources: those that mention them, or one of the names that are looked for.
    """

    def __init__(self, tree: Tree, assumed: Mapping[str, str], names: Collection[str]) -> None:
        """Read the modules.

        Args:
            tree: the app.
            assumed: the config vars and their values.
            names: what the modules that are looked for have in them.

        Raises:
            Undecided: one of them is no syntax of Python.
        """
        self._assumed = assumed
        wanted = {*assumed, *names, "BaseSettings"}
        self.sources = [source for source in _sources(tree) if any(each in source.text for each in wanted)]
        environment = Environment({}, {}, assumed)
        for source in self.sources:
            if "BaseSettings" in source.text:
                environment.attributes.update(_fields(parse(source), assumed))
        self._modules = Modules(tree, tree.source, environment, ("", "src"))
        self._scopes: dict[str, tuple[Scope, dict[str, list[ast.expr]]]] = {}

    @property
    def uses_variables(self) -> bool:
        """Whether one of the modules reads one of the config vars, and none changes it."""
        texts = [source.text for source in self.sources]
        reads = any(name in text.upper() for name in self._assumed for text in texts)
        return reads and not any(self._sets_variable(text.replace("'", '"')) for text in texts)

    def _sets_variable(self, text: str) -> bool:
        return "environ.update" in text or any(f'environ["{name}"] =' in text for name in self._assumed)

    def value(self, node: ast.expr, source: Source) -> Value | None:
        """The value of an expression; None where it rests on anything else than the config vars, or on none of them.

        Args:
            node: an expression anywhere in a module.
            source: the module.

        Raises:
            Undecided: the module cannot be followed.
        """
        if source.path not in self._scopes:
            path = source.path.removesuffix(".py").removesuffix("/__init__").removeprefix("src/")
            self._scopes[source.path] = (self._modules.scope(path.replace("/", "."), source), _assigned(parse(source)))
        scope, assigned = self._scopes[source.path]
        try:
            found = evaluate(node, scope)
            alone = assigned.get(node.id, []) if isinstance(node, ast.Name) else []
            if found.text is None and len(alone) == 1:
                found = evaluate(alone[0], scope)  # a name of a function
        except Raised:
            return None
        return found if found.rests_on and found.rests_on <= set(self._assumed) else None


def _assigned(module: ast.Module) -> dict[str, list[ast.expr]]:
    """What is assigned to each name, anywhere in a module."""
    assigned: dict[str, list[ast.expr]] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            assigned.setdefault(node.targets[0].id, []).append(node.value)
    return assigned


def _sources(tree: Tree) -> Iterator[Source]:
    paths = [name for name in tree.names() if name.endswith(".py")]
    folders = [""]
    for _ in range(MAX_DEPTH):
        folders = [folder for parent in folders for folder in _folders(tree, parent)][:MAX_FILES]
        paths += [f"{folder}/{name}" for folder in folders for name in tree.names(folder) if name in MODULES]
    for path in paths[:MAX_FILES]:
        source = tree.source(path)
        if source:
            yield source


def _folders(tree: Tree, parent: str) -> Iterator[str]:
    for name in tree.names(parent) if parent else tree.names():
        path = f"{parent}/{name}" if parent else name
        if not name.startswith((".", "_")) and name not in NOT_FOLLOWED and tree.is_directory(path):
            yield path


def _fields(module: ast.Module, variables: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The attributes by which classes of pydantic-settings give variables as they are, and the values of these."""
    for node in ast.walk(module):
        if not isinstance(node, ast.ClassDef) or "BaseSettings" not in map(last_name, node.bases):
            continue
        if any(isinstance(each, ast.FunctionDef) and _validates(each) for each in node.body):
            continue
        if any("env_prefix" in ast.unparse(each) for each in node.body):
            continue
        for each in node.body:
            match each:
                case ast.AnnAssign(target=ast.Name(id=name)):
                    yield from (
                        (name, variables[read]) for read in (name.upper(), _alias(each.value)) if read in variables
                    )


def _validates(function: ast.FunctionDef) -> bool:
    decorators = (each.func if isinstance(each, ast.Call) else each for each in function.decorator_list)
    return function.name in ("__init__", "model_post_init") or not VALIDATORS.isdisjoint(map(last_name, decorators))


def _alias(value: ast.expr | None) -> str:
    """The variable that a field reads where it has another name; empty where nothing says so."""
    for word in value.keywords if isinstance(value, ast.Call) else []:
        if word.arg in ("alias", "env", "validation_alias") and isinstance(word.value, ast.Constant):
            return str(word.value.value).upper()
    return ""


def last_name(node: ast.expr) -> str:
    """The last part of a dotted name; empty for anything else."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
