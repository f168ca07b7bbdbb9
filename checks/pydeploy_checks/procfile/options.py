"""The command line of a server: words that the shell or the server cannot understand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydeploy_checks.add import append
from pydeploy_checks.procfile.fixes.suggest import module_file, served_by
from pydeploy_checks.procfile.fixes.words import edit_command, replace_words
from pydeploy_lint.plugin import (
    DEV_CENTER,
    PROCFILE,
    App,
    Edit,
    Example,
    Fix,
    Problem,
    ProcessType,
    Service,
    Severity,
    Word,
    check,
    lacks_attribute,
)

URL = DEV_CENTER + "procfile"
FLAGS = {"uvicorn": "--factory", "granian": "--factory", "waitress-serve": "--call", "daphne": ""}
"""The options by which servers call a function that makes the application; empty for none."""


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
            fix=_quote(process, start, word) if is_call else None,
        )


def _quote(process: ProcessType, start: int, word: str) -> Fix | None:
    """Put a word of the command in quotes; a suggestion, as nobody has seen it work."""
    at = process.at
    if at.path != PROCFILE or at.column is None or ("'" in word and any(each in word for each in '"$`\\\\')):
        return None
    mark = '"' if "'" in word else "'"
    place = at._replace(column=at.column + start, end_column=at.column + start + len(word))
    return Fix(f"Put {word} in quotes", (Edit(place, f"{mark}{word}{mark}"),), safe=False)


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
            if found := _invalid_target(app, process, service):
                yield found


def _invalid_target(app: App, process: ProcessType, service: Service) -> Problem | None:
    word, name = service.target, service.server.name
    if word is None or not word.known:
        return None
    following = service.arguments[1].text if len(service.arguments) > 1 else ""
    at = process.word_span(service.run, word)
    words = service.arguments[:2] if following else (word,)
    if re.fullmatch(r"[\w.]+:", word.text):
        known = following or served_by(app, word.text[:-1])
        right = f"{word.text}{known or 'app'}"
        why = "a space after the colon makes two arguments of it" if following else "no object follows the colon"
        message = f"{name} is told to serve {word.text!r}: {why}, and the process ends as soon as it starts"
    elif re.fullmatch(r":\w+(\(\))?", following) and re.fullmatch(r"[\w.]+", word.text):
        right, known = f"{word.text}{following}", following
        message = (
            f"{name} is told to serve {word.text!r} and {following!r}: a space before the colon makes two arguments of "
            "it, and the process ends as soon as it starts"
        )
    elif name in ("uvicorn", "daphne") and re.fullmatch(r"[A-Za-z_][\w.]*", word.text):
        module, words = word.text.removesuffix(".py"), (word,)
        usual = "application" if name == "daphne" or module.endswith("asgi") else "app"
        known = served_by(app, module)
        right = f"{module}:{known or usual}"
        message = (
            f"{name} is told to serve {word.text!r}, but needs module:object: the process ends as soon as it starts"
        )
    else:
        return _unusable_expression(app, process, service, word)
    return Problem(
        message,
        at,
        help=f"Write module and object without spaces:\n    {process.name}: {name} {right}",
        fix=edit_command(f"Write {right}", replace_words(app, process, service.run, words, right)) if known else None,
    )


def _unusable_expression(app: App, process: ProcessType, service: Service, word: Word) -> Problem | None:
    """An expression after the colon that a server does not evaluate."""
    name = service.server.name
    module, _, expression = word.text.partition(":")
    if not re.fullmatch(r"[\w.]+", module) or not expression:
        return None
    if name in FLAGS and re.fullmatch(r"\w+\(.*\)", expression):
        function, flag = expression.partition("(")[0], FLAGS[name]
        way = f"{flag} {module}:{function}" if flag else f"{module}:app"
        edit = replace_words(app, process, service.run, (word,), way)
        is_there = bool(flag) or served_by(app, module, "app") is not None
        return Problem(
            f"{name} looks for an object named {expression!r} in {module}, as it does not call functions: the process "
            "ends as soon as it starts",
            process.word_span(service.run, word),
            help=f"Write:\n    {process.name}: {name} {way}",
            fix=edit_command(f"Write {way}", edit) if is_there else None,
        )
    if name == "gunicorn" and re.fullmatch(r"[A-Za-z_]\w*(?:\.\w+)+(?:\(\))?", expression):
        return Problem(
            f"gunicorn cannot take {expression} from {module}: since version 20 it takes a name or the call of one, "
            "without dots, and the process ends as soon as it starts",
            process.word_span(service.run, word),
            help=f"Give it a name in the module and serve that:\n    application = {expression}",
            fix=_name_it(app, process, service, f"{module}:application", f"application = {expression}"),
        )
    if name == "gunicorn" and (match := re.fullmatch(r"\w+\((.*)\)", expression)) and _is_computed(match[1]):
        return Problem(
            f"gunicorn cannot call {expression}: it takes literals as arguments only, and the process ends as soon as "
            "it starts",
            process.word_span(service.run, word),
            help="Let the function read what it needs, and call it without arguments.",
        )
    return None


def _name_it(app: App, process: ProcessType, service: Service, target: str, line: str) -> Fix | None:
    """Add a line to a module, and serve what it defines; None where something has that name already."""
    path = module_file(target.partition(":")[0])
    source = app.files.source(path) if service.run.directory == "" else None
    name = target.rpartition(":")[2]
    word = service.target
    if source is None or word is None or not lacks_attribute(app.files.tree, path, name, app.files.source):
        return None
    edit = replace_words(app, process, service.run, (word,), target)
    return edit_command(f"Add `{line}` to {path}, and serve {target}", append(source, (line,)), edit)


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
procfile_shell_syntax.examples(
    bad=[Example({**FLASK, "Procfile": "web: gunicorn app:create_app()\n"}, at=("Procfile:1:6-1:31",))],
    good=[Example({**FLASK, "Procfile": "web: gunicorn 'app:create_app()'\n"})],
)
procfile_target_invalid.examples(
    bad=[Example({**FLASK, "Procfile": "web: gunicorn app: app\n"}, at=("Procfile:1:15-1:19",))],
    good=[Example({**FLASK, "Procfile": "web: gunicorn app:app\n"})],
)
