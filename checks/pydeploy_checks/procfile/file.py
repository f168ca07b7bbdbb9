"""The Procfile itself: whether it exists, and whether Heroku reads it as intended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from shlex import quote

from pydeploy_checks.add import add, add_help, append, with_packages
from pydeploy_checks.procfile.fixes.suggest import missing_server, suggested_command
from pydeploy_lint.plugin import (
    DEV_CENTER,
    PROCFILE,
    App,
    Edit,
    Example,
    Fix,
    Ignored,
    Problem,
    Procfile,
    ProcfileEntry,
    Severity,
    Source,
    Span,
    check,
)

URL = DEV_CENTER + "procfile"
NEEDS_WEB = "Heroku sends requests to the process type web only"
MEANT = re.compile(r"^(?:web|worker|release)\s*:", re.MULTILINE)
"""What makes a file of another name a Procfile."""
OTHER_LANGUAGES = (
    "Gemfile",
    "composer.json",
    "go.mod",
    "pom.xml",
    "build.gradle",
    "project.clj",
    "build.sbt",
    "Cargo.toml",
)
"""Files of buildpacks that start a web process without a Procfile."""
MAKES_PROCFILE = ("multi-procfile", "monorepo", "subdir", "select-subdir", "apt-subdir", "inline")
"""Buildpacks, by name, that put a Procfile of a directory into the root."""


@check("procfile-missing", severity=Severity.ERROR, url=URL)
def procfile_missing(app: App) -> Iterator[Problem]:
    """A web app has no `Procfile`, so Heroku does not know how to start it.

    The build succeeds all the same: Heroku prints "Procfile declares types -> (none)", no process can be started, and
    every request is answered with an error page (H14, "No web processes running"). For Python there is no default.

    An app counts as a web app when its framework is installed, and `manage.py` or a module such as `app.py` uses it.
    Nothing is said where something else may start it: a `heroku.yml`, another language, a build hook, or a buildpack
    that is not Heroku's.

    ## How to fix

    Create a file called `Procfile`, without an ending, in the root directory, and commit it:

        web: gunicorn mysite.wsgi
    """
    absent = app.files.tree.kind(PROCFILE) is None and PROCFILE not in app.files.tree.withheld
    if not absent or app.packages.install_set is None or _is_started_otherwise(app) or _misnamed(app):
        return
    command = suggested_command(app)
    if command is None:
        return
    missing = missing_server(app, command)
    first = f"{add_help(app, *missing)}\n" if missing else ""
    line = f"web: {command.line}"
    create = with_packages(app, _create(line), *missing) if command.is_complete else None
    yield Problem(
        "there is no Procfile, and nothing else says how to start the app: the build succeeds, but Heroku starts "
        "nothing, and every request ends in an error page (H14)",
        Span(PROCFILE),
        help=f"{first}Create a file called {PROCFILE} in the root directory, with a line such as:\n    {line}",
        fix=create or (add(app, *missing) if missing else None),
    )


def _create(line: str) -> Fix:
    return Fix(f"Add a {PROCFILE} with `{line}`", (Edit.write(PROCFILE, f"{line}\n"),), safe=False)


def _is_started_otherwise(app: App) -> bool:
    if app.files.tree.is_file("heroku.yml") or any(app.files.tree.is_file(name) for name in OTHER_LANGUAGES):
        return True
    package = app.files.document("package.json")
    starts = package is not None and package.get("scripts", "start") is not None
    return starts or _may_be_created(app)


def _may_be_created(app: App) -> bool:
    """Whether a hook that mentions the Procfile, or a buildpack that is not Heroku's, may create it."""
    entries = [entry.reference for found in app.declared.buildpack_lists for entry in found.entries]
    if any(each.name.lower().removeprefix("heroku-buildpack-") in MAKES_PROCFILE for each in entries):
        return True
    if not app.processes.may_be_changed:
        return False
    hooks = [source for name in ("bin/pre_compile", "bin/post_compile") if (source := app.files.source(name))]
    if not hooks or app.processes.has_foreign_buildpack:
        return True
    return any(PROCFILE in source.text or _runs_scripts(source) for source in hooks)


