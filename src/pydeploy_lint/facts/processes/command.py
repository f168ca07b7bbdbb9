"""What a command runs: its programs behind assignments, `cd`, wrappers and `sh -c`, and those in the app's scripts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.processes.run import Run, Undecided, Word, resolve_path
from pydeploy_lint.facts.processes.wrappers import Unwrapped, unwrap
from pydeploy_lint.files.shell import Command, Kind, Piece, Places, Scope, Script, When, is_shell, read_shell
from pydeploy_lint.files.shell import Word as Written

if TYPE_CHECKING:
    from pydeploy_lint.files.source import Source

__all__ = [
    "MAX_DEPTH",
    "MAX_LENGTH",
    "Followed",
    "Gap",
    "Run",
    "Undecided",
    "Word",
    "follow",
    "read_command",
    "resolve_path",
]

MAX_LENGTH = 32_768
"""Characters; nobody writes a longer command."""
MAX_SCRIPT = 200_000
"""Characters; a longer script is not followed."""
MAX_DEPTH = 5
"""How deeply ``sh -c``, scripts and functions may call each other."""
MAX_RUNS = 2_000
"""Programs; what runs more is generated."""
MAX_SCRIPTS = 50
"""How often a script is read for one command."""
SHELLS = ("sh", "bash", "dash")
UNKNOWN = "$(…)"
"""The value of a variable that is perhaps set, or to which something is added."""
MANAGERS = ("honcho", "foreman", "forego")
"""Programs that start what a Procfile says."""

Load = Callable[[str], "Source | None"]
"""The file at a path, relative to the app's root; None where there is none that can be read."""

Place = Callable[[int, int], tuple[int, int]]
"""From the start and end of a stretch of code to those in the file."""

_SILENT = frozenset(
    {
        "[", "[[", ":", "alias", "bind", "break", "continue", "dirs", "exit", "false", "getopts", "hash", "let",
        "popd", "read", "return", "set", "shift", "shopt", "test", "trap", "true", "type", "ulimit", "umask", "unset",
        "wait", "which",
    }
)  # fmt: skip
"""What a shell does itself and starts no program with, or is only asked about one."""
_SCRIPT_DIRECTORY = (
    r"^(?:\$\(\s*dirname\s+(?:--\s+)?[\"']?\$(?:0|\{0\}|BASH_SOURCE|\{BASH_SOURCE(?:\[0\])?\})[\"']?\s*\)"
    r"|\$\{(?:0|BASH_SOURCE(?:\[0\])?)%/\*\})(?=/|$)"
)
"""The directory of the script itself, as scripts name it to change to it."""


class Gap(NamedTuple):
    """Something that a command runs and that could not be told."""

    reason: str
    script: str | None
    """The path of the file that it is in; None for the command itself."""
    offset: int


class Followed(NamedTuple):
    """What a command runs, with what the scripts of the app run that it starts."""

    runs: tuple[Run, ...]
    """In the order in which they are started; a script stands before what it runs."""
    gaps: tuple[Gap, ...]


def read_command(command: str, start: int = 0, place: Place | None = None) -> tuple[Run, ...]:
    """The programs that a command runs, in the order of its text; `cd`, `export` and the like are not among them.

    Args:
        command: the text.
        start: its offset, to which the offsets of the words are relative.
        place: see `follow`.

    Raises:
        Undecided: the command cannot be read, or runs what is only known when it runs.
    """
    followed = follow(command, start, place=place)
    if followed.gaps:
        raise Undecided(followed.gaps[0].reason)
    return followed.runs


def follow(
    command: str,
    start: int = 0,
    load: Load | None = None,
    place: Place | None = None,
) -> Followed:
    """The programs that a command runs, and those in the scripts that it starts.

    Args:
        command: the text.
        start: its offset, to which the offsets of the words are relative.
        load: gives the files of the app; without it no script is followed.
        place: gives the start and end in the file of a stretch of the command; without it all are moved by `start`.
    """
    follower = _Follower(load)
    if len(command) > MAX_LENGTH:
        follower.gap(f"it is longer than {MAX_LENGTH:,} characters", None, start)
    else:
        context = _Context(None, place or _shifted(start), ())
        try:
            follower.script(read_shell(command), _Environment("", {}), context)
        except _Enough:
            follower.gap(f"it runs more than {MAX_RUNS:,} programs", None, start)
    return Followed(tuple(follower.runs), tuple(follower.gaps))


class _Enough(Exception):
    """There are more programs than anybody writes."""


