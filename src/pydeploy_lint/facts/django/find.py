"""Django projects: which settings Django would use on Heroku, and what is known of them without running anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.packages.installed.install_set import Installed
from pydeploy_lint.files.source import FileProblem

if TYPE_CHECKING:
    from pydeploy_lint.facts.app import App
    from pydeploy_lint.facts.django.project import Django


def find_django(app: App) -> Django | None:
    """The Django project of an app; None where nothing tells of one, and then nothing of Django is imported either.

    Raises:
        FileProblem: the ``manage.py`` cannot be read.
    """
    manage_py = app.nearest_manage_py
    if manage_py is None:
        return None
    try:
        installed = app.install_set.provides_module("django").installed if app.install_set else Installed.UNKNOWN
    except FileProblem:
        installed = Installed.UNKNOWN
    source = app.source(manage_py)
    # Flask apps of a certain age have a manage.py of their own.
    is_django = installed is Installed.YES or (source is not None and "django" in source.text.lower())
    if installed is Installed.NO or not is_django:
        return None
    from pydeploy_lint.facts.django.project import Django

    return Django(app, manage_py)
