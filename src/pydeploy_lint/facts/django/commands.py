"""The management commands of Django that processes run, and which of them run Django's system checks.

Source: ``requires_system_checks`` of the commands of Django 4.2 to 6.0; ``migrate`` and ``runserver`` run the checks
themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.processes.servers import runs_manage_py

if TYPE_CHECKING:
    from pydeploy_lint.facts.processes.processes import ProcessType
    from pydeploy_lint.facts.processes.run import Run

WITHOUT_CHECKS = frozenset(
    {
        "collectstatic", "compilemessages", "createcachetable", "dbshell", "diffsettings", "makemessages", "shell",
        "shell_plus", "startapp", "startproject", "test", "testserver", "version",
    }
)  # fmt: skip
"""Commands that run no system checks, or not all of them."""


def management_command(run: Run) -> tuple[str, ...]:
    """The command of Django that a program runs, with its arguments; empty for any other program."""
    words = tuple(word.text for word in run.arguments)
    if run.name in ("django-admin", "manage.py") or (run.as_module and run.name == "django"):
        return words
    return words[1:] if runs_manage_py(run) else ()


def checking_command(process: ProcessType) -> str | None:
    """The first command, such as ``migrate``, that a process is sure to run with all system checks, if any."""
    for run in process.followed.runs:
        command = management_command(run)
        may_fail = run.conditional or run.is_tolerated
        if command and not may_fail and "--skip-checks" not in command and _runs_checks(command[0]):
            return command[0]
    return None


def _runs_checks(name: str) -> bool:
    return not name.startswith("-") and name not in WITHOUT_CHECKS
