"""The files that commands run as programs: whether a dyno finds them and may run them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from shlex import quote

from pydeploy_checks.files.line_ends import with_unix_line_ends
from pydeploy_checks.procfile.fixes.words import edit_command, replace_word
from pydeploy_lint.plugin import (
    DEV_CENTER,
    RELEASE_PROCESS,
    App,
    Example,
    Fix,
    Problem,
    ProcessType,
    Run,
    Severity,
    Source,
    check,
    resolve_path,
)

URL = DEV_CENTER + "procfile"
VIRTUAL_ENVIRONMENT = re.compile(r"(?:.*/)?(?:(?:\.?v?env|virtualenv)\d*|\.virtualenvs/[^/]+)/(?:bin|Scripts)/([^/]+)")
DEVELOPERS_MACHINE = re.compile(r"/(?:home|Users|root|mnt/c|c/Users)/.+|[A-Za-z]:[/\\].*")
LOCAL_BIN = re.compile(r"/(?:usr/local|opt|home/linuxbrew)/(?:[^/]+/)*bin/([^/]+)")
SHELLS = ("sh", "bash", "dash")


@check("procfile-script-fails", severity=Severity.ERROR, url=URL)
def procfile_script_fails(app: App) -> Iterator[Problem]:
    """A command runs a file that a dyno does not find or cannot run.

    - Git stores whether a file is executable, and Windows does not. `./start.sh` without that bit ends with
      "Permission denied".
    - A script with Windows line endings (CRLF) asks for an interpreter whose name ends with a carriage return, which
      is not there: "cannot execute: required file not found".
    - The root directory of the app is not on the `PATH`: `start.sh` ends with "command not found", where `./start.sh`
      was meant.
    - `venv/bin/gunicorn` and `/home/me/app/run.sh` are paths on a developer's machine. On Heroku everything installed
      is on the `PATH`, in `/app/.heroku/python/bin`.

    The process ends at once. If it is the release phase, the new version is not released. Scripts that are run by the
    scripts of the app are looked at too, and the `postdeploy` script of `app.json`.

    ## How to fix

    Make the file executable, here and in git:

        chmod +x start.sh
        git update-index --chmod=+x start.sh
    """
    processes = app.processes
    for process in (*processes.types.values(), processes.postdeploy):
        seen = set()
        if process:
            yield from _activated(app, process)
        for run in process.all_runs if process else ():
            if not process or run.conditional or run.is_tolerated or _is_mended(process):
                continue
            if problem := _failing(app, process, run):
                if (problem.at, problem.message) not in seen:
                    yield problem
                seen.add((problem.at, problem.message))


def _is_mended(process: ProcessType) -> bool:
    """Whether a command may make its scripts executable, or give them other line ends, before it runs them."""
    return any(each in process.command for each in ("chmod", "dos2unix", "sed "))


def _failing(app: App, process: ProcessType, run: Run) -> Problem | None:
    if run.as_module:
        return None
    at = process.word_span(run, run.program)
    text = run.program.text
    if not run.program.known:
        return None
    if found := _foreign(app, process, run):
        message, help_text, right = found
        way = edit_command(f"Write {right}", replace_word(app, process, run, run.program, right)) if right else None
        return Problem(message, at, help=help_text, fix=way)
    path = resolve_path(run.directory, text)
    if "/" not in text:
        return _not_on_path(app, process, run)
    return _not_runnable(app, process, run, path) if path and app.files.tree.is_file(path) else None


ACTIVATION = re.compile(r"(?:^|[\s;&(])(?:source|\.)\s+(\S*/(?:bin|Scripts)/activate)\s*&&")
DEVELOPERS_DIRECTORY = re.compile(r"(?:^|[\s;&(])cd\s+(/(?:home|Users)/\S+)\s*&&")


def _activated(app: App, process: ProcessType) -> Iterator[Problem]:
    """A virtual environment that is not there, or a directory of another machine, without which nothing goes on."""
    for pattern, what in ((ACTIVATION, "activates {}, which is"), (DEVELOPERS_DIRECTORY, "changes to {}, a directory")):
        match = pattern.search(process.command)
        if match is None or app.files.tree.is_file(match[1]) or app.processes.may_be_changed:
            continue
        help_text = "Remove that part: what is installed is on the PATH."
        if pattern is DEVELOPERS_DIRECTORY:
            help_text = "Remove that part: commands start in the root directory of the app."
        yield Problem(
            f"{process.name} {what.format(match[1])} on a developer's machine and not on Heroku: {_ends(process)}",
            process.at,
            help=help_text,
        )


def _ends(process: ProcessType) -> str:
    return "the release fails" if process.name == RELEASE_PROCESS else "the process ends at once"


def _foreign(app: App, process: ProcessType, run: Run) -> tuple[str, str, str] | None:
    """Message, help, and what to write for the program, where a path is one of another machine."""
    text = run.program.text
    path = resolve_path(run.directory, text)
    if path and app.files.tree.exists(path):
        return None
    if match := VIRTUAL_ENVIRONMENT.fullmatch(text):
        if app.processes.may_be_changed and not DEVELOPERS_MACHINE.fullmatch(text):
            return None
        return (
            f"{process.name} runs {text}, which is in a virtual environment on a developer's machine and not on "
            f"Heroku: {_ends(process)}",
            f"Write {match[1]} without a path: what is installed is on the PATH.",
            match[1],
        )
    words = [text, *(word.text.rpartition("=")[2] for word in run.arguments)]
    if foreign := next((word for word in words if DEVELOPERS_MACHINE.fullmatch(word)), None):
        return (
            f"{process.name} runs {run.name} with {foreign}, a path on a developer's machine: {_ends(process)}"
            if foreign != text
            else f"{process.name} runs {text}, a path on a developer's machine: {_ends(process)}",
            "Write the path from the root directory of the app, which is /app on Heroku.",
            "",
        )
    installed = app.packages.install_set
    if (match := LOCAL_BIN.fullmatch(text)) and installed and installed.provides_program(match[1]):
        return (
            f"{process.name} runs {text}, but Heroku installs {match[1]} in /app/.heroku/python/bin: {_ends(process)}",
            f"Write {match[1]} without a path: what is installed is on the PATH.",
            match[1],
        )
    return None


def _not_on_path(app: App, process: ProcessType, run: Run) -> Problem | None:
    """A script in the current directory that is named without one."""
    name = run.program.text
    path = resolve_path(run.directory, name)
    if not path or not app.files.tree.is_file(path):
        return None
    source = app.files.source(path)
    is_script = source is not None and source.text.startswith("#!")
    installed = app.packages.install_set
    is_program = installed is not None and installed.provides_program(name) is not None
    if is_program or not (is_script or name.endswith((".sh", ".py", ".bash"))):
        return None
    right = f"python {name}" if name.endswith(".py") else f"./{name}"
    return Problem(
        f"{process.name} runs {name}, but the root directory is not on the PATH of a dyno: {_ends(process)} with "
        f"'{name}: command not found'",
        process.word_span(run, run.program),
        help=f"Write {right}",
        fix=edit_command(f"Write {right}", replace_word(app, process, run, run.program, right)),
    )


def _not_runnable(app: App, process: ProcessType, run: Run, path: str) -> Problem | None:
    at = process.word_span(run, run.program)
    source = app.files.source(path)
    if app.files.tree.is_executable(path) is False:
        interpreter = "python" if path.endswith(".py") else "bash"
        # The first is for the working tree, of which git takes the mode at the next `git add`; Windows has none.
        commands = (f"chmod +x {quote(path)}", f"git update-index --chmod=+x {quote(path)}")
        permit = Fix.by_hand("Make it executable", *commands)
        return Problem(
            f"{process.name} runs {path}, which is not executable in git: {_ends(process)} with 'Permission denied'",
            at,
            help=f"{permit.as_help}\nor write: {interpreter} {run.program.text}",
            fix=permit,
        )
    if source is None:
        return None
    first = source.text.partition("\n")[0]
    if first.startswith("#!") and first.endswith("\r") and _has_windows_line_ends(app, path):
        return Problem(
            f"{process.name} runs {path}, which has Windows line endings (CRLF): there is no interpreter "
            f"{first[2:].strip()!r} followed by a carriage return, and {_ends(process)}",
            at,
            help=f"Save it with LF, and keep git from changing that:\n{_keep_lf(path)}",
            fix=with_unix_line_ends(app, source),
        )
    if path.endswith(".py") and not first.startswith("#!"):
        return Problem(
            f"{process.name} runs {path}, whose first line names no interpreter, so bash reads it as shell code: "
            f"{_ends(process)}",
            at,
            help=f"Write: python {run.program.text}",
            fix=edit_command(
                f"Write python {run.program.text}",
                replace_word(app, process, run, run.program, f"python {run.program.text}"),
            ),
        )
    return None


def _keep_lf(path: str) -> str:
    """The commands by which git keeps the line ends of a script."""
    return f"    echo {quote(f'{path} text eol=lf')} >> .gitattributes\n    git add --renormalize {quote(path)}"


def _has_windows_line_ends(app: App, path: str) -> bool:
    """Whether a file gets to Heroku with Windows line ends; outside of git no rule may promise otherwise."""
    attributes = app.files.source(".gitattributes")
    is_kept = attributes is None or not re.search(r"\btext\b|\beol=lf\b", attributes.text)
    return is_kept and app.files.tree.has_windows_line_ends(path)


@check("procfile-script-line-endings", severity=Severity.WARNING, url=URL)
def procfile_script_line_endings(app: App) -> Iterator[Problem]:
    """A shell is told to read a script that has Windows line endings (CRLF).

    The carriage return at the end of each line counts as a part of the last word: `gunicorn app:app` looks for an
    object with a carriage return in its name, and `set -e` is not understood. Few scripts survive that.

    ## How to fix

    Save the script with LF:

        echo '*.sh text eol=lf' >> .gitattributes
        git add --renormalize .
    """
    for process in app.processes.types.values():
        for run in process.all_runs:
            if run.name not in SHELLS or run.as_module or run.conditional or _is_mended(process):
                continue
            script = next((word for word in run.arguments if word.text[:1] != "-"), None)
            path = resolve_path(run.directory, script.text) if script else None
            source = app.files.source(path) if path else None
            if script and source and _has_windows_line_ends(app, source.path) and _is_crlf(source):
                yield Problem(
                    f"{process.name} lets {run.name} read {path}, which has Windows line endings (CRLF): the carriage "
                    "returns become parts of the commands",
                    process.word_span(run, script),
                    help=f"Save it with LF:\n{_keep_lf(source.path)}",
                    fix=with_unix_line_ends(app, source),
                )


def _is_crlf(source: Source) -> bool:
    lines = source.text.split("\n")[:-1]
    return bool(lines) and all(line.endswith("\r") for line in lines)


FLASK = {
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
    "requirements.txt": "Flask==3.1\ngunicorn==23.0\n",
}
START = {**FLASK, "start.sh": "#!/bin/sh\nexec gunicorn app:app\n"}
procfile_script_fails.examples(
    bad=[
        Example({**START, "Procfile": "web: start.sh\n"}, at=("Procfile:1:6-1:14",)),
        Example(
            {**START, "start.sh": "#!/bin/sh\r\nexec gunicorn app:app\r\n", "Procfile": "web: ./start.sh\n"},
            at=("Procfile:1:6-1:16",),
        ),
        Example({**FLASK, "Procfile": "web: venv/bin/gunicorn app:app\n"}, at=("Procfile:1:6-1:23",)),
    ],
    good=[Example({**START, "Procfile": "web: ./start.sh\n"}), Example({**START, "Procfile": "web: sh start.sh\n"})],
)
procfile_script_line_endings.examples(
    bad=[
        Example(
            {**START, "start.sh": "#!/bin/sh\r\nexec gunicorn app:app\r\n", "Procfile": "web: sh start.sh\n"},
            at=("Procfile:1:9-1:17",),
        )
    ],
    good=[Example({**START, "Procfile": "web: sh start.sh\n"})],
)