def _runs_scripts(source: Source) -> bool:
    """Whether a hook runs what is not looked at here, or copies files."""
    return (
        re.search(r"^[^\S\n]*(?:cp|mv|ln|tar|make|\.|source|bash|sh|\./\S+|git)\s", source.text, re.MULTILINE)
        is not None
    )


@check("procfile-misnamed", severity=Severity.ERROR, url=URL + "#procfile-naming-and-location")
def procfile_misnamed(app: App) -> Iterator[Problem]:
    """A file that looks like a `Procfile` has another name, or is not in the root directory.

    Heroku reads the file `Procfile`, with a capital P and without an ending, in the root directory of the app. It
    ignores `procfile`, `Procfile.txt` and `backend/Procfile`, and then starts nothing.

    ## How to fix

    Rename the file, and commit that:

        git mv --force procfile Procfile
    """
    path = _misnamed(app)
    if path is None or _is_started_otherwise(app):
        return
    in_root = "/" not in path
    where = "is not in the root directory" if not in_root else "is not called Procfile"
    help_text = f"Rename it, and commit:\n    git mv --force {quote(path)} {PROCFILE}"
    if not in_root:
        help_text = (
            f"Move it to the root directory, and let its commands begin with `cd {quote(path.partition('/')[0])} && `; "
            "or push that directory as the app."
        )
    yield Problem(
        f"{path} {where}, so Heroku ignores it and starts nothing: it needs a {PROCFILE}",
        Span(path),
        help=help_text,
        severity=None if in_root else Severity.WARNING,
        fix=_rename(app, path) if in_root else None,
    )


def _rename(app: App, path: str) -> Fix:
    """Give the file its name; where only the case differs, git on macOS and Windows does not notice by itself."""
    is_known = path.lower() == PROCFILE.lower() and app.files.tree.names_in_git([path]).get(path) is not None
    commands = (f"git rm --cached --quiet {quote(path)}", f"git add {PROCFILE}") if is_known else ()
    return Fix(f"Rename {path} to {PROCFILE}", (Edit.rename(path, PROCFILE),), safe=False, commands=commands)


def _misnamed(app: App) -> str | None:
    """The path of a file that looks like a Procfile, where there is none."""
    if app.files.tree.kind(PROCFILE) is not None or PROCFILE in app.files.tree.withheld:
        return None
    from difflib import get_close_matches

    names = [name for name in app.files.tree.names() if not name.startswith(".")]
    stems = {name: name.strip().lower().removesuffix(".txt").removesuffix(".md") for name in names if len(name) < 20}
    near = [name for name, stem in stems.items() if get_close_matches(stem, ["procfile"], cutoff=0.9)]
    paths = [*near, *(f"{name}/{PROCFILE}" for name in names)]
    return next((path for path in paths if app.files.tree.is_file(path) and _looks_like_procfile(app, path)), None)


def _looks_like_procfile(app: App, path: str) -> bool:
    source = app.files.source(path)
    return source is not None and MEANT.search(source.text) is not None


@check("procfile-invalid", severity=Severity.WARNING, url=URL + "#procfile-format")
def procfile_invalid(app: App) -> Iterator[Problem]:
    """The `Procfile` has lines that Heroku does not read as intended.

    A process type is a line that begins with a name, a colon, a space and a command. Heroku silently ignores every
    other line. What goes wrong:

    - the file is in UTF-16, as PowerShell's `echo … > Procfile` writes it, or begins with a byte order mark,
    - there is no space after the colon, or one before it, or no colon at all,
    - there is no command, or it is continued on the next line, which a `Procfile` does not know,
    - a process type is there twice; the last one counts, and of two `release` only one is run,
    - a merge conflict was not resolved.

    ## How to fix

    Write one process type on each line, and save the file as plain text in UTF-8:

        web: gunicorn mysite.wsgi
        release: python manage.py migrate
    """
    procfile = app.processes.procfile
    if procfile is None:
        return
    yield from _encoding(procfile)
    for ignored in procfile.ignored:
        yield _passed_over(procfile, ignored)
    continued = 0
    for entry in procfile.entries:
        if entry.line != continued:
            yield from _misread(procfile, entry)
        continued = entry.line + 1 if entry.command.endswith("\\") else 0
    for entry, winner in procfile.overridden:
        yield Problem(
            f"{PROCFILE}: {entry.name} is defined twice; Heroku uses line {winner.line} and never runs this one",
            entry.name_at,
            help="Delete one of them, or join the commands with &&.",
            fix=Fix(f"Delete line {entry.line}, which is never run", (_delete_line(procfile.source, entry.line),)),
        )


