"""Whether an app is a Django project; nothing of Django's is imported for one that is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.packages.installed.install_set import Installed
from pydeploy_lint.files.source import FileProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydeploy_lint.facts.build import Build
    from pydeploy_lint.facts.declared import Declared
    from pydeploy_lint.facts.django.project import Django
    from pydeploy_lint.facts.packages.packages import Packages
    from pydeploy_lint.facts.processes.processes import Processes
    from pydeploy_lint.files.files import Files


def find_django(
    files: Files, build: Build, packages: Packages, declared: Declared, processes: Callable[[], Processes]
) -> Django | None:
    """The Django project of an app; None where nothing points to one.

    Args:
        files: the app's files.
        build: which ``manage.py`` the build runs.
        packages: whether Django is installed.
        declared: config vars and add-ons.
        processes: gives what the Procfile starts, which may name the settings.

    Raises:
        FileProblem: the ``manage.py`` cannot be read.
    """
    manage_py = build.manage_py
    if manage_py is None:
        return None
    try:
        installed = packages.install_set.provides_module("django").installed if packages.install_set else None
    except FileProblem:
        installed = None
    source = files.source(manage_py)
    # Flask apps of a certain age have a manage.py of their own.
    is_django = installed is Installed.YES or (source is not None and "django" in source.text.lower())
    if installed is Installed.NO or not is_django:
        return None
    from pydeploy_lint.facts.django.project import Django

    return files.once("django", lambda: Django(files, declared, processes, manage_py))
