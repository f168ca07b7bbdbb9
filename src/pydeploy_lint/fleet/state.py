"""Keeps the results of a run in a directory, so that a later one need not judge again what has not changed.

There is one file for each app. It begins with a digest of the rest, so that one that is damaged or half written is
noticed, and it is replaced as a whole, so that several runs may use a directory at once.
"""

from __future__ import annotations

import contextlib
import datetime
import enum
import io
import os
import pickle
import secrets
from hashlib import sha256
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from pydeploy_lint import __version__
from pydeploy_lint.engine.baseline.file import BaselineFile
from pydeploy_lint.engine.check import BUILT_IN
from pydeploy_lint.engine.registry import GROUP
from pydeploy_lint.entry_points import entry_points
from pydeploy_lint.facts import extra
from pydeploy_lint.files.data.aging_data import current
from pydeploy_lint.files.source import FileProblem, Source
from pydeploy_lint.fleet.content import content_of
from pydeploy_lint.fleet.outcome import Outcome, failures_of
from pydeploy_lint.report.common.concealed import concealed

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydeploy_lint.fleet.target import Target
    from pydeploy_lint.settings.options import Options

FORM = 1
"""Of the files; those of another form are not read."""
OURS = "pydeploy_lint."


class State(NamedTuple):
    """A directory with results. It can be sent to another process."""

    directory: str
    ground: str
    """A digest of everything, apart from the apps, on which results depend."""

    @classmethod
    def open(cls, directory: str, job: tuple[object, ...]) -> State:
        """Make the directory, if it is not there.

        Args:
            directory: where it is.
            job: the `Job`, which says how apps are judged.

        Raises:
            OSError: it cannot be made.
        """
        os.makedirs(directory, exist_ok=True)
        ground = [FORM, __version__, current().version, _plug_ins(), _users_git(), _plain(job)]
        return cls(os.path.abspath(directory), _digest(repr(ground)))

    def outcome(self, target: Target, options: Options, judge: Callable[[], Outcome]) -> Outcome:
        """What came of an app when it was as it is now; where that is not known, it is judged.

        Args:
            target: the app.
            options: what counts for all apps.
            judge: judges it.
        """
        content = content_of(target, options)
        if content is None:
            return judge()
        known = self._recall(target, content)
        if known:
            return known
        outcome = judge()
        if content_of(target, options) == content:  # Nobody has changed it meanwhile.
            self._keep(target, content, outcome)
        return outcome

    def _recall(self, target: Target, content: str) -> Outcome | None:
        try:
            with open(self._path(target), "rb") as file:
                digest, key, data = file.read(32), file.read(32), file.read()
        except OSError:
            return None
        if sha256(key + data).digest() != digest or key != self._key(target, content):
            return None
        try:
            outcome = _Unpickler(io.BytesIO(data)).load()
        except Exception:  # noqa: BLE001 - whatever else is in the file: the app is judged
            return None
        return outcome if isinstance(outcome, Outcome) else None

    def _keep(self, target: Target, content: str, outcome: Outcome) -> None:
        if outcome.report is None or failures_of(outcome.report):
            return  # It is not complete.
        # What may be a credential is kept nowhere.
        key, data = self._key(target, content), pickle.dumps(concealed(outcome), protocol=5)
        path = self._path(target)
        new = f"{path}.{secrets.token_hex(8)}"
        with contextlib.suppress(OSError):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            try:
                with open(new, "xb") as file:
                    file.write(sha256(key + data).digest() + key + data)
                os.replace(new, path)
            except BaseException:
                os.unlink(new)
                raise

    def _key(self, target: Target, content: str) -> bytes:
        return sha256(repr([self.ground, content, target.may_be_none]).encode()).digest()

    def _path(self, target: Target) -> str:
        name = _digest(repr([os.path.abspath(target.path), target.label, target.rev]))
        return os.path.join(self.directory, name[:2], name[2:])


class _Unpickler(pickle.Unpickler):
    """Makes only what results consist of, so that a file from elsewhere cannot have anything run."""

    def find_class(self, module: str, name: str) -> Any:
        """The class of a part of a result.

        Raises:
            pickle.UnpicklingError: it is no such class.
        """
        if (module, name) == ("datetime", "date"):
            return datetime.date
        found = super().find_class(module, name) if module.startswith(OURS) and "." not in name else None
        if isinstance(found, type) and issubclass(found, (tuple, enum.Enum)):
            return found
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a result")


def _plug_ins() -> list[str]:
    """The modules of plug-ins, and what is in them."""
    entries = {entry for group in (GROUP, extra.GROUP) for entry in entry_points(group)}
    specs = {entry.value: find_spec(entry.value) for entry in entries if not entry.value.startswith(BUILT_IN)}
    return sorted(f"{name} {_digest_of((spec and spec.origin) or '')}" for name, spec in specs.items())


def _users_git() -> list[str]:
    """What the user's settings of git are, by which it ignores files and changes line ends."""
    home = os.path.expanduser("~")
    of_user = os.path.join(os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config"), "git")
    paths = [os.path.join(of_user, name) for name in ("config", "ignore", "attributes")]
    return [_digest_of(path) for path in ("/etc/gitconfig", os.path.join(home, ".gitconfig"), *paths)]


def _digest_of(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return sha256(file.read()).hexdigest()
    except OSError:
        return ""


def _plain(value: Any) -> Any:
    """A value of the options as something whose text is always the same."""
    if isinstance(value, BaselineFile):
        value = value.source
    if isinstance(value, Source):
        value = (os.path.abspath(value.path), sha256(value.data).hexdigest())
    if isinstance(value, FileProblem):
        value = str(value)
    if isinstance(value, dict):
        value = sorted(value.items())
    if isinstance(value, (set, frozenset)):
        value = sorted(value)
    return list(map(_plain, value)) if isinstance(value, (tuple, list)) else value


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
