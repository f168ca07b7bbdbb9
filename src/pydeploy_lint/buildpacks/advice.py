"""The way out: the commands that give an app other buildpacks, and edits that replace a reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.buildpacks.declaration import Place
from pydeploy_lint.finding import Edit, Fix

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydeploy_lint.buildpacks.declaration import BuildpackList, Entry
    from pydeploy_lint.text import Source

OFFICIAL = "heroku/python"
OFFICIAL_URL = "https://github.com/heroku/heroku-buildpack-python"


def subject(found: BuildpackList, entry: Entry) -> str:
    """Who asks for a buildpack, to begin a sentence with."""
    if found.place is Place.LISTING:
        return f"app {found.app}" if found.app else "the app"
    if found.place is Place.CONFIG_VAR:
        return f"BUILDPACK_URL in {entry.at.path}"
    return entry.at.path


def with_official_python(entries: Iterable[Entry]) -> list[str]:
    """The same buildpacks in the same order, with the Python one replaced by the official one, and only once."""
    return list(dict.fromkeys(OFFICIAL if entry.reference.is_python else entry.reference.shown for entry in entries))


def way_out(found: BuildpackList, wanted: list[str], *, instead: str | None = None) -> str:
    """How to give an app other buildpacks, in the place where they are declared and on Heroku.

    Args:
        found: what is declared now.
        wanted: the buildpacks that the app should have, in order.
        instead: what to write in the place of the reference; None: remove it.
    """
    edit = f"write {instead}" if instead else "remove it"
    if found.place is Place.DOKKU_COMMAND:
        return f"Here, {edit}; then run the command again."
    if found.place is Place.TERRAFORM:
        return f"Here, {edit}; `terraform apply` then changes the app."
    if found.place is Place.ENV_FILE:
        return f"Here, {edit}. Heroku reads no .env files; Dokku does, and builds with this and nothing else."
    if found.place is Place.PROJECT_TOML:
        return f"Here, {edit}. Heroku's classic build does not read project.toml; only Cloud Native builds do."
    introduction = {
        Place.LISTING: "Set the app's buildpacks anew, in the same order, and look at the result:",
        Place.CONFIG_VAR: "Remove the config var, as it overrides the app's list of buildpacks, and set that list:",
        Place.APP_JSON: f"For apps to come, {edit}. Heroku reads app.json only when it creates an app,"
        " so for an app that exists, set the list anew:",
        Place.BUILDPACKS_FILE: f"For the platforms that read .buildpacks, {edit}. Heroku does not read it;"
        " there, an app gets these buildpacks by:",
    }.get(
        found.place,
        f"Here, {edit}. For an app that exists, look at its list with `heroku buildpacks`, and set it anew:",
    )
    lines = [introduction]
    if found.place is Place.CONFIG_VAR:
        lines.append(f"    heroku config:unset BUILDPACK_URL{_app_option(found.app)}")
    return "\n".join(lines + [f"    {command}" for command in commands(wanted, found.app)])


def commands(wanted: Iterable[str], app: str | None = None) -> list[str]:
    """The commands with which an app gets a list of buildpacks, and the one that shows it.

    Source: Heroku's support article on Python, "use the latest stable buildpack" (2024-11-06).
    """
    import shlex

    option = _app_option(app)
    return [
        f"heroku buildpacks:clear{option}",
        *(f"heroku buildpacks:add {shlex.quote(reference)}{option}" for reference in wanted),
        f"heroku buildpacks{option}",
    ]


def _app_option(app: str | None) -> str:
    return f" --app {app}" if app else ""


def replacement(found: BuildpackList) -> str | None:
    """What to write for the official buildpack in a place; None where a word does not do."""
    if found.place in (Place.CONFIG_VAR, Place.ENV_FILE):
        return None
    # The multi buildpack clones what it reads, and knows no registry.
    return OFFICIAL_URL if found.place is Place.BUILDPACKS_FILE else OFFICIAL


def replace(found: BuildpackList, entry: Entry, source: Source | None, text: str | None, *, safe: bool) -> Fix | None:
    """The fix that replaces a reference in a file of data; None where the file needs a human look."""
    if source is None or text is None or not found.place.is_data_file:
        return None
    at = entry.at
    if at.line is None or at.column is None or at.end_line is None or at.end_column is None:
        return None
    if (
        source.text[source.offset(at.line, at.column) : source.offset(at.end_line, at.end_column)]
        != entry.reference.text
    ):
        return None  # Written with escapes.
    description = f"Replace {entry.reference.shown} by {text} in {at.path}"
    if found.place is Place.APP_JSON:
        description += " (which counts for new apps only: for others, use the commands in the help)"
    return Fix(description, (Edit(at, text),), safe=safe)
