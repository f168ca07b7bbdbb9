"""What a check is: a function over an app's facts, with its name, severity, manual page and examples in one place."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.finding import Breaks, Problem, Severity

if TYPE_CHECKING:
    from types import ModuleType

    from pydeploy_lint.heroku.steps import Step


CheckFunction = Callable[..., Iterable[Problem]]
"""A function of an `App`; one that reviews takes the `Outcome` as well."""
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
DEV_CENTER = "https://devcenter.heroku.com/articles/"
SITE = "https://pydeploy-lint.readthedocs.io/en/latest/"
"""pydeploy-lint's own documentation."""
BUILT_IN = "pydeploy_checks."
"""What the modules of the checks begin with that come with pydeploy-lint."""


class Example(NamedTuple):
    """A tiny app that shows a check at work; run as a test and printed on the check's page."""

    files: Mapping[str, str | bytes]
    """Text by path."""
    at: tuple[str, ...] = ()
    """Where the check reports, as ``path``, or ``path:line:column-end_line:end_column``; empty for a good example."""
    options: Mapping[str, str] = {}
    """Command-line options by name, such as ``{"as-of": "2024-11-06"}``."""


class Check:
    """A check, callable like the function it is made from.

    Attributes:
        family: the name of the entry point under which it is registered; until then that of its module.
    """

    def __init__(
        self,
        function: CheckFunction,
        name: str,
        severity: Severity,
        url: str,
        *,
        since: str,
        breaks: Breaks,
        warned_at: Step | None,
        last: bool,
        reviews: bool,
    ) -> None:
        self.function = function
        self.name = name
        self.severity = severity
        self.url = url
        self.since = since
        self.breaks = breaks
        self.warned_at = warned_at
        self.last = last
        self.reviews = reviews
        self.family = function.__module__.rpartition(".")[2].replace("_", "-")
        self.bad: tuple[Example, ...] = ()
        self.good: tuple[Example, ...] = ()

    def __call__(self, *given: object) -> Iterator[Problem]:
        """The problems of an app.

        Args:
            given: the `App`; for a check that reviews, the `Outcome` after it.
        """
        return iter(self.function(*given))

    def examples(self, *, bad: Iterable[Example], good: Iterable[Example]) -> None:
        """Declare apps in which the check finds something, and apps in which it finds nothing."""
        self.bad = tuple(bad)
        self.good = tuple(good)

    @property
    def page(self) -> str:
        """The address of its own page; for a check of a plug-in, the one that it declares, which may be empty."""
        return self.url if self.is_plug_in else f"{SITE}checks/{self.name}/"

    @property
    def is_plug_in(self) -> bool:
        """Whether it does not come with pydeploy-lint."""
        return not self.function.__module__.startswith(BUILT_IN)

    @property
    def title(self) -> str:
        """The first line of the docstring."""
        return self.documentation.partition("\n")[0]

    @property
    def documentation(self) -> str:
        """The docstring, in Markdown."""
        import inspect  # slow to import, and only documentation needs it

        return inspect.cleandoc(self.function.__doc__ or "")


def check(
    name: str,
    *,
    severity: Severity,
    url: str = "",
    since: str = "0.1.0",
    breaks: Breaks = Breaks.START,
    warned_at: Step | None = None,
    last: bool = False,
    reviews: bool = False,
) -> Callable[[CheckFunction], Check]:
    """Make a function a check.

    Args:
        name: the check's name, in kebab case.
        severity: the usual consequence; a problem may carry another one.
        url: the page of the platform's documentation that states the rule; findings of a plug-in link to it.
        since: the version of its distribution that brought the check; by default the first.
        breaks: what its errors keep from working, where no failure reason goes with them.
        warned_at: the step of the build that prints a warning for it too, in some release.
        last: run after all other checks, for one that reports what they met.
        reviews: run when the suppressions were applied to what the others found, for one that judges them; it is
            given the `Outcome` after the app.

    Raises:
        ValueError: the name is not in kebab case, or the function has no docstring.
        TypeError: an argument is of another type.
    """

    def decorate(function: CheckFunction) -> Check:
        if not NAME.fullmatch(name):
            raise ValueError(f"check name {name!r} is not of the form some-words-like-this")
        if not isinstance(severity, Severity):
            raise TypeError(f"check {name!r}: unknown severity {severity!r}: use Severity.ERROR, WARNING or NOTE")
        if not isinstance(url, str) or not isinstance(since, str) or not isinstance(breaks, Breaks):
            raise TypeError(f"check {name!r}: url and since must be str, and breaks Breaks")
        if not function.__doc__:
            raise ValueError(f"check {name!r} has no docstring, which is its manual page")
        return Check(
            function, name, severity, url, since=since, breaks=breaks, warned_at=warned_at, last=last, reviews=reviews
        )

    return decorate


def checks_in(module: ModuleType) -> list[Check]:
    """The checks that a module defines, in the order of its text; those of a package's modules for a package."""
    # As `pkgutil.iter_modules` does, which imports `inspect`, and that takes as long as all checks of a small app.
    folders = getattr(module, "__path__", ())
    files = sorted({file for folder in folders for file in os.listdir(folder) if file.endswith(".py")})
    names = [file.removesuffix(".py") for file in files if file != "__init__.py"]
    modules = [module, *(import_module(f"{module.__name__}.{name}") for name in names)]
    return [value for each in modules for value in vars(each).values() if isinstance(value, Check)]