def _delete_line(source: Source, line: int) -> Edit:
    start = source.offset(line, 1)
    end = source.text.find("\n", start)
    return Edit(source.span(start, end + 1 if end >= 0 else len(source.text)), "")


def _encoding(procfile: Procfile) -> Iterator[Problem]:
    source, encoding = procfile.source, procfile.unreadable
    lost = "the first line" if source.encoding == "utf-8" else "any process type"
    if encoding is None or (source.encoding == "utf-8" and not any(entry.line == 1 for entry in procfile.entries)):
        return
    yield Problem(
        f"{PROCFILE} is in {encoding}, so Heroku cannot read {lost}",
        Span(source.path),
        help="Save the file in UTF-8 without a byte order mark.",
        severity=Severity.ERROR,
        fix=Fix(f"Save {PROCFILE} in UTF-8", (Edit(Span(source.path), text=source.text),)),
    )


def _passed_over(procfile: Procfile, ignored: Ignored) -> Problem:
    is_web = ignored.name == "web" and "web" not in procfile.process_types
    fix = None
    if ignored.name:
        offset = procfile.source.offset(ignored.line, ignored.at.column or 1) + len(ignored.name) + 1
        at = procfile.source.span(offset, offset)
        fix = Fix("Insert a space after the colon", (Edit(at, text=" "),), safe=False)
    return Problem(
        f"{PROCFILE}: line {ignored.line} {ignored.why}, so Heroku ignores it",
        ignored.at,
        help="Write `name: command`, with a space after the colon.",
        severity=Severity.ERROR if is_web else None,
        fix=fix,
    )


def _close_up(source: Source, entry: ProcfileEntry) -> Fix:
    """Put the colon behind the name."""
    start = source.offset(entry.line, entry.name_at.end_column or 1)
    at = source.span(start, entry.start + 1)
    separator = "" if entry.command[1:2].isspace() else " "
    return Fix("Delete the space before the colon", (Edit(at, f":{separator}"),), safe=False)


def _add_colon(entry: ProcfileEntry) -> Fix:
    at = entry.name_at._replace(column=entry.name_at.end_column)
    return Fix(f"Put a colon after {entry.name}", (Edit(at, ":"),))


def _misread(procfile: Procfile, entry: ProcfileEntry) -> Iterator[Problem]:
    if entry.command.startswith(":"):
        yield Problem(
            f"{PROCFILE}: there is a space before the colon, so the command of {entry.name} is a colon, "
            "which does nothing and exits at once",
            entry.name_at,
            help="Delete the space before the colon.",
            severity=Severity.ERROR if entry.name == "web" else None,
            fix=_close_up(procfile.source, entry),
        )
    elif not entry.colon:
        yield Problem(
            f"{PROCFILE}: line {entry.line} has no colon; Heroku still reads {entry.name!r} as a process type, "
            "other programs do not",
            entry.name_at,
            help="Write `name: command`.",
            fix=_add_colon(entry),
        )
    if entry.command.endswith("\\"):
        yield Problem(
            f"{PROCFILE}: the command of {entry.name} ends with a backslash, but Heroku does not join lines: what "
            "follows is no part of it",
            entry.command_at,
            help="Write the whole command on one line.",
        )


