"""The install set: which distributions the build installs, as far as the files tell, and from where each is known."""

import enum
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from pydeploy_lint.facts.packages.markers import Environment, canonical, holds
from pydeploy_lint.files.numbers import whole_number
from pydeploy_lint.finding import Span

MODULES = {
    "django": ("django",),
    "psycopg2": ("psycopg2", "psycopg2-binary", "aws-psycopg2"),
}
"""The distributions that provide a module, the most common first."""
PROGRAMS = {
    **{
        name: (name,)
        for name in (
            "alembic", "celery", "chainlit", "daphne", "dramatiq", "flask", "granian", "gunicorn", "honcho",
            "hypercorn", "pdm", "pipenv", "poetry", "rq", "sanic", "streamlit", "uv", "uvicorn",
        )
    },
    "ddtrace-run": ("ddtrace",),
    "django-admin": ("django",),
    "fastapi": ("fastapi", "fastapi-cli"),
    "huey_consumer": ("huey",),
    "huey_consumer.py": ("huey",),
    "mlflow": ("mlflow", "mlflow-skinny"),
    "newrelic-admin": ("newrelic",),
    "opentelemetry-instrument": ("opentelemetry-instrumentation",),
    "pserve": ("pyramid",),
    "uwsgi": ("uwsgi", "pyuwsgi"),
    "waitress": ("waitress",),
    "waitress-serve": ("waitress",),
}  # fmt: skip
"""The distributions that bring a program, or a module that is run as one, the most common first."""
LAST_PYTHON = {"aws-psycopg2": (3, 10)}
"""The newest series for which a distribution is built; none other can import it."""
BRINGS = {
    "django-heroku": ("django", "psycopg2"),
    "djangorestframework": ("django",),
    "wagtail": ("django",),
}
"""What some distributions require in every version and on every platform, where no lock tells it."""


class Installed(enum.Enum):
    """Whether the build installs something."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


RANK = (Installed.NO, Installed.UNKNOWN, Installed.YES)
"""Of several answers about one thing, the highest is true."""


def by_marker(marker: str | None, environment: Environment, extras: Collection[str] = ()) -> tuple[Installed, str]:
    """Whether what is declared for production is installed, and why.

    Args:
        marker: its environment marker; None for none.
        environment: where it is decided.
        extras: the extras that are asked for.
    """
    held = not marker or holds(marker, environment, extras)
    if held is None:
        return Installed.UNKNOWN, f"is installed only if {marker}, which cannot be told here"
    if not held:
        return Installed.NO, f"is installed only if {marker}, which is not so on Heroku"
    return Installed.YES, "is installed"


class Declared(NamedTuple):
    """One mention of a distribution in the files of a package manager."""

    name: str
    """In canonical form."""
    installed: Installed
    why: str
    """Completes a sentence that begins with the name."""
    place: Callable[[], Span]
    """Where it is mentioned; looked up when asked for, since finding places in a lock takes time."""
    group: str | None = None
    """The group, where it is not the main one."""
    specifier: str = ""


class Answer(NamedTuple):
    """Whether something is installed, and how that is known."""

    installed: Installed
    why: str
    """Completes a sentence that begins with `distribution`."""
    distribution: str
    """The distribution that decides; the one that was asked for where there is no mention of it."""
    declared: Declared | None = None

    @property
    def at(self) -> Span | None:
        """Where the distribution is mentioned."""
        return self.declared.place() if self.declared else None


class InstallSet:
    """What one package manager installs on Heroku: production groups only, for the app's Python on Linux x86_64."""

    def __init__(
        self, file: str, declared: Iterable[Declared], *, complete: bool, python: str | None, open_end: str = ""
    ) -> None:
        """Collect the mentions.

        Args:
            file: the file that says what is installed.
            declared: every mention in it.
            complete: whether nothing is installed that is not mentioned.
            python: the full version of Python; None where it is not known.
            open_end: why it is not complete; completes a sentence that begins with a distribution's name.
        """
        self.file = file
        self.complete = complete
        self.python = python
        self._open_end = open_end
        self._declared: dict[str, list[Declared]] = {}
        for each in declared:
            self._declared.setdefault(each.name, []).append(each)

    @property
    def declared(self) -> list[Declared]:
        """Every mention, in the order of the file."""
        return [each for mentions in self._declared.values() for each in mentions]

    def query(self, distribution: str) -> Answer:
        """Whether a distribution is installed.

        Args:
            distribution: its name, in any spelling.
        """
        name = canonical(distribution)
        mentions = self._declared.get(name, [])
        for wanted in (Installed.YES, Installed.UNKNOWN):
            for each in mentions:
                if each.installed is wanted:
                    return Answer(wanted, each.why, name, each)
        for bringer, brought in BRINGS.items():
            if name in brought and not self.complete:
                answer = self.query(bringer)
                if answer.installed is Installed.YES:
                    return answer._replace(why=f"is installed with {bringer}", distribution=name)
        if not self.complete:
            why = f"{mentions[0].why}, and {self._open_end}" if mentions else self._open_end
            return Answer(Installed.UNKNOWN, why, name, next(iter(mentions), None))
        why = mentions[0].why if mentions else f"is not in {self.file}"
        return Answer(Installed.NO, why, name, next(iter(mentions), None))

    def provides_module(self, module: str) -> Answer:
        """Whether a module can be imported.

        Args:
            module: a key of `MODULES`.
        """
        return _best(self._importable(name) for name in MODULES[module])

    def provides_program(self, program: str) -> Answer | None:
        """Whether a console script, or a module that is run as one, is there; None for one that is not known.

        Args:
            program: its name, such as ``gunicorn``.
        """
        names = PROGRAMS.get(program)
        return _best(map(self.query, names)) if names else None

    def _importable(self, distribution: str) -> Answer:
        answer = self.query(distribution)
        last = LAST_PYTHON.get(distribution)
        if answer.installed is not Installed.YES or last is None:
            return answer
        if self.python is None:
            return answer._replace(installed=Installed.UNKNOWN)
        if tuple(whole_number(part) for part in self.python.split(".")[:2]) <= last:
            return answer
        verdict = Installed.NO if self.complete else Installed.UNKNOWN
        return answer._replace(installed=verdict, why=f"is not built for Python newer than {'.'.join(map(str, last))}")


def _best(answers: Iterable[Answer]) -> Answer:
    """The answer that decides, where any of several distributions would do."""
    return max(answers, key=lambda answer: (RANK.index(answer.installed), answer.declared is not None))
