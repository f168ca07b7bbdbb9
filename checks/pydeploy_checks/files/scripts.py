"""Scripts that Heroku runs: hooks of the build, and what the Procfile starts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pydeploy_lint.plugin import (
    DEV_CENTER,
    RELEASE_PROCESS,
    App,
    Example,
    Problem,
    ProcessType,
    Run,
    Severity,
    Source,
    Span,
    check,
    resolve_path,
)

HOOKS = ("pre_compile", "post_compile")
SHELLS = ("ash", "bash", "dash", "sh", "zsh")
TO_UNIX = (
    "Save the file with Unix line ends, and keep them in .gitattributes:\n"
    "    sed -i 's/\\r$//' {0}\n    echo '{0} text eol=lf' >> .gitattributes"
)


@check("script-cannot-run", severity=Severity.ERROR, url=DEV_CENTER + "procfile")
def script_cannot_run(app: App) -> Iterator[Problem]:
    r"""A script that Heroku runs has Windows line ends, or is not executable.

    With Windows line ends the first line ends with a carriage return, so Linux looks for an interpreter named
    `bash\r` and does not find it. A hook (`bin/pre_compile`, `bin/post_compile`) then fails the build, and a script in
    the `Procfile` does not start. Without a `#!` line, or if the `Procfile` calls a shell to run the script, its
    commands get the carriage return as a part of their last argument; most fail, so this is a warning. What git
    converts when the file is committed is not reported.

    A script that the `Procfile` runs as a program needs the permission to be run, which Windows does not have: Linux
    answers "Permission denied". This is looked up in git. Heroku sets the permission for hooks itself.

    ## How to fix

    Save the file with Unix line ends, and add a line to `.gitattributes`:

        bin/* text eol=lf

    Set the permission:

        git update-index --chmod=+x bin/release.sh
    """
    yield from _line_ends(app)
    if not app.processes.may_be_changed:
        yield from _permissions(app)


def _line_ends(app: App) -> Iterator[Problem]:
    for hook in HOOKS:
        path = f"bin/{hook}"
        if app.files.tree.has_windows_line_ends(path):
            yield _hook(app, path, f"hooks::{hook}")
    reported = set[str]()
    for script in _scripts(app):
        if script.path in reported or not app.files.tree.has_windows_line_ends(script.path):
            continue
        reported.add(script.path)
        source = app.files.source(script.path)
        is_program = script.is_program and source is not None and _has_broken_interpreter(source)
        outcome = "the deploy fails" if script.process.name == RELEASE_PROCESS else "the process does not start"
        yield Problem(
            f"{script.path}, which {script.process.name} runs, has Windows line ends: "
            + (outcome if is_program else "most of its commands fail"),
            Span(script.path) if source is None else source.line_span(1),
            help=TO_UNIX.format(script.path),
            severity=None if is_program else Severity.WARNING,
            certain=is_program,
        )


def _hook(app: App, path: str, reason: str) -> Problem:
    source = app.files.source(path)
    assert source is not None
    is_certain = _has_broken_interpreter(source)
    return Problem(
        f"{path} has Windows line ends: "
        + ("Linux does not find its interpreter, and the build fails" if is_certain else "most of its commands fail"),
        source.line_span(1),
        help=TO_UNIX.format(path),
        severity=None if is_certain else Severity.WARNING,
        failure_reason=reason if is_certain else None,
        certain=is_certain,
    )


def _has_broken_interpreter(source: Source) -> bool:
    """Whether the ``#!`` line ends with a carriage return."""
    first, newline, _ = source.text.partition("\n")
    return bool(newline) and first.startswith("#!") and first.endswith("\r")


def _permissions(app: App) -> Iterator[Problem]:
    for script in _scripts(app):
        if not script.is_program or app.files.tree.is_executable(script.path) is not False:
            continue
        outcome = "the deploy fails" if script.process.name == RELEASE_PROCESS else "the process does not start"
        yield Problem(
            f"{script.process.name} runs {script.path}, which is not executable: {outcome} with 'Permission denied'",
            script.process.span(script.run.program.start, script.run.program.end),
            help=f"Set the permission, and commit it:\n    git update-index --add --chmod=+x {script.path}",
        )


class _Script(NamedTuple):
    path: str
    process: ProcessType
    run: Run
    is_program: bool
    """Whether it is run as a program, and not given to a shell."""


def _scripts(app: App) -> Iterator[_Script]:
    """The files of the app that the Procfile surely runs."""
    for process in app.processes.types.values():
        if "chmod" in process.command or "sed" in process.command or "dos2unix" in process.command:
            continue
        for run in process.runs:
            if run.conditional or run.is_tolerated or run.directory is None:
                continue
            is_program = "/" in run.program.text
            word = run.program if is_program else next(iter(run.arguments), None)
            if word is None or not (is_program or (run.name in SHELLS and not word.text.startswith("-"))):
                continue
            path = resolve_path(run.directory, word.text)
            if path and app.files.tree.is_file(path):
                yield _Script(path, process, run, is_program)


APP = {".python-version": "3.13\n", "requirements.txt": "gunicorn\n"}
script_cannot_run.examples(
    bad=[
        Example({**APP, "bin/post_compile": "#!/usr/bin/env bash\r\necho done\r\n"}, at=("bin/post_compile:1:1-1:20",)),
        Example({**APP, "bin/pre_compile": "#!/bin/sh\r\nexit 0\r\n"}, at=("bin/pre_compile:1:1-1:10",)),
        Example(
            {**APP, "Procfile": "web: bash start.sh\n", "start.sh": "gunicorn app:app\r\n"}, at=("start.sh:1:1-1:17",)
        ),
    ],
    good=[Example({**APP, "bin/post_compile": "#!/usr/bin/env bash\necho done\n"})],
)
