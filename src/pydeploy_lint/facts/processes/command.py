"""What a command line of a Procfile runs: its programs behind assignments, `cd`, wrappers and `sh -c`.

A small reader of its own, because nearly all apps have a Procfile, and a shell grammar takes longer to load than such
an app takes to lint. What it does not know, such as loops and here-documents, leaves the command undecided.
"""

from __future__ import annotations

import posixpath
import re
from itertools import pairwise
from typing import NamedTuple

MAX_LENGTH = 32_768
"""Characters; nobody writes a longer command."""
MAX_DEPTH = 5
"""How deeply ``sh -c`` may be nested."""
_HOME = re.compile(r"^(?:/app|~|\$HOME|\$\{HOME\})(?=/|$)")
"""The app's root directory, in the ways in which commands name it."""
_HERE = re.compile(r"^(?:\$PWD|\$\{PWD\}|\$\(pwd\))(?=/|$)")

_TOKEN = re.compile(
    r"""(?P<blank>\s+)
      | (?P<redirect>\d*(?:>>|>&|<&|>\||>|<)[ \t]*&?[^\s;&|<>()]* | &>>?[ \t]*[^\s;&|<>()]*)
      | (?P<operator>&&|\|\||[;&|()])
      | (?P<comment>\#.*)
      | (?P<word>(?:
            [^\s'"\\$;&|()<>`] | \\. | '[^']*' | "(?:[^"\\`]|\\.)*"
          | \$\([^()'"`]*\) | \$\{[^{}]*\} | \$(?![({])
        )+)
    """,
    re.VERBOSE,
)
_PART = re.compile(r"""\\(?P<escaped>.)|'(?P<single>[^']*)'|"(?P<double>(?:[^"\\]|\\.)*)"|(?P<plain>[^\\'"]+)""")
_ESCAPED_IN_STRING = re.compile(r'\\(["$`\\])')
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=")
_PYTHON = re.compile(r"python[0-9.]*")
_START_SCRIPT = re.compile(r"(?:start-|qg|proxychains).*")
"""Scripts of third-party buildpacks that start something beside the command they are given, such as nginx."""
_KEYWORDS = frozenset(
    {"if", "for", "while", "until", "case", "{", "[[", "function", "eval", "trap", "source", ".", "!"}
)


class Word(NamedTuple):
    """A word of a command, without its quotes; what the shell would replace stands as it is written."""

    text: str
    start: int
    """Offset of the first character, quotes included, in the text that was read."""
    end: int

    @property
    def known(self) -> bool:
        """Whether the shell would replace nothing in it."""
        return not set(self.text) & set("$`")


class Run(NamedTuple):
    """A program that a command starts."""

    program: Word
    """A name, a path, or, after ``python -m``, a module."""
    arguments: tuple[Word, ...]
    variables: dict[str, str]
    """What is set for it on the command line."""
    directory: str | None
    """Where it runs, relative to the app's root, which is ``""``; None where that cannot be told."""
    wrappers: tuple[Word, ...]
    """The programs that start it, first the outermost."""
    as_module: bool
    """Whether Python is told to run a module of that name."""
    in_background: bool

    @property
    def name(self) -> str:
        """The program without its directory."""
        return posixpath.basename(self.program.text)


class Undecided(Exception):
    """A command that cannot be taken apart; the text says why."""


def read_command(command: str, start: int = 0) -> tuple[Run, ...]:
    """The programs that a command runs, in the order of its text; `cd`, `export` and the like are not among them.

    Args:
        command: the text.
        start: its offset, to which the offsets of the words are relative.

    Raises:
        Undecided: the command uses more of the shell than is known here.
    """
    if len(command) > MAX_LENGTH:
        raise Undecided(f"it is longer than {MAX_LENGTH:,} characters")
    return tuple(_Reader({}, "").runs(command, start, 0))


def resolve_path(directory: str | None, path: str) -> str | None:
    """A path as seen from a directory of the app, relative to the root; None where it leads out of the app.

    Args:
        directory: where it is seen from; None where that cannot be told.
        path: as a command has it, perhaps with ``$HOME`` or ``$PWD``.
    """
    below_home, from_home = _HOME.subn("", path, count=1)
    below_here, from_here = _HERE.subn("", path, count=1)
    base, rest = ("", below_home) if from_home else (directory, below_here)
    if base is None or "$" in rest or "`" in rest or (rest.startswith("/") and not (from_home or from_here)):
        return None
    joined = posixpath.normpath(posixpath.join(base, rest.lstrip("/")))
    if joined.startswith(".."):
        return None
    return "" if joined == "." else joined


