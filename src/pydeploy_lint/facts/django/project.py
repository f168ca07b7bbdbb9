"""A Django project: its settings, as Django would find and evaluate them on Heroku, as far as the files tell.

Every setting is known, unknown or absent, and stands somewhere; see `values`. Nothing is imported or run.
"""

from __future__ import annotations

import posixpath
from functools import cached_property
from typing import TYPE_CHECKING

from pydeploy_lint.facts.django.evaluation.environment import ConfigVar, Environment
from pydeploy_lint.facts.django.evaluation.modules import Modules
from pydeploy_lint.facts.django.evaluation.values import ABSENT, Namespace, Value, unknown
from pydeploy_lint.facts.django.settings import FOR_DEVELOPMENT, VARIABLE, Named, is_replaced, named_in, uses_classes
from pydeploy_lint.files.source import FileProblem
from pydeploy_lint.finding import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydeploy_lint.facts.declared import Declared
    from pydeploy_lint.facts.processes.processes import Processes
    from pydeploy_lint.files.files import Files

ENV_FILES = (".env", "settings.ini")
"""What the libraries for settings read besides the environment."""


class Django:
    """The Django project of an app.

    Attributes:
        manage_py: the ``manage.py`` that the build runs.
    """

    def __init__(
        self,
        files: Files,
        declared: Declared,
        processes: Callable[[], Processes],
        manage_py: str,
        assumed: Mapping[str, str] | None = None,
    ) -> None:
        """Look at nothing yet.

        Args:
            files: the app's files.
            declared: config vars and add-ons.
            processes: gives what the Procfile starts, which may name the settings.
            manage_py: the path of the ``manage.py`` that the build runs.
            assumed: config vars that are taken to be set, and their values.
        """
        self._files = files
        self._declared = declared
        self._processes = processes
        self.manage_py = manage_py
        self.directory = posixpath.dirname(manage_py)
        self._environment = Environment(
            declared.config_vars, _env_files(files, self.directory), assumed, is_complete=declared.knows_config_vars
        )
        roots = tuple(dict.fromkeys((self.directory, "")))
        self._modules = Modules(files.tree, files.source, self._environment, roots)
        self._why_unknown = ""

    def assuming(self, config_vars: Mapping[str, str]) -> Django:
        """The same project, evaluated with some config vars set.

        Args:
            config_vars: their values, such as an add-on gives them.
        """
        return Django(self._files, self._declared, self._processes, self.manage_py, config_vars)

    # --- Which settings

    @cached_property
    def settings(self) -> Named | None:
        """The settings module with which the app is run; None where that is unknown."""
        for named in (self._in_procfile, self._in_app_json, *self._by_default):
            if named is not None:
                return self._usable(named)
        if self._declared.is_set_on_heroku(VARIABLE):
            self._why_unknown = f"the config var {VARIABLE} names the settings, and its value is not read"
            return None
        self._why_unknown = f"the files do not name one settings module ({VARIABLE})"
        return None

    @cached_property
    def build_settings(self) -> Named | None:
        """The settings module with which the build runs collectstatic; None where that is unknown.

        Where ``manage.py`` names another than ``wsgi.py``, a config var probably decides.
        """
        if self._in_app_json:
            return self._usable(self._in_app_json)
        named = self._in_manage_py
        if named is None or self.settings is None or named.module != self.settings.module:
            return None
        return self._usable(named)

    @property
    def _by_default(self) -> list[Named | None]:
        """What names the settings where the config var does not."""
        return [] if self._declared.is_set_on_heroku(VARIABLE) else [*self._in_wsgi, self._in_manage_py]

    @cached_property
    def may_use_others(self) -> bool:
        """Whether the settings are named as those for development and others stand beside them.

        Then the owner has probably set the config var that names those, though ``app.json`` does not say so.
        """
        named, path = self.settings, self.path
        if named is None or path is None or named in (self._in_procfile, self._in_app_json):
            return False
        if self._declared.knows_config_vars:
            return False
        return self._has_others_beside(named, path)

    @cached_property
    def other_settings(self) -> Named | None:
        """The settings that ``manage.py`` names, where they are not surely those that the build uses.

        None where ``app.json`` declares the config var that decides, or their module is missing.
        """
        named = self._in_manage_py
        if named is None or self.build_settings is not None or VARIABLE in self._declared.config_vars:
            return None
        is_same = self.settings is not None and self.settings.module == named.module
        return None if is_same or self._modules.find(named.module) is None else named

    def other_setting(self, name: str) -> Value:
        """The value of a setting in `other_settings`."""
        return self._other_names.look_up(name)

    @cached_property
    def _other_names(self) -> Namespace:
        # An environment of their own: what they read is not what the app reads.
        environment = Environment(self._declared.config_vars, {}, is_complete=self._declared.knows_config_vars)
        modules = Modules(self._files.tree, self._files.source, environment, (self.directory, ""))
        names = modules.load(self.other_settings.module) if self.other_settings else None
        return names or Namespace(is_open="there is no such module")

    @cached_property
    def missing_settings(self) -> list[tuple[Named, bool]]:
        """The settings that are named, where no such module is among the files; and whether the build uses them.

        The build runs ``manage.py``, with what that names if ``app.json`` names nothing; what ``wsgi.py`` or the
        Procfile name counts when the app starts.
        """
        if self._in_app_json:
            named = [(self._in_app_json, True)]
        else:
            of_web = [self._in_procfile] if self._in_procfile else self._in_wsgi
            named = [(each, False) for each in of_web]
            named = [(self._in_manage_py, True), *named] if self._in_manage_py else named
        missing = {each.module: (each, is_of_build) for each, is_of_build in reversed(named)}
        return [found for module, found in reversed(missing.items()) if self._modules.find(module) is None]

    def may_be_replaced(self, named: Named) -> bool:
        """Whether missing settings are for development by their name, and others are there for a config var to name."""
        paths = [posixpath.join(root, f"{named.module.replace('.', '/')}.py") for root in (self.directory, "")]
        return named.by.endswith(".py") and any(self._has_others_beside(named, path) for path in paths)

    def _has_others_beside(self, named: Named, path: str) -> bool:
        folder, _, file = path.rpartition("/")
        others = {each for each in self._files.tree.names(folder) if each.endswith(".py")}
        others -= {file, "__init__.py", "base.py", "common.py", "defaults.py"}
        return bool(others) and FOR_DEVELOPMENT.search(named.module.rpartition(".")[2]) is not None

    def is_surely_own(self, module: str) -> bool:
        """Whether a module must be among the app's own, because the app has a package of its first part's name."""
        first = module.partition(".")[0]
        return "." not in module or self._modules.find(first) is not None or self._modules.is_package(first)

    def _usable(self, named: Named) -> Named | None:
        path = self._modules.find(named.module)
        is_chosen_for_heroku = named in (self._in_procfile, self._in_app_json)
        if path is None:
            self._why_unknown = f"{named.module}, which {named.by} names, is not among the files"
        elif not is_chosen_for_heroku and is_replaced(self._files, named, path):
            self._why_unknown = f"{named.by} names {named.module}, and a config var probably names another module"
        elif uses_classes(self._files, named):
            self._why_unknown = f"{named.module} holds classes, of which a config var chooses one"
        else:
            return named
        return None

    @cached_property
    def _in_manage_py(self) -> Named | None:
        found = named_in(self._files, self.manage_py)
        return found[0] if found and len({named.module for named in found}) == 1 else None

    @cached_property
    def _in_wsgi(self) -> list[Named]:
        if self._in_manage_py is None:
            return []
        # The usual place: beside the settings, or, where these are a package, beside that.
        package = self._in_manage_py.module.split(".")[0]
        folder = "/".join(filter(None, (self.directory, package)))
        found = [named_in(self._files, f"{folder}/{name}.py") or [] for name in ("wsgi", "asgi")]
        return [named for each in found for named in each[:1]][:1]

    @cached_property
    def _in_app_json(self) -> Named | None:
        declared = self._declared.config_vars.get(VARIABLE)
        return Named(declared[0], "app.json", declared[1]) if declared and declared[0] else None

    @cached_property
    def _in_procfile(self) -> Named | None:
        try:
            web = self._processes().web
        except FileProblem:
            return None
        for run in web.runs if web else ():
            module = run.variables.get(VARIABLE)
            if module and "$" not in module and not run.conditional:
                return Named(module, "Procfile", web.at if web else Span("Procfile"))
        return None

    # --- What they say

    @cached_property
    def _names(self) -> Namespace:
        if self.settings is None:
            return Namespace(is_open="the settings module is unknown")
        return self._modules.load(self.settings.module) or Namespace(is_open="there is no such module")

    @cached_property
    def path(self) -> str | None:
        """The file of the settings module."""
        return self._modules.find(self.settings.module) if self.settings else None

    def setting(self, name: str) -> Value:
        """The value of a setting in the settings module; absent where Django's default applies."""
        return self._names.look_up(name)

    @property
    def is_followed(self) -> bool:
        """Whether every statement of the settings was followed, so that nothing else can be in them."""
        return not self._names.is_open

    @property
    def undecided(self) -> list[str]:
        """What could not be told of the settings: one reason each."""
        followed = self._names
        return [*filter(None, [self._why_unknown]), *self._modules.undecided] if followed.is_open else []

    @property
    def config_vars(self) -> list[ConfigVar]:
        """The config vars that the settings read, in the order in which they do."""
        assert self._names is not None
        return list(self._environment.reads.values())

    @property
    def config_vars_to_set(self) -> list[ConfigVar]:
        """Those without which the settings cannot be imported, and which neither ``app.json`` nor Heroku has."""
        required = [each for each in self.config_vars if each.is_required and not each.declared_at]
        return [each for each in required if not each.is_set_by(self._declared.addons)]

    @property
    def database(self) -> Value:
        """The entry ``default`` of ``DATABASES``."""
        return self.setting("DATABASES").item("default")

    @property
    def middleware(self) -> Value:
        """``MIDDLEWARE``, or ``MIDDLEWARE_CLASSES`` in what is from before Django 1.10."""
        found = self.setting("MIDDLEWARE")
        return found if found is not ABSENT else self.setting("MIDDLEWARE_CLASSES")

    def storage(self, alias: str, old_setting: str) -> Value:
        """The storage class of an alias, from ``STORAGES`` or the setting that Django 5.1 dropped.

        Args:
            alias: ``default`` or ``staticfiles``.
            old_setting: the setting before ``STORAGES``.
        """
        storages = self.setting("STORAGES")
        if storages.data is None and not storages.is_known and storages is not ABSENT:
            return unknown(storages.place, (storages.rests_on,))
        entry = storages.item(alias)
        return self.setting(old_setting) if entry is ABSENT else entry.item("BACKEND")

    def find_module(self, name: str) -> str | None:
        """The path of a module of the app."""
        return self._modules.find(name)


def _env_files(files: Files, directory: str) -> dict[str, str]:
    """The texts of the files with variables that are pushed with the app."""
    found = {}
    for folder in dict.fromkeys(("", directory)):
        for name in ENV_FILES:
            path = f"{folder}/{name}" if folder else name
            try:
                source = files.source(path)
            except FileProblem:
                continue
            if source:
                found[path] = source.text
    return found
