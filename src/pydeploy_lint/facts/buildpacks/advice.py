"""How to fix it: the commands that give an app other buildpacks, and edits that replace or remove a reference."""

from __future__ import annotations

import re
from shlex import quote
from typing import TYPE_CHECKING

from pydeploy_lint.facts.buildpacks.declaration import Place
from pydeploy_lint.files.credentials import masked
from pydeploy_lint.finding import Edit, Fix

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydeploy_lint.facts.buildpacks.declaration import BuildpackEntry, BuildpackList
    from pydeploy_lint.files.source import Source

OFFICIAL = "heroku/python"
OFFICIAL_URL = "https://github.com/heroku/heroku-buildpack-python"
FOR_NEW_APPS = " (which counts for new apps only: for others, use the commands in the help)"
BEFORE_URL = re.compile(r'(?P<comma>,\s*)?\{\s*"url"\s*:\s*"\Z')
AFTER_URL = re.compile(r'"\s*\}(?P<rest>(?:\s*,\s*)?)')
"""What stands around a reference in `app.json` that is an object with nothing else."""


def buildpack_subject(found: BuildpackList, entry: BuildpackEntry) -> str:
    """Who asks for a buildpack, to begin a sentence with."""
    if found.place is Place.LISTING:
        return f"app {found.app}" if found.app else "the app"
    if found.place is Place.CONFIG_VAR:
        return f"BUILDPACK_URL in {entry.at.path}"
    return entry.at.path


def builder(found: BuildpackList) -> str:
    """Who builds the app with a list."""
    if found.place in (Place.DOKKU_COMMAND, Place.ENV_FILE):
        return "Dokku"
    return "Heroku" if found.place.heroku_reads else "what reads it"


def with_official_python(entries: Iterable[BuildpackEntry]) -> list[str]:
    """The same buildpacks in the same order, with the Python one replaced by the official one, and only once."""
    return list(dict.fromkeys(OFFICIAL if entry.reference.is_python else entry.reference.text for entry in entries))


def with_replaced(entries: Iterable[BuildpackEntry], old: BuildpackEntry, new: str | None) -> list[str]:
    """The same buildpacks in the same order, with one replaced, or removed where there is nothing new."""
    references = ((new if entry is old else entry.reference.text) for entry in entries)
    return [reference for reference in references if reference is not None]


def buildpack_help(found: BuildpackList, wanted: list[str], edit: str) -> str:
    """How to give an app other buildpacks, in the place where they are declared and on Heroku.

    Args:
        found: what is declared now.
        wanted: the buildpacks that the app should have, in order.
        edit: what to do in the place, such as "remove it"; empty where nothing is to be done there.
    """
    here = f"{edit[0].upper()}{edit[1:]} here. " if edit else ""
    match found.place:
        case Place.DOKKU_COMMAND:
            return f"{here}Then run the command again."
        case Place.TERRAFORM:
            return f"{here}`terraform apply` then changes the app."
        case Place.PROJECT_TOML:
            return f"{here}Heroku's classic build does not read project.toml; only Cloud Native builds do."
        case Place.ENV_FILE:
            return f"{here}Heroku does not read .env files; Dokku does, and then builds with this buildpack alone."
        case Place.LISTING:
            introduction = "Reset the app's list of buildpacks, in the same order, and check the result:"
        case Place.CONFIG_VAR:
            introduction = "Remove the config var, which overrides the app's list of buildpacks, and reset the list:"
        case Place.APP_JSON | Place.APP_JSON_ENVIRONMENT:
            introduction = (
                f"{here}That is for new apps: Heroku reads app.json only when it creates an app."
                " For an existing app, reset the list:"
            )
        case Place.BUILDPACKS_FILE:
            introduction = f"{here}Heroku does not read .buildpacks; on Heroku, set these buildpacks with:"
        case _:
            introduction = f"{here}For an existing app, check its list with `heroku buildpacks`, and reset it:"
    return "\n".join([introduction, *(f"    {line}" for line in _lines(found, wanted))])


def by_commands(found: BuildpackList, wanted: list[str]) -> Fix | None:
    """The commands that give an existing app other buildpacks; None where what is declared says nothing of one.

    Args:
        found: what is declared now.
        wanted: the buildpacks that the app should have, in order.
    """
    if not (found.place.is_live or found.place.is_for_new_apps or found.place is Place.CONFIG_VAR):
        return None
    return Fix.by_hand("Reset the list of an existing app", *_lines(found, wanted))


def _lines(found: BuildpackList, wanted: list[str]) -> list[str]:
    lines = commands(wanted, found.app)
    if found.place is Place.CONFIG_VAR:
        lines = [f"heroku config:unset BUILDPACK_URL{_app_option(found.app)}", *lines]
    return lines


