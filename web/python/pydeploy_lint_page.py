"""What the page in the browser asks of pydeploy-lint: JSON in, JSON out, about the app that is mounted at `/app`."""

from __future__ import annotations

import base64
import json
import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydeploy_lint import __version__
from pydeploy_lint.api import configured, today
from pydeploy_lint.api import judge as judge_app
from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.files.deployed import open_tree
from pydeploy_lint.files.repository.read import ReadRepository
from pydeploy_lint.files.tree import repository_root
from pydeploy_lint.fix.diff import patch as patch_of
from pydeploy_lint.fix.rounds import FixedApp, fix_app
from pydeploy_lint.heroku.history import History
from pydeploy_lint.heroku.steps import NO_APP
from pydeploy_lint.report.common.summary import summary
from pydeploy_lint.report.html.markup import joined
from pydeploy_lint.report.html.page import ANSWERS, app_section
from pydeploy_lint.report.html.plan import plan_sections
from pydeploy_lint.report.html.timeline import patterns
from pydeploy_lint.report.plan.plan import plan
from pydeploy_lint.settings.configuration import ConfigurationError, read_settings
from pydeploy_lint.settings.options import Options, definitions
from pydeploy_lint.testing import first_example

if TYPE_CHECKING:
    from pydeploy_lint.files.tree import Tree
    from pydeploy_lint.finding import Finding

APP = "/app"
"""Where the worker mounts the app."""
REGISTRY = load_registry()


def about(_given: str) -> str:
    """What the page has to know before there is an app: the version, the end of the data, releases and stacks."""
    history = History.load()
    return json.dumps(
        {
            "version": __version__,
            "data_until": str(history.until),
            "first_day": str(history.releases[0][1]),
            "stacks": list(history.stacks),
            "releases": [name for name, _ in reversed(history.releases)],
        }
    )


def judge(given: str) -> str:
    """The verdict, the findings and the plan for the app, or what is wrong with the settings.

    Args:
        given: an object with the ``name`` of the app; with ``directory``, in which it is; and with ``settings``, by
            their names on the command line.
    """
    asked = json.loads(given)
    root = _root(asked)
    try:
        judged = judge_app(open_tree(root), _options(root, asked["settings"]), REGISTRY)
    except Refused as refused:
        return json.dumps({"refused": list(refused.args)})
    report = judged.report._replace(path=asked["name"])
    verdict, sentence = summary(report)
    return json.dumps(
        {
            "verdict": verdict.name.lower(),
            "answer": ANSWERS[verdict],
            "sentence": sentence,
            "hidden_links": _hidden_links(root),
            "is_app": report.build.failure_reason != NO_APP,
            "report": joined(patterns(), app_section(report, "app")),
            "plan": plan_sections(plan(judged.app, judged.complete)),
            "fixes": [_fix(number, finding) for number, finding in enumerate(report.findings) if finding.fix],
        }
    )


def patch(given: str) -> str:
    """The patch that fixes findings of the app.

    Args:
        given: an object with ``directory`` and ``settings``; with ``finding``, the number of the only finding to fix,
            or null for all; and with ``unsafe``, whether to make fixes that are only suggested.
    """
    asked = json.loads(given)
    fixed = _fixed(_root(asked), asked["settings"], asked["finding"], unsafe=asked["unsafe"])
    return json.dumps(
        {
            "patch": base64.b64encode(patch_of(fixed.changes)).decode(),
            "fixed": fixed.fixed,
            "files": sorted(fixed.changes),
            "refusals": list(fixed.refusals),
        }
    )


def example(given: str) -> str:
    """The files and the settings of the first example in which a check reports something, or null.

    Args:
        given: an object with the name of the ``check``.
    """
    check = REGISTRY.checks.get(json.loads(given)["check"])
    shown = first_example(check) if check else None
    if shown is None:
        return json.dumps(None)
    files = {path: _packed(content) for path, content in shown.files.items()}
    # Dated, as it is on the check's page in the documentation.
    return json.dumps({"files": files, "settings": {"as-of": str(History.load().until), **shown.options}})


class Refused(Exception):
    """The settings, or the app's configuration, cannot be used; the arguments say why."""


def _root(asked: Mapping[str, Any]) -> str:
    return posixpath.join(APP, asked["directory"]).rstrip("/")


def _hidden_links(root: str) -> list[str]:
    """The symbolic links that git tracks and the browser does not show: in a folder they may be missing."""
    repository = repository_root(root)
    links = ReadRepository(repository, root).links() if repository else []
    return [link for link in links if not os.path.lexists(os.path.join(root, link))]


def _options(root: str, settings: Mapping[str, str]) -> Options:
    """How to judge an app.

    Raises:
        Refused: the settings, or the app's own configuration, cannot be used.
    """
    values, wrong = read_settings(settings, definitions(REGISTRY.checks, REGISTRY.families))
    if wrong:
        raise Refused(*(f"{mistake.keys[0]}: {mistake.message}" for mistake in wrong))
    try:
        return configured(open_tree(root), today(), values, REGISTRY)
    except ConfigurationError as error:
        raise Refused(*(f"{problem.at}: {problem.message}" for problem in error.problems)) from error


def _packed(content: str | bytes) -> str | dict[str, str]:
    return content if isinstance(content, str) else {"base64": base64.b64encode(content).decode()}


def _fix(number: int, finding: Finding) -> dict[str, Any]:
    assert finding.fix
    return {
        "finding": number,
        "check": finding.check,
        "place": str(finding.at),
        "description": finding.fix.description,
        "safe": finding.fix.safe,
    }


def _fixed(root: str, settings: Mapping[str, str], only: int | None, *, unsafe: bool) -> FixedApp:
    options = _options(root, settings)

    def findings_of(tree: Tree) -> tuple[Finding, ...]:
        return judge_app(tree, options, REGISTRY).report.findings

    if only is None:
        return fix_app(root, findings_of, unsafe=unsafe)
    # Nothing is left to do once the one fix is made.
    rounds: Iterator[Iterable[Finding]] = iter([findings_of(open_tree(root))[only : only + 1]])
    return fix_app(root, lambda _tree: next(rounds, ()), unsafe=True)
