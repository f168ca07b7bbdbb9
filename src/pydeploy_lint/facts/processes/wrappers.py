"""Programs that run the one named in their arguments, such as ``newrelic-admin run-program gunicorn``.

Sources: the manuals of coreutils 9.4, dpkg 1.22 and sudo 1.9; the command lines of tini 0.19, dumb-init 1.2.5,
ddtrace 3, opentelemetry-instrumentation 0.60, uv 0.9, Poetry 2.2, pipenv 2026, honcho 2.0, python-dotenv 1.2.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import NamedTuple

from pydeploy_lint.facts.processes.run import Undecided, Word

_PYTHON_FLAGS = frozenset("bBdEIOPqRsSuvx")
_START_SCRIPTS = ("start-", "qg", "proxychains")
"""Scripts of third-party buildpacks that start something beside the command they are given, such as nginx."""


class _Wrapper(NamedTuple):
    words: tuple[str, ...]
    """With which it is called."""
    flags: frozenset[str]
    """Its options without a value; with one that is not known, nothing is known of what it runs."""
    options: frozenset[str]
    """Its options with a value."""
    arguments: int = 0
    """How many arguments come before the program."""
    of_the_system: bool = False
    """Whether it is always there, and only of interest for what it runs."""


def _wrapper(call: str, flags: str = "", options: str = "", arguments: int = 0, *, system: bool = False) -> _Wrapper:
    return _Wrapper(tuple(call.split()), frozenset(flags.split()), frozenset(options.split()), arguments, system)


_WRAPPERS = {
    wrapper.words: wrapper
    for wrapper in (
        _wrapper("exec", "-c -l", "-a", system=True),
        _wrapper("command", "-p", system=True),
        _wrapper("builtin", system=True),
        _wrapper("nohup", system=True),
        _wrapper("time", "-p -v", "-o -f", system=True),
        _wrapper("env", "-i - --ignore-environment", "-u --unset", system=True),
        _wrapper("nice", "", "-n --adjustment", system=True),
        _wrapper("ionice", "-t", "-c -n", system=True),
        _wrapper("setsid", "-c -f -w --ctty --fork --wait", system=True),
        _wrapper("stdbuf", "-oL -o0 -eL -e0 -i0 -iL", "-i -o -e", system=True),
        _wrapper(
            "timeout", "-v --foreground --preserve-status --verbose", "-k -s --kill-after --signal", 1, system=True
        ),
        _wrapper("sudo", "-E -H -n -b -S", "-u -g -C --user --group"),
        _wrapper("gosu", arguments=1),
        _wrapper("su-exec", arguments=1),
        _wrapper("dumb-init", "-c -v --single-child --verbose", "-r --rewrite"),
        _wrapper("tini", "-s -g -v -vv -vvv -w", "-p -e"),
        _wrapper("ddtrace-run", "-d -p --debug --profiling"),
        _wrapper(
            "opentelemetry-instrument",
            "",
            "--traces_exporter --metrics_exporter --logs_exporter --service_name --id_generator --resource_attributes "
            "--exporter_otlp_endpoint --propagators",
        ),
        _wrapper("newrelic-admin run-program"),
        _wrapper("honcho run", "", "-e --env -d --app-root"),
        _wrapper("dotenv run", "--override --no-override"),
        _wrapper("doppler run", "", "-p -c --project --config"),
        _wrapper("pipenv run"),
        _wrapper("poetry run", "-q -n -v --quiet --no-interaction"),
        _wrapper(
            "uv run",
            "--no-sync --frozen --locked --no-dev --no-default-groups --all-groups --all-extras --exact --active "
            "--isolated --offline --no-project --no-config --no-editable --no-env-file --no-cache -n -q -v "
            "--quiet --verbose --no-progress --native-tls --managed-python --no-managed-python",
            "--with --with-requirements --extra --group --no-group --only-group --env-file --python -p --package",
        ),
    )
}
_LONGEST = max(map(len, _WRAPPERS))


class Unwrapped(NamedTuple):
    """What is run in the end."""

    program: Word
    arguments: list[Word]
    wrappers: list[Word]
    """What runs it and may be missing, first the outermost."""
    as_module: bool = False
    replaces_shell: bool = False
    """Whether `exec` is before it, so that no command after it is run."""
    in_background: bool = False


def take_assignments(words: list[Word], variables: dict[str, str]) -> list[Word]:
    """Move the leading assignments into the variables; what is left."""
    for index, word in enumerate(words):
        name, equals, value = word.text.partition("=")
        if not (equals and name.isascii() and name.isidentifier()):
            return words[index:]
        variables[name] = value
    return []


def unwrap(words: list[Word], variables: dict[str, str]) -> Unwrapped:
    """The program behind all wrappers.

    Args:
        words: a program and its arguments.
        variables: to which those are added that wrappers set.

    Raises:
        Undecided: there is no program behind a wrapper.
    """
    wrappers: list[Word] = []
    replaces = in_background = False
    while inner := _behind_wrapper(words):
        wrapper, rest = inner
        replaces = replaces or words[0].text == "exec"
        if words[0].text == "start-stop-daemon":
            in_background = in_background or any(word.text in ("-b", "--background") for word in words)
        if not (wrapper and wrapper.of_the_system):
            wrappers.append(words[0])
        # Only some take variables, but to all others such a word would be the name of no program.
        words = take_assignments(rest, variables)
        if not words:
            raise Undecided("a wrapper is given nothing to run")
    program, arguments = words[0], words[1:]
    as_module = False
    if not posixpath.basename(program.text).rstrip("0123456789.").removeprefix("python"):
        arguments = _without_options(arguments)
        if len(arguments) >= 2 and arguments[0].text == "-m":
            program, arguments, as_module = arguments[1], arguments[2:], True
    return Unwrapped(program, arguments, wrappers, as_module, replaces, in_background)


def _without_options(arguments: list[Word]) -> list[Word]:
    """The arguments of Python behind the options that make no difference here."""
    index = 0
    while index < len(arguments):
        text = arguments[index].text
        if text in ("-W", "-X"):
            index += 2
        elif text.startswith(("-W", "-X")) or (text[:1] == "-" and text[1:] and _PYTHON_FLAGS.issuperset(text[1:])):
            index += 1
        else:
            break
    return arguments[index:]


def _behind_wrapper(words: list[Word]) -> tuple[_Wrapper | None, list[Word]] | None:
    """What a wrapper runs; None where the first word is none, or its options are not known."""
    name = posixpath.basename(words[0].text)
    if name == "start-stop-daemon":
        rest = _daemon(words[1:])
        return (None, rest) if rest else None
    texts = (name, *(word.text for word in words[1:_LONGEST]))
    for length in range(1, len(texts) + 1):
        if (wrapper := _WRAPPERS.get(texts[:length])) and len(words) > length:
            rest = _behind_options(wrapper, words[length:])
            return (wrapper, rest) if rest else None
    if "/" in words[0].text and name.startswith(_START_SCRIPTS) and len(words) > 1 and words[1].text[:1] != "-":
        return None, words[1:]
    return None


def _behind_options(wrapper: _Wrapper, words: list[Word]) -> list[Word]:
    """The program and its arguments; empty where there is an option that is not known."""
    index = 0
    while index < len(words):
        name, equals, _ = words[index].text.partition("=")
        if name == "--":
            index += 1
            break
        if name in wrapper.options:
            index += 1 if equals else 2
        elif name in wrapper.flags:
            index += 1
        elif name.startswith("-"):
            return []
        else:
            break
    return words[index + wrapper.arguments :]


def _daemon(words: list[Word]) -> list[Word]:
    """What ``start-stop-daemon`` starts."""
    program = _option(words, ("-a", "--startas")) or _option(words, ("-x", "--exec"))
    texts = [word.text for word in words]
    if program is None or not {"-S", "--start"} & set(texts):
        return []
    return [program, *(words[texts.index("--") + 1 :] if "--" in texts else ())]


def _option(words: Iterable[Word], names: tuple[str, ...]) -> Word | None:
    """The value of an option."""
    rest = iter(words)
    for word in rest:
        if word.text == "--":
            break
        if word.text in names:
            return next(rest, None)
    return None
