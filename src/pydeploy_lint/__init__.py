"""Says whether a Python app will deploy on Heroku, offline, from its files alone.

    import pydeploy_lint

    report = pydeploy_lint.lint("path/to/app", as_of="2027-01-06")
    report.build.failure_reason, report.findings

What is named here, `pydeploy_lint.plugin` and `pydeploy_lint.testing` are stable within a major version; everything
else is private. A name is imported when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydeploy_lint.api import lint as lint
    from pydeploy_lint.api import plan as plan
    from pydeploy_lint.engine.check import Check as Check
    from pydeploy_lint.engine.result import AppReport as AppReport
    from pydeploy_lint.engine.result import BuildPrediction as BuildPrediction
    from pydeploy_lint.facts.app import App as App
    from pydeploy_lint.files.repository.talk import GitError as GitError
    from pydeploy_lint.finding import Edit as Edit
    from pydeploy_lint.finding import Finding as Finding
    from pydeploy_lint.finding import Fix as Fix
    from pydeploy_lint.finding import Severity as Severity
    from pydeploy_lint.finding import Span as Span
    from pydeploy_lint.report.plan.plan import Section as Section
    from pydeploy_lint.settings.configuration import ConfigurationError as ConfigurationError

__version__ = "0.1.0"

_HOMES = {
    "App": "facts.app",
    "AppReport": "engine.result",
    "BuildPrediction": "engine.result",
    "Check": "engine.check",
    "ConfigurationError": "settings.configuration",
    "Edit": "finding",
    "Finding": "finding",
    "Fix": "finding",
    "GitError": "files.repository.talk",
    "Section": "report.plan.plan",
    "Severity": "finding",
    "Span": "finding",
    "lint": "api",
    "plan": "api",
}

__all__ = [
    "App",
    "AppReport",
    "BuildPrediction",
    "Check",
    "ConfigurationError",
    "Edit",
    "Finding",
    "Fix",
    "GitError",
    "Section",
    "Severity",
    "Span",
    "__version__",
    "lint",
    "plan",
]


def __getattr__(name: str) -> object:
    """A public name, imported now.

    Raises:
        AttributeError: there is no such name.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"pydeploy_lint.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
