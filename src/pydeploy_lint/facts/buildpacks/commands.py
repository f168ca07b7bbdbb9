"""What commands of Heroku's and Dokku's command lines do to the buildpacks of apps."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.buildpacks.declaration import BuildpackEntry, BuildpackList, Place
from pydeploy_lint.facts.buildpacks.reference import parse
from pydeploy_lint.files.numbers import whole_number
from pydeploy_lint.files.shell import Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydeploy_lint.files.shell import Command
    from pydeploy_lint.files.source import Source

PROGRAMS = {"heroku": Place.HEROKU_COMMAND, "dokku": Place.DOKKU_COMMAND}
WRAPPERS = frozenset({"sudo", "env", "command", "exec", "time", "npx", "nohup", "ssh"})
"""Programs that run the one named in their arguments."""
OPTIONS = {
    "-a": "app", "--app": "app", "-r": "remote", "--remote": "remote", "-i": "index", "--index": "index",
    "-b": "buildpack", "--buildpack": "buildpack", "-s": "stack", "--stack": "stack", "-t": "team", "--team": "team",
    "--region": "region", "--space": "space", "--addons": "addons", "--confirm": "confirm", "--manifest": "manifest",
}  # fmt: skip
"""The options that take a value, by each of their names."""
VARIABLE = "BUILDPACK_URL="


class Call(NamedTuple):
    """A command of a platform's command line."""

    place: Place
    verb: str
    """Such as ``buildpacks:add``."""
    arguments: list[Word]
    options: list[tuple[str, Word]]

    def option(self, name: str) -> str | None:
        """The value of an option, the last one given."""
        return next((word.value for option, word in reversed(self.options) if option == name), None)

    @property
    def position(self) -> int | None:
        """The position that the command names, from 0."""
        index = self.option("index") or ""
        return whole_number(index) - 1 if index.isdecimal() and index.isascii() and index != "0" else None


def read_lists(source: Source, start: int, commands: Iterable[Command]) -> list[BuildpackList]:
    """The buildpacks that the commands of one script leave behind, for each app that they name.

    Args:
        source: the file that holds the script.
        start: the offset in the file at which the script begins.
        commands: the commands.
    """
    lists: dict[tuple[object, ...], BuildpackList] = {}
    for number, call in enumerate(filter(None, map(_call, commands))):
        app, words = _app(call)
        key: tuple[object, ...] = (call.place, app, call.option("remote"))
        found = lists.get(key, BuildpackList(call.place, (), app, complete=False))
        entries = [_entry(source, start, word) for word in words if word.value]
        match call.verb:
            case "buildpacks:clear":
                lists[key] = found._replace(entries=(), complete=True)
            case "buildpacks:set":
                lists[key] = _replace(found, call.position or 0, entries, overwritten=1)
            case "buildpacks:add":
                index = len(found.entries) if call.position is None else call.position
                lists[key] = _replace(found, index, entries, overwritten=0)
            case "buildpacks:remove":
                removed = {entry.reference.identity for entry in entries}
                kept = [
                    entry
                    for index, entry in enumerate(found.entries)
                    if index != call.position and entry.reference.identity not in removed
                ]
                lists[key] = found._replace(entries=tuple(kept))
            case "create" | "apps:create":
                created = [
                    _entry(source, start, word) for option, word in call.options if option == "buildpack" and word.value
                ]
                # A new app is no other one, even where its name cannot be told.
                lists[key if app else (number,)] = BuildpackList(call.place, tuple(created), app)
            case "config:set" | "config:add":
                variables = [word for word in call.arguments if word.value and word.value.startswith(VARIABLE)]
                place = Place.CONFIG_VAR if call.place is Place.HEROKU_COMMAND else call.place
                settings = tuple(_entry(source, start, word, prefix=VARIABLE) for word in variables)
                variable_key = (*key, VARIABLE)
                lists[variable_key] = BuildpackList(place, settings, app)
    return list(lists.values())


def _replace(found: BuildpackList, index: int, entries: list[BuildpackEntry], *, overwritten: int) -> BuildpackList:
    before, after = found.entries[:index], found.entries[index + overwritten :]
    return found._replace(entries=(*before, *entries, *after))


def _call(command: Command) -> Call | None:
    """The call of a platform's program; None for any other command, and where a word may hide options."""
    words = list(command.words)
    if words and words[0].value in WRAPPERS:
        words = words[next((i for i, word in enumerate(words) if _program(word)), len(words)) :]
    place = _program(words[0]) if words else None
    if place is None or len(words) < 2:
        return None
    if words[1].value == "buildpacks" and len(words) > 2 and words[2].value in ("add", "clear", "remove", "set"):
        words[1:3] = [Word(f"buildpacks:{words[2].value}", words[1].start, words[2].end)]
    arguments, options = _sorted(words[2:])
    return Call(place, words[1].value or "", arguments, options)


def _program(word: Word) -> Place | None:
    value = word.value or ""
    # `ssh dokku@host buildpacks:add …` speaks to Dokku without naming it.
    return Place.DOKKU_COMMAND if value.startswith("dokku@") else PROGRAMS.get(value.rpartition("/")[2])


def _sorted(words: list[Word]) -> tuple[list[Word], list[tuple[str, Word]]]:
    """Arguments, and options with their values."""
    arguments, options = [], []
    rest: Iterator[Word] = iter(words)
    for word in rest:
        name, equals, value = (word.value or "").partition("=")
        if name in OPTIONS:
            given = Word(value, word.start + len(name) + 1, word.end) if equals else next(rest, Word(None, 0, 0))
            options.append((OPTIONS[name], given))
        elif name[:2] in OPTIONS and not name.startswith("--"):
            options.append((OPTIONS[name[:2]], Word((word.value or "")[2:], word.start + 2, word.end)))
        elif not name.startswith("-"):
            arguments.append(word)
    return arguments, options


def _app(call: Call) -> tuple[str | None, list[Word]]:
    """The app, and the arguments behind it; Dokku takes the app as the first argument, as does ``heroku create``."""
    named = call.option("app")
    if named is None and (call.place is Place.DOKKU_COMMAND or call.verb in ("create", "apps:create")):
        return (call.arguments[0].value if call.arguments else None), call.arguments[1:]
    return named, call.arguments


def _entry(source: Source, start: int, word: Word, prefix: str = "") -> BuildpackEntry:
    """The buildpack that a word names, at its text where that is in the word, else at the word."""
    value = (word.value or "").removeprefix(prefix)
    at = source.text.find(value, start + word.start, start + word.end)
    span = source.span(at, at + len(value)) if at >= 0 else source.span(start + word.start, start + word.end)
    return BuildpackEntry(parse(value), span)