class _Environment:
    """What one command hands on to the next."""

    def __init__(self, directory: str | None, variables: dict[str, str]) -> None:
        self.directory = directory
        self.changed_to: tuple[Word, str | None] | None = None
        """What ``cd`` was given last, if what follows depends on its success, and the file in which that stands."""
        self.variables = variables
        self.has_ended = False
        """Whether `exec` has replaced the shell, so that nothing more is run."""
        self.may_have_ended = False

    def copy(self) -> _Environment:
        """One for a subshell."""
        copy = _Environment(self.directory, dict(self.variables))
        copy.has_ended, copy.may_have_ended = self.has_ended, self.may_have_ended
        copy.changed_to = self.changed_to
        return copy


class _Context(NamedTuple):
    """Where code stands, and by whom it is run."""

    path: str | None
    """The file; None for the command itself."""
    place: Place
    """From offsets in the code to those in the file."""
    callers: tuple[str, ...]
    """The shells, scripts and functions around it; of a script, its path."""
    wrappers: tuple[Word, ...] = ()
    in_background: bool = False
    conditional: bool = False
    is_tolerated: bool = False
    arguments: tuple[Word, ...] | None = None
    """What it is called with, where nothing changes that."""

    def word(self, written: Written) -> Word:
        """A word with its place in the file."""
        pieces = tuple(Piece(each.text, *self.place(each.start, each.end)) for each in written.pieces)
        return Word(written.text, *self.place(written.start, written.end), pieces, written.value is not None)


class _Code(NamedTuple):
    """A script that is being followed."""

    context: _Context
    top: Scope | None
    """The function that is called; None for the script itself."""
    environment: _Environment
    tolerated: set[int]
    """The offsets of the commands whose failure is provided for."""
    environments: dict[int, _Environment]
    """Those of its subshells."""
    functions: dict[str, list[Command]]


