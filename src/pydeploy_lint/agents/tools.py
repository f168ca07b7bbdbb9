"""The tools that agents may use; they know the app and nothing of the protocol."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from pydeploy_lint import __version__, manual
from pydeploy_lint.agents.answer import Answer, quoting, trusted
from pydeploy_lint.agents.arguments import CHECK, FIX, JUDGE, WrongArgument, settings_of
from pydeploy_lint.api import configured, judge, today
from pydeploy_lint.engine.result import Notification, Report
from pydeploy_lint.files.deployed import DeployedTree, open_tree
from pydeploy_lint.files.repository.talk import GitError
from pydeploy_lint.finding import Severity
from pydeploy_lint.fix.command import fix_all, fix_on_disk, patch_of, remaining, summary
from pydeploy_lint.fix.write import WriteError
from pydeploy_lint.report.formats import render
from pydeploy_lint.report.plan.plan import plan as plan_of
from pydeploy_lint.report.plan.text import render as render_plan
from pydeploy_lint.settings.configuration import ConfigurationError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pydeploy_lint.engine.registry import Registry
    from pydeploy_lint.report.plan.plan import Section
    from pydeploy_lint.settings.options import Options


class Refused(Exception):
    """A tool does not do what it was asked to; says why, and what to do."""


class Tool(NamedTuple):
    """A tool as it is offered."""

    title: str
    description: str
    arguments: dict[str, Any]
    """Their JSON schemas, by name."""
    run: Callable[[Tools, Mapping[str, Any]], Answer]
    required: tuple[str, ...] = ()
    changes_files: bool = False


class Tools:
    """The tools, for the apps in some directories."""

    def __init__(self, directories: Sequence[str], settings: Mapping[str, Any], registry: Registry) -> None:
        """Open nothing yet.

        Args:
            directories: an app must be one of them, or below; a relative path is relative to the first.
            settings: values by their names in `Options`, from the command line.
            registry: the checks.
        """
        self.registry = registry
        self._directories = [os.path.realpath(path) for path in directories]
        self._settings = settings

    def call(self, name: str, arguments: Mapping[str, Any]) -> Answer:
        """The answer of a tool.

        Raises:
            Refused: there is no such tool, or it cannot do what it was asked to.
        """
        if name not in TOOLS:
            raise Refused(unknown_name(name, "tool", TOOLS))
        tool = TOOLS[name]
        for argument in arguments:
            if argument not in tool.arguments:
                raise Refused(unknown_name(argument, "argument", tool.arguments))
        try:
            return tool.run(self, arguments)
        except (WrongArgument, ConfigurationError, GitError, WriteError) as error:
            raise Refused(str(error)) from error

    def lint(self, arguments: Mapping[str, Any]) -> Answer:
        """What is wrong with an app, and whether Heroku would build it."""
        root, tree, options = self._open(arguments)
        judged = judge(tree, options, self.registry, path=root)
        failures = tuple(Notification(Severity.ERROR, message) for message in self.registry.failures)
        report = Report(__version__, (judged.report,), self.registry.checks, failures)
        return quoting(render("full", report), {"report": json.loads(render("json", report))})

    def plan(self, arguments: Mapping[str, Any]) -> Answer:
        """What Heroku would do with an app, step by step."""
        root, tree, options = self._open(arguments)
        judged = judge(tree, options, self.registry, path=root)
        sections = plan_of(judged.app, judged.complete)
        return quoting(render_plan(root, sections, None), {"sections": [_section(each) for each in sections]})

    def explain(self, arguments: Mapping[str, Any]) -> Answer:
        """The manual page of a check."""
        name = arguments.get("check")
        check = self.registry.checks.get(name) if isinstance(name, str) else None
        if check is None:
            raise Refused(f"check: {unknown_name(name, 'check', self.registry.checks)}")
        return trusted(manual.markdown(check), {"check": manual.page(check)})

    def fix(self, arguments: Mapping[str, Any]) -> Answer:
        """The fixes of an app as a patch; they are made where the arguments say so."""
        root, _, options = self._open(arguments)
        apply = _flag(arguments, "apply")
        fix = fix_on_disk if apply else fix_all
        apps = fix([(root, options)], self.registry, unsafe=_flag(arguments, "unsafe"))
        patch = patch_of(apps).decode("utf-8", "backslashreplace")
        done = summary(apps, written=apply) or "there is nothing to fix"
        refusals = [refusal for app in apps for refusal in app.refusals]
        lines = [f"{done}.", *(f"warning: {refusal}" for refusal in refusals), *remaining(apps), "", patch]
        data = {
            "applied": apply and bool(patch),
            "summary": done,
            "not_fixed": refusals,
            "commands": [command for app in apps for command in app.commands],
            "patch": patch,
        }
        return quoting("\n".join(lines), data)

    def _open(self, arguments: Mapping[str, Any]) -> tuple[str, DeployedTree, Options]:
        root = self._root(arguments.get("root", "."))
        tree = open_tree(root)
        given = settings_of(arguments, self.registry)
        return root, tree, configured(tree, today(), {**self._settings, **given}, self.registry)

    def _root(self, given: object) -> str:
        if not isinstance(given, str) or not given:
            raise Refused("root: must be the path of a directory")
        root = os.path.normpath(os.path.join(self._directories[0], given))
        if not any(_is_below(os.path.realpath(root), directory) for directory in self._directories):
            allowed = ", ".join(self._directories)
            raise Refused(f"root: {given} is not in {allowed}; to allow it, start pydeploy-lint --mcp {given}")
        if not os.path.isdir(root):
            raise Refused(f"root: {given} is not a directory")
        return root


TOOLS = {
    "lint": Tool(
        "Lint an app",
        "Predict whether Heroku would build and start a Python app, from its files alone; nothing is installed or run."
        " Returns the verdict and the findings, each with its place, consequence and fix.",
        JUDGE,
        Tools.lint,
    ),
    "plan": Tool(
        "Show Heroku's plan",
        "Say step by step what Heroku's Python buildpack would do with an app, which processes start,"
        " and what the files do not decide.",
        JUDGE,
        Tools.plan,
    ),
    "explain": Tool(
        "Explain a check",
        "Return the documentation of a check: what it finds, why that matters, and how to fix it.",
        CHECK,
        Tools.explain,
        required=("check",),
    ),
    "fix": Tool(
        "Fix an app",
        "Return the fixes for an app's findings as a patch. Files are changed only where apply is true.",
        FIX,
        Tools.fix,
        changes_files=True,
    ),
}


def _flag(arguments: Mapping[str, Any], name: str) -> bool:
    value = arguments.get(name, False)
    if not isinstance(value, bool):
        raise Refused(f"{name}: must be true or false")
    return value


def _is_below(path: str, directory: str) -> bool:
    try:
        return os.path.commonpath([path, directory]) == directory
    except ValueError:
        # On Windows: on another drive.
        return False


def _section(section: Section) -> dict[str, Any]:
    lines = [
        {
            "label": line.label,
            "text": line.text,
            "path": line.at and line.at.path,
            "line": line.at and line.at.line,
            "stops": line.stops,
        }
        for line in section.lines
    ]
    return {"title": section.title, "lines": lines}
