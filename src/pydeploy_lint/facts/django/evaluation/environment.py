"""The environment in which Heroku runs the app, as far as the files tell it, and the config vars that are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.django.evaluation.values import ABSENT, Place, State, Value, known

if TYPE_CHECKING:
    from pydeploy_lint.finding import Span

PROVIDED = {"DYNO": "web.1", "PORT": "5000", "HOME": "/app", "PYTHONUNBUFFERED": "1"}
"""What the platform and the buildpack set for every web dyno; the port is another each time."""
NEVER_SET = {"CI", "GITHUB_ACTIONS", "GITHUB_WORKFLOW", "TRAVIS"}
"""What services set that test apps, and a dyno has not."""
ENV_FILE_LINE = re.compile(r"^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=", re.MULTILINE)

ADDON_PREFIXES = {"heroku-postgresql": "DATABASE", "heroku-redis": "REDIS"}
"""What the config vars of an add-on begin with, where that is not its name."""


class ConfigVar(NamedTuple):
    """A config var that the settings read."""

    name: str
    at: Span | None
    """Where it is read first, or where it is read so that it is required."""
    is_required: bool
    """Whether the settings cannot be imported without it, whatever the other config vars are."""
    has_default: bool
    declared_at: Span | None
    """Where ``app.json`` declares it; None where it does not."""

    def is_set_by(self, addons: Iterable[str]) -> bool:
        """Whether one of some add-ons probably sets it, by its name."""
        prefixes = (ADDON_PREFIXES.get(addon) or addon.replace("-", "").upper() for addon in addons)
        return self.name.replace("_", "").startswith(tuple(prefixes))


class Environment:
    """What is known of the environment.

    Attributes:
        reads: what was read, by name, in order.
        loads_files: whether the settings read files such as ``.env``; else only ``heroku local`` does.
    """

    def __init__(self, declared: Mapping[str, tuple[str | None, Span]], files: Mapping[str, str]) -> None:
        """Begin with nothing read.

        Args:
            declared: the variables in ``app.json``, each with its value, if it has one, and its place.
            files: the texts of the files with variables that are pushed with the app, such as ``.env``, by name.
        """
        self.reads: dict[str, ConfigVar] = {}
        self.loads_files = False
        self._declared = declared
        self._in_files = {name for text in files.values() for name in ENV_FILE_LINE.findall(text)}

    def look_up(self, name: str) -> Value:
        """The value of a variable; absent, and resting on the config var, where nothing is known to set it."""
        if name in PROVIDED:
            return known(PROVIDED[name])
        if name in NEVER_SET:
            return ABSENT
        rests_on = frozenset([name])
        value, _ = self._declared.get(name, (None, None))
        if value is not None:
            return known(value, config_vars=rests_on)
        if self._is_in_file(name) or name in self._declared:
            return Value(State.UNKNOWN, config_vars=rests_on)
        return ABSENT.depending(rests_on)

    def note(self, name: str, place: Place, *, is_required: bool, has_default: bool) -> None:
        """Remember that a variable is read.

        Args:
            name: the variable.
            place: where.
            is_required: whether importing the settings fails without it, for sure.
            has_default: whether something else is taken where it is not set.
        """
        before = self.reads.get(name)
        if name in PROVIDED or name in NEVER_SET or (before and (before.is_required or not is_required)):
            return
        _, declared_at = self._declared.get(name, (None, None))
        is_required = is_required and not self._is_in_file(name)
        self.reads[name] = ConfigVar(name, place.span, is_required, has_default, declared_at)

    def require(self, name: str) -> None:
        """Make a variable that was read a required one: the settings look at it, and raise where it is not set."""
        if name in self.reads and not self._is_in_file(name):
            self.reads[name] = self.reads[name]._replace(is_required=True, has_default=False)

    def _is_in_file(self, name: str) -> bool:
        return self.loads_files and name in self._in_files
