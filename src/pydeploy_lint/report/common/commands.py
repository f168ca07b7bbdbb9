"""Commands of a help text, as they work in the directory in which the reader stands."""

from __future__ import annotations

from shlex import quote

from pydeploy_lint.report.common.paths import typed_path

INDENT = " " * 4
"""What commands and code stand behind in a help text."""
PROGRAMS = frozenset(
    {
        "chmod", "echo", "git", "heroku", "mv", "pip", "pip-compile", "pipenv", "poetry", "printf", "pydeploy-lint",
        "python", "sed", "touch", "uv",
    }
)  # fmt: skip
"""What the commands in help texts run; other lines are code, or the content of a file."""


def help_from(directory: str, text: str) -> str:
    """A help text whose commands work in the directory that an app's path starts from.

    Args:
        directory: the path of the app.
        text: see `Problem.help`.
    """
    return "\n".join(
        INDENT + from_here(line.removeprefix(INDENT), directory) if line.startswith(INDENT) else line
        for line in text.splitlines()
    )


def from_here(command: str, app_path: str) -> str:
    """A command that is meant for the app's directory, for the one to which the app's path is relative.

    It leaves the shell where it is, so that the next one can be copied as well.

    Args:
        command: a line of a help text without its indent; what is no command stays as it is.
        app_path: the app, as the user gave it.
    """
    directory = typed_path(app_path, ".")
    if directory == "." or command.partition(" ")[0] not in PROGRAMS:
        return command
    return f"(cd {quote(f'./{directory}' if directory.startswith('-') else directory)} && {command})"
