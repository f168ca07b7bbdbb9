"""The sentences in which a log is summed up, the same in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.buildlog.comparison import UNASKED, State
from pydeploy_lint.buildlog.log import Outcome
from pydeploy_lint.heroku.policy import MANAGER_TITLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.buildlog.comparison import Comparison, Difference
    from pydeploy_lint.buildlog.log import BuildLog


VERDICTS = {
    Outcome.RUN_ERRORS: "The app was built, and has errors while it runs",
    Outcome.UNKNOWN: "There is no Heroku build in this log that pydeploy-lint can recognise",
}


def verdict(log: BuildLog) -> str:
    """How the build in the log ended, in a sentence."""
    if log.outcome is Outcome.FAILED:
        return f"The deploy failed{_failure(log)}"
    if log.outcome is Outcome.BUILT:
        return "The build succeeded" + (", with warnings" if log.warnings else "")
    if log.outcome is Outcome.UNFINISHED:
        reached = f": the last step in it is {log.doing}" if log.doing else ""
        return f"The log does not say how the build ended{reached}"
    return VERDICTS[log.outcome]


def _failure(log: BuildLog) -> str:
    reason = f" ({log.reason})" if log.reason else ""
    if not log.is_explained:
        return (
            f"{f'; the last step in the log is {log.doing}' if log.doing else ''}{reason}. "
            "Why it failed, the log does not say in words that pydeploy-lint knows"
        )
    if log.stop and log.stop.error.steps == ("PUSH",) and not log.causes:
        return f": {log.stop.error.title}"
    return f"{f' while {log.doing}' if log.doing else ''}{reason}"


def facts(log: BuildLog) -> Iterator[tuple[str, str]]:
    """What the build says of itself: a word and a value each."""
    known = log.facts
    if known.buildpacks:
        yield "buildpacks", ", ".join(known.buildpacks)
    if known.stack:
        yield "stack", known.stack
    if python := _python(log):
        yield "python", python
    if known.cache:
        yield "cache", known.cache + (f": {'; '.join(known.discarded)}" if known.discarded else "")
    if known.manager:
        version = f" {known.manager_version}" if known.manager_version else ""
        command = f", {known.command}" if known.command else ""
        yield "packages", f"{MANAGER_TITLES[known.manager]}{version}{command}"
    if log.doing:
        yield ("failed at" if log.outcome is Outcome.FAILED else "reached"), log.doing


def _python(log: BuildLog) -> str | None:
    known = log.facts
    version = known.python or known.python_requested
    if version is None and known.python_origin is None:
        return None
    origin = UNASKED.get(known.python_origin or "", known.python_origin)
    return " from ".join(filter(None, (version, origin)))


def scope(log: BuildLog) -> str:
    """How much of the log was read, and which build it is about."""
    which = f", the last of {log.builds} builds in it" if log.builds > 1 else ""
    left_out = f"; {log.left_out} bytes in the middle were not read" if log.left_out else ""
    return f"{log.path}: {log.lines} lines{which}{left_out}"


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """How the files stand to the log, a sentence a line."""
    path = comparison.path
    if comparison.state is State.NO_APP:
        yield f"There is no Python app at {path} with which the log could be compared"
        return
    for each in comparison.differences:
        yield _difference(each)
    if comparison.state is State.SAME:
        yield f"The files in {path} still say this:"
    elif comparison.state is State.CHANGED:
        yield f"The files in {path} no longer say this: they have changed since"
    elif comparison.state is State.NOT_SHOWN:
        yield f"The files in {path} do not show this: they have changed since, or they alone do not decide it"


def _difference(each: Difference) -> str:
    return f"The build used {each.log} as {each.subject}, and the files now lead to {each.files}"


def others(comparison: Comparison) -> str | None:
    """How much else is found in the files."""
    if not comparison.others:
        return None
    problems = "problem" if comparison.others == 1 else "problems"
    return f"pydeploy-lint finds {comparison.others} other {problems} in the files: pydeploy-lint {comparison.path}"
