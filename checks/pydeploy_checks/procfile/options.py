"""The command line of a server: options that it does not have, and words that it cannot understand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydeploy_lint.plugin import (
    DEV_CENTER,
    App,
    Example,
    Problem,
    ProcessType,
    Service,
    Severity,
    Word,
    check,
    known_options,
)

URL = DEV_CENTER + "procfile"
FLAGS = {"uvicorn": "--factory", "granian": "--factory", "waitress-serve": "--call", "daphne": ""}
"""The options by which servers call a function that makes the application; empty for none."""
INSTEAD = {
    (
        "gunicorn",
        "--port",
    ): "Remove it: gunicorn listens on $PORT by itself. To be explicit, write --bind 0.0.0.0:$PORT",
    ("gunicorn", "--host"): "Remove it: gunicorn listens on all addresses where PORT is set",
    ("gunicorn", "-p"): "-p is the file for the process ID. gunicorn listens on $PORT by itself",
    ("gunicorn", "--reload-dir"): "Remove it: --reload-dir is an option of uvicorn, and only for development",
    ("gunicorn", "--app-dir"): "Write --chdir",
    ("gunicorn", "--factory"): "Call the factory in the target, in quotes: 'app:create_app()'",
    ("uvicorn", "--bind"): "Write --host 0.0.0.0 --port $PORT",
    ("uvicorn", "-b"): "Write --host 0.0.0.0 --port $PORT",
    ("uvicorn", "-p"): "Write --port",
    ("uvicorn", "-h"): "Write --host",
    ("uvicorn", "-w"): "Write --workers",
    ("uvicorn", "-k"): "Remove it: worker classes are for gunicorn",
    ("uvicorn", "--worker-class"): "Remove it: worker classes are for gunicorn",
    ("uvicorn", "--chdir"): "Write --app-dir",
    ("hypercorn", "--host"): "Write --bind 0.0.0.0:$PORT",
    ("hypercorn", "--port"): "Write --bind 0.0.0.0:$PORT",
    ("daphne", "--host"): "Write --bind 0.0.0.0",
    ("waitress-serve", "--bind"): "Write --listen=*:$PORT",
    ("granian", "--bind"): "Write --host 0.0.0.0 --port $PORT",
    ("streamlit", "--port"): "Write --server.port $PORT",
    ("streamlit", "-p"): "Write --server.port $PORT",
    ("streamlit", "--host"): "Write --server.address 0.0.0.0",
    ("streamlit", "--address"): "Write --server.address 0.0.0.0",
    ("runserver", "--port"): "Write python manage.py runserver 0.0.0.0:$PORT",
    ("runserver", "--host"): "Write python manage.py runserver 0.0.0.0:$PORT",
    ("runserver", "--bind"): "Write python manage.py runserver 0.0.0.0:$PORT",
}
"""What to write in place of options that servers do not have."""


@check("procfile-unknown-option", severity=Severity.ERROR, url=URL)
def procfile_unknown_option(app: App) -> Iterator[Problem]:
    """A web server is started with an option that it does not have.

    The process ends at once with a usage message, and requests are answered with an error page (H10, "App crashed").
    Each server has its own options: gunicorn binds with `--bind`, uvicorn with `--host` and `--port`, waitress with
    `--listen`, streamlit with `--server.port`.

    Reported are options that no version of the server knows, among those whose parsers were asked: gunicorn 19.9 to
    27.0, uvicorn 0.11 to 0.54, hypercorn 0.11 to 0.18, daphne 2.5 to 4.2, waitress 1.4 to 3.0, granian 1.7 to 2.8,
    fastapi-cli 0.0.5 to 0.0.34 and Flask 1.1 to 3.1 (2026-11-25).

    ## How to fix

    Use the options of the server:

        web: uvicorn main:app --host 0.0.0.0 --port $PORT
    """
    for process in app.processes.types.values():
        for service in process.services:
            if service.run.conditional or service.run.is_tolerated:
                continue
            for name in service.options:
                fault = _fault(service, name)
                if fault and (word := _written(service, name)):
                    yield Problem(
                        f"{process.name} starts {service.server.name} with {name}, {fault[0]}: the process ends with a "
                        "usage message",
                        process.word_span(service.run, word),
                        help=fault[1],
                    )


def _fault(service: Service, name: str) -> tuple[str, str] | None:
    """What is wrong with an option, and what to do; None where nothing is, as far as is known."""
    instead = INSTEAD.get((service.server.name, name))
    if not re.fullmatch(r"--[a-zA-Z][\w-]*|-[a-zA-Z]", name):
        return None
    known = known_options(service.server.name)
    meant = known.meant_by(name) if known else [] if instead else [name]
    if len(meant) > 1:
        options = f"{', '.join(meant[:-1])} or {meant[-1]}"
        return f"which can mean {options}", "Write the option in full."
    return None if meant else ("an option it does not have", instead or _similar(service, name))


def _written(service: Service, name: str) -> Word | None:
    """The word with an option."""
    for word in service.run.arguments:
        if word.text == name or word.text.startswith(f"{name}="):
            return word._replace(end=word.start + len(name)) if word.text != name else word
        if len(name) == 2 and word.text.startswith(name):
            return word
    return None


def _similar(service: Service, name: str) -> str:
    from difflib import get_close_matches

    known = known_options(service.server.name)
    near = get_close_matches(name, known.names, 1, 0.75) if known else []
    return f"Did you mean {near[0]}?" if near else f"Remove it. To see the options: {service.server.name} --help"


@check("procfile-shell-syntax", severity=Severity.ERROR, url=URL)
def procfile_shell_syntax(app: App) -> Iterator[Problem]:
    """A command is not valid for the shell that runs it.

    Heroku runs the commands of the `Procfile` with bash. Parentheses outside of quotes, and quotes that are not
    closed, are syntax errors: the process ends at once, and requests are answered with an error page (H10). A release
    phase fails, and the new version is not released.

    ## How to fix

    Put what has parentheses in quotes:

        web: gunicorn 'app:create_app()'
    """
    for process in (*app.processes.types.values(), app.processes.postdeploy):
        if process is None or (found := process.syntax_error) is None:
            continue
        reason, offset = found
        command = process.command
        start = command.rfind(" ", 0, offset) + 1
        end = command.find(" ", offset)
        word = command[start : end if end >= 0 else len(command)]
        is_call = re.fullmatch(r"[\w.]+:\w+\(.*", word) is not None
        advice = f"Put it in quotes: '{word}'" if is_call and "'" not in word else "Correct the quoting."
        if is_call and "'" in word:
            advice = f'Put it in quotes: "{word}"'
        yield Problem(
            f"{process.name}: {word if is_call else 'the command'} is a syntax error for the shell ({reason}): the "
            f"{'release fails' if process.name == 'release' else 'process ends at once'}",
            process.at,
            help=advice,
        )


@check("procfile-target-invalid", severity=Severity.ERROR, url=URL)
def procfile_target_invalid(app: App) -> Iterator[Problem]:
    """What a server is told to serve is not of the form `module:object`.

    The process ends as soon as it starts. The usual reasons:

    - a space after or before the colon makes two arguments of one,
    - uvicorn and daphne are given no object at all,
    - uvicorn, granian, waitress and daphne are given a call: they have options for that, or none,
    - gunicorn is given an attribute of an object, such as `app:app.server`, or a call with computed arguments; since
      version 20 it takes a name, or a call with literals.

    Measured with gunicorn 27.0.1, uvicorn 0.54.0, hypercorn 0.18.0 and daphne 4.2.3 (2026-11-25).

    ## How to fix

    Write module and object without spaces:

        web: gunicorn main:app
    """
    for process in app.processes.types.values():
        for service in process.services:
            if service.run.conditional or service.run.is_tolerated:
                continue
            if found := _invalid_target(process, service):
                yield found


def _invalid_target(process: ProcessType, service: Service) -> Problem | None:
    word, name = service.target, service.server.name
    if word is None or not word.known:
        return None
    following = service.arguments[1].text if len(service.arguments) > 1 else ""
    at = process.word_span(service.run, word)
    if re.fullmatch(r"[\w.]+:", word.text):
        right = f"{word.text}{following or 'app'}"
        why = "a space after the colon makes two arguments of it" if following else "no object follows the colon"
        message = f"{name} is told to serve {word.text!r}: {why}, and the process ends as soon as it starts"
    elif re.fullmatch(r":\w+(\(\))?", following) and re.fullmatch(r"[\w.]+", word.text):
        right = f"{word.text}{following}"
        message = (
            f"{name} is told to serve {word.text!r} and {following!r}: a space before the colon makes two arguments of "
            "it, and the process ends as soon as it starts"
        )
    elif name in ("uvicorn", "daphne") and re.fullmatch(r"[A-Za-z_][\w.]*", word.text):
        module = word.text.removesuffix(".py")
        right = f"{module}:{'application' if name == 'daphne' or module.endswith('asgi') else 'app'}"
        message = (
            f"{name} is told to serve {word.text!r}, but needs module:object: the process ends as soon as it starts"
        )
    else:
        return _unusable_expression(process, service, word)
    return Problem(message, at, help=f"Write module and object without spaces:\n    {process.name}: {name} {right}")


def _unusable_expression(process: ProcessType, service: Service, word: Word) -> Problem | None:
    """An expression after the colon that a server does not evaluate."""
    name = service.server.name
    module, _, expression = word.text.partition(":")
    if not re.fullmatch(r"[\w.]+", module) or not expression:
        return None
    if name in FLAGS and re.fullmatch(r"\w+\(.*\)", expression):
        function, flag = expression.partition("(")[0], FLAGS[name]
        way = f"{flag} {module}:{function}" if flag else f"{module}:app"
        return Problem(
            f"{name} looks for an object named {expression!r} in {module}, as it does not call functions: the process "
            "ends as soon as it starts",
            process.word_span(service.run, word),
            help=f"Write:\n    {process.name}: {name} {way}",
        )
    if name == "gunicorn" and re.fullmatch(r"[A-Za-z_]\w*(?:\.\w+)+(?:\(\))?", expression):
        return Problem(
            f"gunicorn cannot take {expression} from {module}: since version 20 it takes a name or the call of one, "
            "without dots, and the process ends as soon as it starts",
            process.word_span(service.run, word),
            help=f"Give it a name in the module and serve that:\n    application = {expression}",
        )
    if name == "gunicorn" and (match := re.fullmatch(r"\w+\((.*)\)", expression)) and _is_computed(match[1]):
        return Problem(
            f"gunicorn cannot call {expression}: it takes literals as arguments only, and the process ends as soon as "
            "it starts",
            process.word_span(service.run, word),
            help="Let the function read what it needs, and call it without arguments.",
        )
    return None


def _is_computed(arguments: str) -> bool:
    """Whether the arguments of a call are more than literals."""
    import ast

    try:
        call = ast.parse(f"f({arguments})", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    allowed = (ast.Call, ast.Constant, ast.keyword, ast.List, ast.Tuple, ast.Dict, ast.Load, ast.UnaryOp, ast.USub)
    nodes = [node for node in ast.walk(call) if not isinstance(node, allowed)]
    return any(not (isinstance(node, ast.Name) and node.id == "f") for node in nodes)


FLASK = {
    "app.py": "from flask import Flask\n\n\ndef create_app():\n    return Flask(__name__)\n\n\napp = create_app()\n",
    "requirements.txt": "Flask==3.1\ngunicorn==23.0\n",
}
procfile_unknown_option.examples(
    bad=[Example({**FLASK, "Procfile": "web: gunicorn app:app --port $PORT\n"}, at=("Procfile:1:23-1:29",))],
    good=[Example({**FLASK, "Procfile": "web: gunicorn app:app --bind 0.0.0.0:$PORT\n"})],
)
procfile_shell_syntax.examples(
    bad=[Example({**FLASK, "Procfile": "web: gunicorn app:create_app()\n"}, at=("Procfile:1:6-1:31",))],
    good=[Example({**FLASK, "Procfile": "web: gunicorn 'app:create_app()'\n"})],
)
procfile_target_invalid.examples(
    bad=[Example({**FLASK, "Procfile": "web: gunicorn app: app\n"}, at=("Procfile:1:15-1:19",))],
    good=[Example({**FLASK, "Procfile": "web: gunicorn app:app\n"})],
)
