"""What an app declares about the platform: stack, config vars, add-ons and buildpacks. Needs no rules of Heroku."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.fact import fact
from pydeploy_lint.files.names import APP_JSON
from pydeploy_lint.finding import Span
from pydeploy_lint.heroku.policy import Policy

if TYPE_CHECKING:
    from pydeploy_lint.facts.buildpacks.declaration import BuildpackList
    from pydeploy_lint.facts.buildpacks.route import Route, Setting
    from pydeploy_lint.facts.options import AppOptions
    from pydeploy_lint.files.files import Files


class Declared:
    """What ``app.json``, other files with declarations and the user's options say about the platform.

    Attributes:
        files: the repository as it is pushed; a buildpack may show heroku/python another directory of it.
    """

    def __init__(self, files: Files, options: AppOptions) -> None:
        self.files = files
        self._options = options

    @fact
    def stack(self) -> str | None:
        """The stack that ``app.json`` names; None where it names none, or cannot be read."""
        document = self.files.noted_document(APP_JSON)
        stack = document and document.get("stack")
        return stack if isinstance(stack, str) else None

    @property
    def stack_at(self) -> Span:
        """Where the stack is named; the app as a whole, where an option names it."""
        document = self.files.document(APP_JSON) if not self._options.stack and self.stack else None
        return document.span("stack") if document else Span(".")

    def config_var(self, name: str) -> str | None:
        """The value that ``app.json`` gives a config var; None where it gives none, or the var is not set on Heroku."""
        if self.knows_config_vars and not self.is_set_on_heroku(name):
            return None
        document = self.files.noted_document(APP_JSON)
        value = document and (document.get("env", name, "value") or document.get("env", name))
        return value if isinstance(value, str) else None

    @property
    def knows_config_vars(self) -> bool:
        """Whether it is known which config vars are set on Heroku, and that no other is."""
        return self._options.config_vars is not None

    def is_set_on_heroku(self, name: str) -> bool:
        """Whether a config var is known to be set on Heroku, whatever its value."""
        return name in (self._options.config_vars or ())

    @fact
    def config_vars(self) -> dict[str, tuple[str | None, Span]]:
        """The config vars that are set: each with its value, if ``app.json`` gives one, and its place.

        Where Heroku was not asked, they are those that ``app.json`` requires or sets.
        """
        declared = self._in_app_json
        if self._options.config_vars is None:
            return declared
        return {name: declared.get(name, (None, Span("."))) for name in sorted(self._options.config_vars)}

    @fact
    def _in_app_json(self) -> dict[str, tuple[str | None, Span]]:
        document = self.files.noted_document(APP_JSON)
        env = document.get("env") if document else None
        found: dict[str, tuple[str | None, Span]] = {}
        if document is None or not isinstance(env, dict):
            return found
        for name, declared in env.items():
            value = declared.get("value") if isinstance(declared, dict) else declared
            is_optional = isinstance(declared, dict) and declared.get("required") is False and value is None
            if not is_optional:
                found[name] = (value if isinstance(value, str) else None, document.key_span("env", name))
        return found

    @fact
    def addons(self) -> tuple[str, ...]:
        """The app's add-ons, if Heroku was asked; else those of ``app.json``, without plans, and their other names."""
        if self._options.addons is not None:
            return self._options.addons
        document = self.files.noted_document(APP_JSON)
        addons = document and document.get("addons")
        found = []
        for each in addons if isinstance(addons, list) else ():
            plan = each.get("plan") if isinstance(each, dict) else each
            if isinstance(plan, str):
                found.append(plan.partition(":")[0])
            if isinstance(each, dict) and isinstance(each.get("as"), str):
                found.append(each["as"])
        return tuple(found)

    @fact
    def buildpack_lists(self) -> list[BuildpackList]:
        """What is said about the app's buildpacks, in the printed output of ``heroku buildpacks`` and in its files."""
        from pydeploy_lint.facts.buildpacks.find import find_lists

        return find_lists(self.files, self._options.buildpacks)

    @fact
    def route(self) -> Route:
        """What builds the app, and from which directory."""
        from pydeploy_lint.facts.buildpacks.route import find_route

        return find_route(
            self.files,
            self._options.stack or self.stack,
            self.stack_at,
            self.buildpack_lists,
            self._setting,
        )

    def _setting(self, name: str) -> Setting:
        from pydeploy_lint.facts.buildpacks.route import Setting
        from pydeploy_lint.facts.buildpacks.settings import find_setting

        if self.knows_config_vars and not self.is_set_on_heroku(name):
            return Setting(name, None)
        return find_setting(self.files, name)

    @fact
    def stacks_in_scripts(self) -> list[tuple[str, Span]]:
        """The stacks that scripts give to apps, and where."""
        from pydeploy_lint.facts.buildpacks.settings import find_stacks

        return find_stacks(self.files)

    @fact
    def pinned_release(self) -> str | None:
        """The release of the Python buildpack that the app names; None where it names none."""
        from pydeploy_lint.facts.buildpacks.pin import pinned_release

        return pinned_release(self.buildpack_lists, self._options.as_of)


def policy_for(options: AppOptions, declared: Declared) -> Policy:
    """The rules that an app is judged by: options take precedence over what the app declares.

    Raises:
        UnknownRelease: the options name a release that does not exist.
    """
    policy = Policy(options.as_of, release=options.buildpack, stack=options.stack or declared.stack)
    pinned = None if options.buildpack else declared.pinned_release
    return policy.with_release(pinned) if pinned and policy.knows_release(pinned) else policy