class _Follower:
    """Goes through commands in the order of their text, and collects the programs."""

    def __init__(self, load: Load | None) -> None:
        self.load = load
        self.runs: list[Run] = []
        self.gaps: list[Gap] = []
        self.loaded = 0

    def gap(self, reason: str, path: str | None, offset: int) -> None:
        self.gaps.append(Gap(reason, path, offset))

    def script(self, script: Script, environment: _Environment, context: _Context) -> None:
        """Go through a script."""
        code = _Code(context, None, environment, _tolerated(script.commands), {}, {})
        for command in script.commands:
            if command.scope.within(Kind.SUBSTITUTION):
                continue
            if function := _outermost_function(command.scope):
                code.functions.setdefault(function.name, []).append(command)
            else:
                self._command(command, code)
        if script.undecided:
            reason, offset = script.undecided
            self.gap(reason, context.path, context.place(offset, offset + 1)[0])

    def _command(self, command: Command, code: _Code) -> None:
        environment = _environment(command.scope, code)
        if environment.has_ended:
            return
        if command.piped or command.in_background:
            environment = environment.copy()
        is_conditional = command.when is When.MAYBE or environment.may_have_ended
        context = code.context._replace(
            in_background=code.context.in_background or command.in_background,
            conditional=code.context.conditional or is_conditional,
            is_tolerated=code.context.is_tolerated or command.start in code.tolerated,
        )
        if not command.words:
            _assign(command, environment.variables, certain=not is_conditional)
            return
        words = _with_arguments([context.word(word) for word in command.words], context)
        name = words[0].text if words else ""
        if name in ("cd", "pushd"):
            directory = _changed(environment.directory, words[1:], context.path)
            environment.directory = directory if not is_conditional or directory == environment.directory else None
            depends = command.operator == "&&" and not is_conditional and directory is not None
            environment.changed_to = (words[-1], context.path) if depends else None
        elif name == "popd":
            environment.directory = None
        elif name == "exit" and not is_conditional:
            environment.has_ended = True
        elif name in code.functions:
            self._call(name, words, environment, code, context)
        elif name in ("eval", "source", "."):
            self._in_this_shell(words, environment, context)
        elif name and name not in _SILENT and not (name == "exec" and len(words) == 1):
            self._program(command, words, environment, context)

    def _program(self, command: Command, words: list[Word], environment: _Environment, context: _Context) -> None:
        if words[0].text == "command" and words[1:] and words[1].text in ("-v", "-V"):
            return
        variables = dict(environment.variables)
        _assign(command, variables, certain=True)
        try:
            found = unwrap(words, variables)
        except Undecided as reason:
            self.gap(str(reason), context.path, words[0].start)
            return
        inner = context._replace(
            wrappers=(*context.wrappers, *found.wrappers),
            in_background=context.in_background or found.in_background,
        )
        start = _Environment(environment.directory, variables)
        start.may_have_ended = False
        start.changed_to = environment.changed_to
        if found.replaces_shell and not (command.piped or command.in_background):
            # Of a branch only those commands that come after it are in doubt.
            environment.has_ended = command.when is not When.MAYBE
            environment.may_have_ended = environment.may_have_ended or command.when is When.MAYBE
        code = _shell_code(found)
        if code is None:
            self._run(found, start, inner)
        elif self._may_call(inner, "sh"):
            places = Places(code.pieces, code.start, code.end)
            self.script(
                read_shell(code.text), start, inner._replace(place=places, callers=(*inner.callers, ""), arguments=None)
            )

    def _run(self, found: Unwrapped, start: _Environment, context: _Context) -> None:
        run = Run(
            found.program,
            tuple(found.arguments),
            start.variables,
            start.directory,
            context.wrappers,
            found.as_module,
            context.in_background,
            context.conditional,
            context.is_tolerated,
            context.path,
            start.changed_to[0] if start.changed_to and start.changed_to[1] == context.path else None,
        )
        self.runs.append(run)
        if len(self.runs) > MAX_RUNS:
            raise _Enough
        if self.load is None:
            return
        if run.name in MANAGERS:
            self._procfile(run, start, context)
        elif script := _script(run):
            word, arguments = script
            self._file(word, arguments, start.copy(), context)

    def _may_call(self, context: _Context, path: str) -> bool:
        if len(context.callers) >= MAX_DEPTH:
            self.gap("shells are nested too deeply", context.path, context.place(0, 1)[0])
            return False
        return path not in context.callers

    def _file(self, word: Word, arguments: tuple[Word, ...], start: _Environment, context: _Context) -> bool:
        """Go through a script of the app; whether there is one."""
        path = resolve_path(start.directory, word.text)
        source = self._load(path) if path else None
        if path is None or source is None or not _is_script(source):
            return False
        if self._may_call(context, path):
            inner = _Context(
                path,
                lambda first, last: (first, last),
                (*context.callers, path),
                context.wrappers,
                context.in_background,
                context.conditional,
                context.is_tolerated,
                arguments if not re.search(r"\bshift\b|\bset\s+--", source.text) else None,
            )
            self.script(read_shell(source.text), start, inner)
        return True

    def _load(self, path: str) -> Source | None:
        if self.load is None or self.loaded >= MAX_SCRIPTS:
            return None
        self.loaded += 1
        source = self.load(path)
        return source if source and len(source.data) <= MAX_SCRIPT and source.undecodable is None else None

    def _procfile(self, run: Run, start: _Environment, context: _Context) -> None:
        """Go through what a manager of processes starts, all of it at the same time."""
        from pydeploy_lint.facts.processes.procfile import read_procfile

        texts = [word.text for word in run.arguments]
        if "start" not in texts:
            return
        named = next((value for option, value in pairwise(texts) if option in ("-f", "--procfile")), "Procfile")
        path = resolve_path(start.directory, named)
        source = self._load(path) if path else None
        if path is None or source is None or not self._may_call(context, path):
            return
        wanted = [text for text in texts[texts.index("start") + 1 :] if text[:1] != "-" and text != named]
        for name, entry in read_procfile(source).process_types.items():
            if not wanted or name in wanted:
                inner = _Context(path, _shifted(entry.start), (*context.callers, path), (), True, context.conditional)
                self.script(read_shell(entry.command), start.copy(), inner)

    def _call(self, name: str, words: list[Word], environment: _Environment, code: _Code, context: _Context) -> None:
        """Go through a function of the script."""
        caller = f"{name}()"
        if not self._may_call(context, caller):
            return
        commands = code.functions[name]
        inner = context._replace(callers=(*context.callers, caller), arguments=tuple(words[1:]))
        called = _Code(inner, _outermost_function(commands[0].scope), environment, code.tolerated, {}, code.functions)
        for command in commands:
            if command.scope.within(Kind.FUNCTION) is called.top:
                self._command(command, called)

    def _in_this_shell(self, words: list[Word], environment: _Environment, context: _Context) -> None:
        """Go through what ``eval`` and ``source`` run."""
        name = words[0].text
        if name != "eval" and len(words) > 1 and self._file(words[1], tuple(words[2:]), environment, context):
            return
        if name == "eval" and len(words) == 2 and words[1].known and self._may_call(context, "eval"):
            code = words[1]
            places = Places(code.pieces, code.start, code.end)
            inner = context._replace(place=places, callers=(*context.callers, ""))
            self.script(read_shell(code.text), environment, inner)
            return
        self.gap(f"{name!r} runs code that is only known at run time", context.path, words[0].start)