@check("procfile-no-web", severity=Severity.ERROR, url=URL + "#the-web-process-type")
def procfile_no_web(app: App) -> Iterator[Problem]:
    """The `Procfile` starts a web server, but not as the process type `web`.

    Heroku sends requests to the process type `web` only, and the name is in lower case. An app without it answers
    every request with an error page (H14, "No web processes running").

    A `Procfile` without a web server, such as that of a bot, is as it should be. An empty one is reported too.

    ## How to fix

    Call the process type `web`:

        web: gunicorn mysite.wsgi
    """
    processes = app.processes
    procfile = processes.procfile
    if procfile is None or procfile.ignored or processes.web or processes.may_be_changed:
        return
    if not procfile.entries:
        yield _empty(app, procfile)
    for each in processes.types.values():
        if each.name.lower() == "web" or each.server:
            what = each.server.server.name if each.server else "the app"
            yield Problem(
                f"{PROCFILE} starts {what} as {each.name}, but {NEEDS_WEB}: every request ends in an error page (H14)",
                each.name_at,
                help="Call this process type web, in lower case.",
                fix=Fix("Call the process type web", (Edit(each.name_at, text="web"),), safe=False),
            )
            return


def _empty(app: App, procfile: Procfile) -> Problem:
    command = suggested_command(app)
    line = f"web: {command.line if command else 'gunicorn mysite.wsgi'}"
    way = None
    if command and command.is_complete and procfile.unreadable is None:
        edits = (append(procfile.source, (line,)),)
        way = with_packages(app, Fix(f"Add `{line}`", edits, safe=False), *missing_server(app, command))
    return Problem(
        f"{PROCFILE} names no process type, so Heroku starts nothing",
        Span(PROCFILE),
        help=f"Write a line such as:\n    {line}",
        fix=way,
    )


FLASK = {
    "requirements.txt": "Flask==3.1\ngunicorn==23.0\n",
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
}
WSGI = "from django.core.wsgi import get_wsgi_application\n\napplication = get_wsgi_application()\n"
RIGHT = {**FLASK, "Procfile": "# How to start.\nweb: gunicorn app:app\n"}
procfile_missing.examples(
    bad=[
        Example(FLASK, at=("Procfile",)),
        Example({"requirements.txt": "Django==5.2\n", "manage.py": "", "shop/wsgi.py": WSGI}, at=("Procfile",)),
    ],
    good=[
        Example(RIGHT),
        Example({**FLASK, "heroku.yml": "build:\n  docker:\n    web: Dockerfile\n"}),
        Example({"requirements.txt": "requests==2.32\n", "app.py": ""}),
    ],
)
procfile_misnamed.examples(
    bad=[
        Example({**FLASK, "procfile": "web: gunicorn app:app\n"}, at=("procfile",)),
        Example({**FLASK, "Procfile.txt": "web: gunicorn app:app\n"}, at=("Procfile.txt",)),
        Example({**FLASK, "deploy/Procfile": "web: gunicorn app:app\n"}, at=("deploy/Procfile",)),
    ],
    good=[Example(RIGHT), Example({**RIGHT, "Procfile.dev": "web: flask run\n"})],
)
procfile_invalid.examples(
    bad=[
        Example({**FLASK, "Procfile": "web:gunicorn app:app\n"}, at=("Procfile:1:1-1:21",)),
        Example({**FLASK, "Procfile": "web : gunicorn app:app\n"}, at=("Procfile:1:1-1:4",)),
        Example(
            {**FLASK, "Procfile": "release: flask db upgrade\nweb: gunicorn app:app\nrelease: flask seed\n"},
            at=("Procfile:1:1-1:8",),
        ),
        Example({**FLASK, "Procfile": "web: gunicorn app:app\n".encode("utf-16")}, at=("Procfile",)),
    ],
    good=[Example(RIGHT)],
)
procfile_no_web.examples(
    bad=[
        Example({**FLASK, "Procfile": "Web: gunicorn app:app\n"}, at=("Procfile:1:1-1:4",)),
        Example({**FLASK, "Procfile": "# nothing yet\n"}, at=("Procfile",)),
    ],
    good=[Example(RIGHT), Example({"requirements.txt": "discord.py\n", "Procfile": "worker: python bot.py\n"})],
)
