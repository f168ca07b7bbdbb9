"""The options of servers: those that a server does not have, and what to write in place of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_checks.procfile.fixes.words import edit_command, option_words, remove_option, replace_words
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

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Fix

URL = DEV_CENTER + "procfile"


class Instead(NamedTuple):
    """What to write in place of an option that a server does not have."""

    words: str
    """The words for the option and its value; for the option alone where they are another option; empty for none."""
    why: str = ""
    """A clause that says why the option is not needed."""


HOST_AND_PORT = Instead("--host 0.0.0.0 --port $PORT")
BIND = Instead("--bind 0.0.0.0:$PORT")
FOR_GUNICORN = Instead("", "worker classes are for gunicorn")
RUNSERVER = Instead("0.0.0.0:$PORT")
INSTEAD = {
    ("gunicorn", "--port"): Instead(
        "", "gunicorn listens on $PORT by itself. To be explicit, write --bind 0.0.0.0:$PORT"
    ),
    ("gunicorn", "--host"): Instead("", "gunicorn listens on all addresses where PORT is set"),
    ("gunicorn", "--reload-dir"): Instead("", "--reload-dir is an option of uvicorn, and only for development"),
    ("gunicorn", "--app-dir"): Instead("--chdir"),
    ("uvicorn", "--bind"): HOST_AND_PORT,
    ("uvicorn", "-b"): HOST_AND_PORT,
    ("uvicorn", "-p"): Instead("--port"),
    ("uvicorn", "-h"): Instead("--host"),
    ("uvicorn", "-w"): Instead("--workers"),
    ("uvicorn", "-k"): FOR_GUNICORN,
    ("uvicorn", "--worker-class"): FOR_GUNICORN,
    ("uvicorn", "--chdir"): Instead("--app-dir"),
    ("hypercorn", "--host"): BIND,
    ("hypercorn", "--port"): BIND,
    ("daphne", "--host"): Instead("--bind"),
    ("waitress-serve", "--bind"): Instead("--listen=*:$PORT"),
    ("granian", "--bind"): HOST_AND_PORT,
    ("streamlit", "--port"): Instead("--server.port $PORT"),
    ("streamlit", "-p"): Instead("--server.port $PORT"),
    ("streamlit", "--host"): Instead("--server.address 0.0.0.0"),
    ("streamlit", "--address"): Instead("--server.address 0.0.0.0"),
    ("runserver", "--port"): RUNSERVER,
    ("runserver", "--host"): RUNSERVER,
    ("runserver", "--bind"): RUNSERVER,
}
"""What to write in place of options that servers do not have."""
ADVICE = {
    ("gunicorn", "-p"): "-p is the file for the process ID. gunicorn listens on $PORT by itself",
    ("gunicorn", "--factory"): "Call the factory in the target, in quotes: 'app:create_app()'",
}
"""What to do about others of which no words take the place."""


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
                meant = _meant(service, name)
                if len(meant) != 1 and (word := _written(service, name)):
                    yield (
                        _ambiguous(process, service, name, word, meant)
                        if meant
                        else _unknown(app, process, service, name, word)
                    )


def _ambiguous(process: ProcessType, service: Service, name: str, word: Word, meant: list[str]) -> Problem:
    options = f"{', '.join(meant[:-1])} or {meant[-1]}"
    return Problem(
        f"{process.name} starts {service.server.name} with {name}, which can mean {options}: the process ends with a "
        "usage message",
        process.word_span(service.run, word),
        help="Write the option in full.",
    )


def _unknown(app: App, process: ProcessType, service: Service, name: str, word: Word) -> Problem:
    server = service.server.name
    instead, advice = INSTEAD.get((server, name)), ADVICE.get((server, name))
    if instead is None and advice is None:
        instead = _similar(service, name)
    if advice is None:
        advice = _advice(server, instead)
    return Problem(
        f"{process.name} starts {server} with {name}, an option it does not have: the process ends with a usage "
        "message",
        process.word_span(service.run, word),
        help=advice,
        fix=_replace(app, process, service, name, instead) if instead else None,
    )


def _advice(server: str, instead: Instead | None) -> str:
    if instead is None:
        return f"Remove it. To see the options: {server} --help"
    if not instead.words:
        return f"Remove it: {instead.why}"
    shown = f"python manage.py runserver {instead.words}" if instead is RUNSERVER else instead.words
    return f"Write {shown}"


def _replace(app: App, process: ProcessType, service: Service, name: str, instead: Instead) -> Fix | None:
    """Write what stands for an option, and nothing where it is written already."""
    found = option_words(service, name)
    if found is None:
        return None
    words = [word.text for word in service.run.arguments]
    is_there = bool(instead.words) and all(each in words for each in instead.words.split())
    if not instead.words or is_there:
        return edit_command(f"Remove {name}", remove_option(app, process, service, name))
    description = f"Write {instead.words} in place of {name}"
    if not re.fullmatch(r"--[\w-]+", instead.words):
        return edit_command(description, replace_words(app, process, service.run, found, instead.words))
    if found[0].text != name and not found[0].text.startswith(f"{name}="):
        return None  # A value that is glued to a short option.
    option = found[0]._replace(text=name, end=found[0].start + len(name))
    return edit_command(description, replace_words(app, process, service.run, (option,), instead.words))


def _meant(service: Service, name: str) -> list[str]:
    """The options that one may stand for, as far as is known: the server has it if there is exactly one."""
    key = (service.server.name, name)
    if not re.fullmatch(r"--[a-zA-Z][\w-]*|-[a-zA-Z]", name):
        return [name]
    known = known_options(service.server.name)
    return known.meant_by(name) if known else [] if key in INSTEAD or key in ADVICE else [name]


def _written(service: Service, name: str) -> Word | None:
    """The word with an option."""
    for word in service.run.arguments:
        if word.text == name or word.text.startswith(f"{name}="):
            return word._replace(end=word.start + len(name)) if word.text != name else word
        if len(name) == 2 and word.text.startswith(name):
            return word
    return None


def _similar(service: Service, name: str) -> Instead | None:
    from difflib import get_close_matches

    known = known_options(service.server.name)
    near = get_close_matches(name, known.names, 1, 0.75) if known else []
    return Instead(near[0]) if near else None


FLASK = {
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
    "requirements.txt": "Flask==3.1\ngunicorn==23.0\n",
}
procfile_unknown_option.examples(
    bad=[Example({**FLASK, "Procfile": "web: gunicorn app:app --port $PORT\n"}, at=("Procfile:1:23-1:29",))],
    good=[Example({**FLASK, "Procfile": "web: gunicorn app:app --bind 0.0.0.0:$PORT\n"})],
)
