"""What pip installs from a requirements file: the direct requirements, and no more is known unless it is compiled."""

from collections.abc import Iterable, Iterator
from functools import partial

from pydeploy_lint.facts.packages.installed.install_set import Declared, Installed, InstallSet, by_marker
from pydeploy_lint.facts.packages.markers import Environment, canonical
from pydeploy_lint.facts.packages.requirements.read import Requirements
from pydeploy_lint.facts.packages.requirements.statements import Requirement
from pydeploy_lint.finding import Span


def from_requirements(requirements: Requirements, file: str, python: str | None) -> InstallSet:
    """The install set of a requirements file.

    Args:
        requirements: what it and its includes say.
        file: its path.
        python: the full version of Python; None where it is not known.
    """
    return InstallSet(
        file,
        _declared(requirements, Environment(python)),
        complete=requirements.compiled,
        python=python,
        open_end=f"is not among the direct requirements in {file}, though another package may bring it along",
    )


def certain(requirements: Iterable[Requirement], python: str | None) -> list[Requirement]:
    """The requirements that count on Heroku for sure, because their markers hold there or they have none.

    Args:
        requirements: what a requirements file asks for.
        python: the full version of Python; None where it is not known.
    """
    environment = Environment(python)
    return [each for each in requirements if by_marker(each.marker, environment)[0] is Installed.YES]


def _declared(requirements: Requirements, environment: Environment) -> Iterator[Declared]:
    for each in requirements.requirements:
        if each.name:
            installed, why = by_marker(each.marker, environment)
            yield Declared(canonical(each.name), installed, why, partial(Span, *each.at), specifier=each.specifier)
