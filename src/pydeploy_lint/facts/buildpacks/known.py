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

MOVERS = {
    "heroku-buildpack-monorepo": "APP_BASE",
    "heroku-buildpack-subdir": "PROJECT_PATH",
    "subdir-heroku-buildpack": "PROJECT_PATH",
}
"""Buildpacks that make a subdirectory the root and delete everything else, and the config var that names it."""
MULTI_PROCFILE = "heroku/multi-procfile"
"""Copies the file that `PROCFILE_VARIABLE` names to the root, as the Procfile."""
PROCFILE_VARIABLE = "PROCFILE"

READS_A_LIST = frozenset({"heroku-buildpack-multi", "heroku-buildpack-inline", "heroku-buildpack-testrunner"})
"""Heroku's buildpacks that run others, or a program of the app, which may install Python."""
NO_PYTHON = frozenset(
    {
        *MOVERS,
        "create-react-app-buildpack",
        "heroku-buildpack-activestorage-preview",
        "heroku-buildpack-apt",
        "heroku-buildpack-chrome-for-testing",
        "heroku-buildpack-chromedriver",
        "heroku-buildpack-ffmpeg",
        "heroku-buildpack-ffmpeg-latest",
        "heroku-buildpack-firefox",
        "heroku-buildpack-geckodriver",
        "heroku-buildpack-google-chrome",
        "heroku-buildpack-imagemagick",
        "heroku-buildpack-jemalloc",
        "heroku-buildpack-multi-procfile",
        "heroku-buildpack-nginx",
        "heroku-buildpack-pgbouncer",
        "heroku-buildpack-static",
        "heroku-buildpack-tesseract",
        "heroku-buildpack-wkhtmltopdf",
    }
)
"""Buildpacks by anybody that surely install no Python; a name that is not here may be a Python one's."""
