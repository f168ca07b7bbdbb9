"""Buildpacks by others that a Python app may meet, by the name of their repository, whoever owns the copy."""

from __future__ import annotations

from typing import NamedTuple

FORKS = frozenset(
    {
        "heroku-buildpack-geodjango",
        "heroku-buildpack-python-extras",
        "heroku-buildpack-python-geos",
        "heroku-buildpack-python-libffi",
        "heroku-buildpack-python-nltk",
        "heroku-buildpack-python-opencv-scipy",
        "heroku-buildpack-python-talib",
        "heroku-buildpack-python2",
        "heroku-buildpack-python3",
        "heroku-buildpack-scipy",
        "python-buildpack",
    }
)
"""Copies of Heroku's Python buildpack that go by another name."""


class Obsolete(NamedTuple):
    """A buildpack whose work Heroku does by itself today."""

    purpose: str
    """What it does, after "which"."""
    instead: str
    """What does the same today: a sentence."""
    writes_requirements: bool = False
    """Whether it leaves a ``requirements.txt`` for the Python buildpack, beside the lockfile it is made from."""


_POETRY = Obsolete(
    "turns poetry.lock into a requirements.txt",
    "Heroku's Python buildpack installs from poetry.lock since November 2024.",
    writes_requirements=True,
)
_UV = Obsolete(
    "turns uv.lock into a requirements.txt",
    "Heroku's Python buildpack installs from uv.lock since May 2025.",
    writes_requirements=True,
)
_MULTI = Obsolete(
    "runs the buildpacks that .buildpacks names",
    "An app on Heroku has a list of buildpacks of its own: add to it what .buildpacks names.",
)
_MIGRATE = Obsolete(
    "runs Django's commands during the build",
    "Heroku's Python buildpack runs collectstatic, and `release: python manage.py migrate` in the Procfile migrates.",
)
OBSOLETE = {
    "python-poetry-buildpack": _POETRY,
    "heroku-buildpack-poetry": _POETRY,
    "heroku-buildpack-uv": _UV,
    "heroku-buildpack-multi": _MULTI,
    "buildpack-django-migrate": _MIGRATE,
    "heroku-buildpack-django": _MIGRATE,
    "heroku-buildpack-django-migrate": _MIGRATE,
}