class _Reader:
    """Holds what one command hands on to the next: the directory, and the variables that are set."""

    def __init__(self, variables: dict[str, str], directory: str | None) -> None:
        self.variables = variables
        self.directory = directory

    def runs(self, text: str, start: int, depth: int) -> list[Run]:
        runs: list[Run] = []
        for words, operator in _simple_commands(text, start):
            runs += self._simple_command(words, in_background=operator == "&", depth=depth)
        return runs

    def _simple_command(self, words: list[Word], *, in_background: bool, depth: int) -> list[Run]:
        variables = dict(self.variables)
        words = _take_assignments(words, variables)
        if not words:
            self.variables = variables
            return []
        name = words[0].text
        if name in _KEYWORDS:
            raise Undecided(f"{name!r} is more of the shell than is read here")
        if name == "cd":
            self.directory = resolve_path(self.directory, words[1].text) if len(words) == 2 else None
            return []
        if name == "export":
            _take_assignments(words[1:], self.variables)
            return []
        program, arguments, wrappers, as_module = _unwrap(words, variables)
        script = _shell_script(program, arguments)
        if script:
            if depth == MAX_DEPTH:
                raise Undecided("shells are nested too deeply")
            # Behind a quote each character stands where the file has it, unless there are escapes among them.
            inner = _Reader(variables, self.directory).runs(script.text, script.start + 1, depth + 1)
            plain = script.end - script.start == len(script.text) + 2
            runs = inner if plain else [_moved(run, script) for run in inner]
            return [
                run._replace(wrappers=(*wrappers, *run.wrappers), in_background=in_background or run.in_background)
                for run in runs
            ]
        return [Run(program, tuple(arguments), variables, self.directory, tuple(wrappers), as_module, in_background)]


def _simple_commands(text: str, start: int) -> list[tuple[list[Word], str]]:
    """The words of each simple command, with the operator after it."""
    commands: list[tuple[list[Word], str]] = []
    words: list[Word] = []
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None or token[0] in ("(", ")"):
            raise Undecided(f"{text[position]!r} is more of the shell than is read here")
        if token.lastgroup == "word":
            words.append(Word(_unquote(token[0]), start + position, start + token.end()))
        elif token.lastgroup == "operator":
            commands.append((words, token[0]))
            words = []
        position = token.end()
    commands.append((words, ""))
    return [(words, operator) for words, operator in commands if words]


def _unquote(written: str) -> str:
    if not set(written) & set("\\'\""):
        return written
    return "".join(
        _ESCAPED_IN_STRING.sub(r"\1", part["double"])
        if part["double"] is not None
        else part["escaped"] or part["single"] or part["plain"] or ""
        for part in _PART.finditer(written)
    )


def _take_assignments(words: list[Word], variables: dict[str, str]) -> list[Word]:
    """Move the leading assignments into the variables; what is left."""
    for index, word in enumerate(words):
        assignment = _ASSIGNMENT.match(word.text)
        if not assignment:
            return words[index:]
        variables[assignment[1]] = word.text[assignment.end() :]
    return []


_OF_THE_SYSTEM = ("exec", "command", "nohup", "time", "env")
_PREFIXES = frozenset(
    {
        *((name,) for name in _OF_THE_SYSTEM),
        ("ddtrace-run",),
        ("opentelemetry-instrument",),
        ("newrelic-admin", "run-program"),
        ("honcho", "run"),
        ("dotenv", "run"),
        ("pipenv", "run"),
        ("poetry", "run"),
        ("uv", "run"),
    }
)
"""The words with which a wrapper is called."""


def _unwrap(words: list[Word], variables: dict[str, str]) -> tuple[Word, list[Word], list[Word], bool]:
    """The program behind all wrappers, its arguments, the wrappers, and whether it is a module."""
    wrappers: list[Word] = []
    while True:
        inner = _behind_wrapper(words)
        if not inner:
            break
        if words[0].text not in _OF_THE_SYSTEM:
            wrappers.append(words[0])
        words = _take_assignments(inner, variables)
        if not words:
            raise Undecided("a wrapper is given nothing to run")
    program, arguments = words[0], words[1:]
    if _PYTHON.fullmatch(posixpath.basename(program.text)):
        while arguments and re.fullmatch(r"-[uOBsEIqv]+", arguments[0].text):
            arguments = arguments[1:]
        if len(arguments) >= 2 and arguments[0].text == "-m":
            return arguments[1], arguments[2:], wrappers, True
    return program, arguments, wrappers, False


def _behind_wrapper(words: list[Word]) -> list[Word]:
    """What a wrapper runs; empty where the first word is none, or its options are not known."""
    texts = [word.text for word in words[:3]]
    for length in (1, 2):
        if tuple(texts[:length]) in _PREFIXES and len(words) > length:
            inner = words[length:]
            return [] if inner[0].text.startswith("-") else inner
    is_start_script = "/" in texts[0] and _START_SCRIPT.fullmatch(posixpath.basename(texts[0]))
    return words[1:] if is_start_script and len(words) > 1 and not texts[1].startswith("-") else []


def _shell_script(program: Word, arguments: list[Word]) -> Word | None:
    """The text that a shell is given to run with ``-c``."""
    if posixpath.basename(program.text) in ("sh", "bash", "dash"):
        for option, script in pairwise(arguments):
            if re.fullmatch(r"-[elux]*c", option.text):
                return script
            if not option.text.startswith("-"):
                break
    return None


def _moved(run: Run, to: Word) -> Run:
    """The run with all its words at the place of one."""

    def move(word: Word) -> Word:
        return word._replace(start=to.start, end=to.end)

    return run._replace(
        program=move(run.program),
        arguments=tuple(map(move, run.arguments)),
        wrappers=tuple(map(move, run.wrappers)),
    )
