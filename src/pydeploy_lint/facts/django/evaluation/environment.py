"""The environment in which Heroku runs the app, as far as the files tell it, and the config vars that are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.django.evaluation.values import ABSENT, Place, Value, known, unknown
from pydeploy_lint.heroku.names import DATABASE_URL

if TYPE_CHECKING:
    from pydeploy_lint.finding import Span

PROVIDED = {"DYNO": "web.1", "PORT": "5000", "HOME": "/app", "PYTHONUNBUFFERED": "1"}
"""What the platform and the buildpack set for every web dyno; the port is another each time."""
NEVER_SET = {"CI", "GITHUB_ACTIONS", "GITHUB_WORKFLOW", "TRAVIS"}
"""What services set that test apps, and a dyno has not."""
ENV_FILE_LINE = re.compile(r"^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=(.*)$", re.MULTILINE)

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
    """Where ``app.json`` declares it; the app as a whole where it is set on Heroku, and None where neither is so."""

    def is_set_by(self, addons: Iterable[str]) -> bool:
        """Whether one of some add-ons probably sets it, by its name."""
        prefixes = (ADDON_PREFIXES.get(addon) or addon.replace("-", "").upper() for addon in addons)
        return self.name.replace("_", "").startswith(tuple(prefixes))


class Environment:
    """What is known of the environment.

    Attributes:
        reads: what was read, by name, in order.
        attributes: the attributes of objects that are not followed, which are known to have the value of a variable.
        loads_files: whether the settings read files such as ``.env``; else only ``heroku local`` does.
    """

    def __init__(
        self,
        declared: Mapping[str, tuple[str | None, Span]],
        files: Mapping[str, str],
        assumed: Mapping[str, str] | None = None,
        *,
        is_complete: bool = False,
    ) -> None:
        """Begin with nothing read.

        Args:
            declared: the variables in ``app.json``, each with its value, if it has one, and its place.
            files: the texts of the files with variables that are pushed with the app, such as ``.env``, by name.
            assumed: the variables that are taken to be set, such as those of an add-on, and their values.
            is_complete: whether no other config var is set; the first build may set ``DATABASE_URL``.
        """
        self.reads: dict[str, ConfigVar] = {}
        self.loads_files = False
        self.attributes: dict[str, str] = {}
        self._declared = declared
        self._is_complete = is_complete
        self._in_files = {
            match[1]: _file_value(match[2]) for text in files.values() for match in ENV_FILE_LINE.finditer(text)
        }
        self._set = {name: known(value, config_vars=frozenset([name])) for name, value in (assumed or {}).items()}

    def look_up(self, name: str) -> Value:
        """The value of a variable; absent, and resting on the config var, where nothing is known to set it."""
        if name in PROVIDED or name in NEVER_SET:
            return known(PROVIDED[name]) if name in PROVIDED else ABSENT
        if name in self._set:
            return self._set[name]
        rests_on = frozenset([name])
        value, _ = self._declared.get(name, (None, None))
        if value is not None:
            return known(value, config_vars=rests_on)
        if self._is_in_file(name) or name in self._declared:
            written = None if name in self._declared else self._in_files[name]
            return unknown(config_vars=(rests_on,)) if written is None else known(written, config_vars=rests_on)
        return ABSENT if self._is_complete and name != DATABASE_URL else ABSENT.depending(rests_on)

    def attribute(self, name: str, place: Place) -> Value:
        """The value of an attribute among `attributes`, which rests on all variables that are set for certain."""
        return known(self.attributes[name], place, frozenset(self._set))

    def set(self, name: str, value: Value, *, is_default: bool) -> None:
        """Set a variable as the settings themselves do.

        Args:
            name: the variable.
            value: its value.
            is_default: whether it is set only where it is not set yet.
        """
        before = self.look_up(name)
        if not is_default or (before.is_absent and not before.config_vars):
            self._set[name] = value
        elif before.is_absent:
            self._set[name] = value.depending(before.config_vars)

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
        is_required = is_required and not self._is_in_file(name) and name not in self._set
        self.reads[name] = ConfigVar(name, place.span, is_required, has_default, declared_at)

    def require(self, name: str) -> None:
        """Make a variable that was read a required one: the settings look at it, and raise where it is not set."""
        if name in self.reads and not self._is_in_file(name) and name not in self._set:
            self.reads[name] = self.reads[name]._replace(is_required=True, has_default=False)

    def _is_in_file(self, name: str) -> bool:
        return self.loads_files and name in self._in_files


def _file_value(written: str) -> str | None:
    """The value that a line of a file such as ``.env`` gives; None where other variables are put into it."""
    text = written.strip()
    quote = text[:1]
    if quote in ("'", '"') and text.find(quote, 1) > 0:
        text = text[1 : text.index(quote, 1)]
    else:
        text = re.split(r"\s#", text, maxsplit=1)[0].strip()
    return None if "$" in text and quote != "'" else text
