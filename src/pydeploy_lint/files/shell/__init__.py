"""The one reader of shell code: commands with their words as the shell would see them, and their exact places.

`read_shell` reads a script, a line of a Procfile or the text after ``sh -c``; nothing is ever run. It knows bash and
what sh, dash and zsh share with it. Source: the POSIX shell command language and the manual of bash 5.2.
"""

from __future__ import annotations

from pydeploy_lint.files.shell.interpreter import interpreter, is_shell
from pydeploy_lint.files.shell.model import (
    Assignment,
    Command,
    Kind,
    Piece,
    Places,
    Redirection,
    Scope,
    Script,
    Unreadable,
    When,
    Word,
)
from pydeploy_lint.files.shell.reader import read_shell

__all__ = [
    "Assignment",
    "Command",
    "Kind",
    "Piece",
    "Places",
    "Redirection",
    "Scope",
    "Script",
    "Unreadable",
    "When",
    "Word",
    "interpreter",
    "is_shell",
    "read_shell",
]
