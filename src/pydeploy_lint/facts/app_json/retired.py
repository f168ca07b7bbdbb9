"""Add-on plans and dyno sizes that an `app.json` asks for, and that Heroku no longer has.

``retired.json`` is kept by hand; each entry has the day from which on Heroku refuses it, and where that was announced.
"""

from __future__ import annotations

import datetime
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.files.data import aging_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydeploy_lint.files.formats.documents import Document
    from pydeploy_lint.files.formats.positions import Key

Keys = tuple["Key", ...]
MANIFESTS: tuple[Keys, ...] = ((), ("environments", "test"), ("environments", "review"))
"""The ways to the manifests in an `app.json`: the whole of it, and what is different in Heroku CI and review apps."""
SCRIPTS = ("postdeploy", "pr-predestroy")


class Retired(NamedTuple):
    """A plan or a size that is gone, or an add-on with all its plans."""

    name: str
    date: datetime.date
    replacement: str | None
    """What to ask for instead; None where nothing takes its place."""
    source: str
    """The page that announced it."""

    @property
    def is_whole_addon(self) -> bool:
        """Of an add-on's plan: whether it stands for all of them."""
        return ":" not in self.name


class RetiredUse(NamedTuple):
    """A place that asks for something that is gone."""

    keys: Keys
    """The way to the string in ``app.json``."""
    text: str
    """The whole string."""
    name: str
    """The part of it that is the plan or the size."""
    retired: Retired

    @property
    def is_ephemeral(self) -> bool:
        """Whether it only counts for review apps, or only for Heroku CI, where Heroku chooses the plans of add-ons."""
        return self.keys[0] == "environments"

    @property
    def replaced(self) -> str | None:
        """The whole string with what to ask for instead; None where nothing takes its place."""
        return self.retired.replacement and self.retired.replacement + self.text.strip().removeprefix(self.name)


def retired_plans(document: Document, date: datetime.date) -> Iterator[RetiredUse]:
    """The add-on plans in an `app.json` that are gone on a date."""
    keys = (
        key
        for root in MANIFESTS
        for index in _keys(document, *root, "addons")
        for key in ((*root, "addons", index), (*root, "addons", index, "plan"))
    )
    return _uses(document, keys, _retired("addon_plans"), date)


def retired_sizes(document: Document, date: datetime.date) -> Iterator[RetiredUse]:
    """The dyno sizes in an `app.json` that are gone on a date."""
    parents = (
        parent
        for root in MANIFESTS
        for parent in (
            *((*root, "formation", process) for process in _keys(document, *root, "formation")),
            *((*root, "scripts", script) for script in SCRIPTS),
        )
    )
    return _uses(document, ((*parent, "size") for parent in parents), _retired("dyno_sizes"), date)


def _keys(document: Document, *keys: Key) -> Iterable[Key]:
    value = document.get(*keys)
    return range(len(value)) if isinstance(value, list) else value if isinstance(value, dict) else ()


@cache
def _retired(kind: str) -> tuple[Retired, ...]:
    entries = aging_data.load("retired.json")[kind]
    return tuple(
        Retired(entry["name"], datetime.date.fromisoformat(entry["date"]), entry.get("replacement"), entry["source"])
        for entry in entries
    )


def _uses(
    document: Document, places: Iterable[Keys], all_retired: tuple[Retired, ...], date: datetime.date
) -> Iterator[RetiredUse]:
    for keys in places:
        text = document.get(*keys)
        if not isinstance(text, str) or not text.strip():
            continue
        # Options of the command line may follow a plan, as in "heroku-postgresql:basic --version=15".
        name = text.split()[0]
        for retired in all_retired:
            if f"{name.lower()}:".startswith(f"{retired.name}:") and retired.date <= date:
                yield RetiredUse(keys, text, name, retired)