def commands(wanted: Iterable[str], app: str | None = None) -> list[str]:
    """The commands with which an app gets a list of buildpacks, and the one that shows it.

    Source: Heroku's support article on Python, "use the latest stable buildpack" (2024-11-06).
    """
    option = _app_option(app)
    return [
        f"heroku buildpacks:clear{option}",
        *(f"heroku buildpacks:add {quote(masked(reference))}{option}" for reference in wanted),
        f"heroku buildpacks{option}",
    ]


def _app_option(app: str | None) -> str:
    return f" --app {quote(app)}" if app else ""


def replacement(found: BuildpackList, entry: BuildpackEntry) -> str | None:
    """What to write for the official buildpack in the place of an entry; None where there is nothing better."""
    if found.place is Place.CONFIG_VAR:
        return None
    if found.place not in (Place.BUILDPACKS_FILE, Place.ENV_FILE):
        return OFFICIAL
    # What is named here is cloned, and no registry is asked.
    needless = (
        entry.reference.is_official_python and not entry.reference.is_pinned and entry.reference.scheme == "https"
    )
    return None if needless else OFFICIAL_URL


def write(text: str | None) -> str:
    """The edit that puts another reference in a place; see `buildpack_help`."""
    return f"use {masked(text)}" if text else ""


def replace(
    found: BuildpackList, entry: BuildpackEntry, source: Source | None, text: str | None, *, safe: bool = True
) -> Fix | None:
    """The fix that replaces a reference in a file of data; None where the file needs a human look."""
    if source is None or text is None or not found.place.is_data_file:
        return None
    at = entry.at
    if not _is_as_written(source, entry):
        return None
    description = f"Replace {entry.reference.shown} by {masked(text)} in {at.path}"
    if found.place in (Place.APP_JSON, Place.APP_JSON_ENVIRONMENT):
        description += FOR_NEW_APPS
    return Fix(description, (Edit(at, text),), safe=safe)


def put_first(found: BuildpackList, entry: BuildpackEntry, source: Source | None) -> Fix | None:
    """The fix that puts an entry of the list in `app.json` before all others; None for any other place."""
    if (
        source is None
        or not found.place.is_for_new_apps
        or not all(_is_as_written(source, each) for each in found.entries)
    ):
        return None
    order = [entry, *(each for each in found.entries if each is not entry)]
    edits = tuple(
        Edit(old.at, new.reference.text) for old, new in zip(found.entries, order, strict=True) if old is not new
    )
    return Fix(f"Put {entry.reference.shown} first in {entry.at.path}{FOR_NEW_APPS}", edits, safe=False)


def add_python(found: BuildpackList, source: Source | None) -> Fix | None:
    """The fix that adds the official buildpack to the list in `app.json`, as the last; None for any other place."""
    if source is None or not found.place.is_for_new_apps or not _is_as_written(source, found.entries[-1]):
        return None
    at = found.entries[-1].at
    end = source.offset(at.end_line or 1, at.end_column or 1)
    after = AFTER_URL.match(source.text, end)
    if after is None:
        return None
    place = source.span(after.start("rest"), after.start("rest"))
    description = f"Add {OFFICIAL} to {at.path}{FOR_NEW_APPS}"
    return Fix(description, (Edit(place, f', {{"url": "{OFFICIAL}"}}'),), safe=False)


def _is_as_written(source: Source, entry: BuildpackEntry) -> bool:
    """Whether the place of an entry holds its text, without escapes."""
    at = entry.at
    if at.line is None or at.column is None or at.end_line is None or at.end_column is None:
        return False
    written = source.text[source.offset(at.line, at.column) : source.offset(at.end_line, at.end_column)]
    return written == entry.reference.text


def remove(found: BuildpackList, entry: BuildpackEntry, source: Source | None, *, safe: bool) -> Fix | None:
    """The fix that takes an entry out of the list in `app.json`; None for any other place."""
    at = entry.at
    if source is None or not found.place.is_for_new_apps or at.line is None or at.column is None:
        return None
    text, start = source.text, source.offset(at.line, at.column)
    before = BEFORE_URL.search(text, 0, start)
    after = AFTER_URL.match(text, start + len(entry.reference.text))
    if before is None or after is None or not text.startswith(entry.reference.text, start):
        return None
    # With the comma before it; the first entry with that behind it.
    span = (
        source.span(before.start(), after.start("rest"))
        if before["comma"]
        else source.span(before.start(), after.end())
    )
    shown = masked(entry.reference.shown)
    description = f"Remove {shown} from {at.path}{FOR_NEW_APPS}"
    return Fix(description, (Edit(span, ""),), safe=safe)
