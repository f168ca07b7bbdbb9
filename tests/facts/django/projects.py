"""Small Django projects for tests of their facts."""

from __future__ import annotations

from pathlib import Path

from pydeploy_lint.facts.django.evaluation.values import Value
from pydeploy_lint.facts.django.project import Django
from pydeploy_lint.testing import Files, open_app, write_tree

MANAGE = 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n'
FILES = {"requirements.txt": "Django==5.2\n", "manage.py": MANAGE, "shop/__init__.py": ""}


def django_of(root: Path, files: Files) -> Django:
    """The Django project of an app; fails where there is none."""
    write_tree(root, files)
    django = open_app(root).django
    assert django is not None
    return django


def project(root: Path, settings: str, more: Files | None = None) -> Django:
    """A project with the text of its settings."""
    return django_of(root, {**FILES, "shop/settings.py": settings, **(more or {})})


def simple(value: Value) -> object:
    """A value in a word: what is known of it, or ``unknown`` or ``absent``; then the config vars that it rests on."""
    if not value.is_known:
        data: object = value.state.value
    elif value.elements is not None:
        data = [simple(each) for each in value.elements]
    elif isinstance(value.data, dict):
        data = {str(key) if isinstance(key, (str, int)) else "*": simple(each) for key, each in value.data.items()}
    else:
        data = value.data
    return (data, *sorted(value.config_vars)) if value.config_vars else data