def _tolerated(commands: tuple[Command, ...]) -> set[int]:
    """The starts of the commands whose failure is provided for by ``||`` or a condition."""
    found: set[int] = set()
    is_tolerated = ends_shell = False
    for command in reversed(commands):
        is_tolerated = (command.operator == "||" and not ends_shell) or (command.operator == "&&" and is_tolerated)
        if is_tolerated or command.scope.is_condition:
            found.add(command.start)
        ends_shell = bool(command.words) and command.words[0].text in ("exit", "return")
    return found


def _shifted(start: int) -> Place:
    return lambda first, last: (start + first, start + last)


def _outermost_function(scope: Scope) -> Scope | None:
    found = None
    for each in scope.chain:
        found = each if each.kind is Kind.FUNCTION and each.name else found
    return found


def _scopes(scope: Scope, top: Scope | None) -> Iterator[Scope]:
    for each in scope.chain:
        yield each
        if each is top:
            return


def _environment(scope: Scope, code: _Code) -> _Environment:
    """What holds in a scope: that of its innermost subshell, which begins as a copy of the one around it."""
    subshells = [each for each in _scopes(scope, code.top) if each.subshell]
    environment = code.environment
    for each in reversed(subshells):
        known = code.environments.get(id(each))
        environment = code.environments[id(each)] = known or environment.copy()
    return environment


def _assign(command: Command, variables: dict[str, str], *, certain: bool) -> None:
    for each in command.assignments:
        if each.value is not None and certain and not each.appends:
            variables[each.name] = each.value.text
        elif each.value is not None or each.array is not None:
            variables[each.name] = UNKNOWN


def _with_arguments(words: list[Word], context: _Context) -> list[Word]:
    """The words, with those that the script is called with in place of ``"$@"``."""
    if context.arguments is None:
        return words
    return [
        each._replace(start=word.start, end=word.end, pieces=()) if word.text in ("$@", "$*", "${@}") else each
        for word in words
        for each in (context.arguments if word.text in ("$@", "$*", "${@}") else (word,))
    ]


def _changed(directory: str | None, arguments: list[Word], script: str | None) -> str | None:
    """Where ``cd`` leads."""
    paths = [word.text for word in arguments if word.text not in ("--", "-P", "-L")]
    if len(paths) != 1:
        return None
    if script is not None and (match := re.match(_SCRIPT_DIRECTORY, paths[0])):
        return resolve_path("", (posixpath.dirname(script) or ".") + paths[0][match.end() :])
    return resolve_path(directory, paths[0])


def _after_options(arguments: list[Word] | tuple[Word, ...]) -> tuple[str, int] | None:
    """The options of a shell's command line and the index of what follows them; None where ``-s`` or nothing does."""
    options = ""
    index = 0
    while index < len(arguments) and arguments[index].text[:1] in ("-", "+"):
        text = arguments[index].text
        index += 1
        if text == "--":
            break
        if not text.startswith("--"):
            options += text[1:]
            index += "o" in text or "O" in text
        elif text in ("--rcfile", "--init-file"):
            index += 1
    return (options, index) if index < len(arguments) and "s" not in options else None


def _shell_code(found: Unwrapped) -> Word | None:
    """The text that a shell is given to run with ``-c``."""
    after = _after_options(found.arguments) if posixpath.basename(found.program.text) in SHELLS else None
    return found.arguments[after[1]] if after and "c" in after[0] else None


def _script(run: Run) -> tuple[Word, tuple[Word, ...]] | None:
    """The file that may be a script for a shell, and its arguments."""
    if run.as_module:
        return None
    if run.name in SHELLS:
        after = _after_options(run.arguments)
        return (run.arguments[after[1]], run.arguments[after[1] + 1 :]) if after else None
    return (run.program, run.arguments) if "/" in run.program.text else None


def _is_script(source: Source) -> bool:
    """Whether a file is for a shell: by its first line, or else by its name."""
    if "\0" in source.text[:1000]:
        return False
    return is_shell(source.text) and (source.text.startswith("#!") or not source.path.endswith((".py", ".pl", ".rb")))
