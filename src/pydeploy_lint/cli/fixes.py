"""``--fix`` and ``--diff``: the fixes of all apps, written to their files or printed as a patch."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from pydeploy_lint.cli.options.arguments import UsageError
from pydeploy_lint.cli.show import inform_of_rules
from pydeploy_lint.cli.status import Status, Tally
from pydeploy_lint.cli.streams import complain, configure, inform, is_log, tell, write
from pydeploy_lint.files.credentials import masked
from pydeploy_lint.fleet.job import NotOpened
from pydeploy_lint.fleet.outcome import failures_of
from pydeploy_lint.report.common.neutral import inert, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.fix.rounds import FixedApp
    from pydeploy_lint.fleet.run import Run
    from pydeploy_lint.settings.options import Options


def fix(run: Run, *, unsafe: bool) -> None:
    """Write the fixes of all apps, or none.

    Raises:
        UsageError: they cannot be written.
    """
    from pydeploy_lint.fix.command import fix_on_disk
    from pydeploy_lint.fix.write import WriteError

    try:
        apps = fix_on_disk(_openable(run), run.registry, unsafe=unsafe)
    except WriteError as error:
        raise UsageError(f"--fix: {error}") from error
    _report_fixes(apps, written=True)


def print_patch(run: Run, *, unsafe: bool, verbose: bool) -> Status:
    """Print what the fixes change; the exit status says whether there is any."""
    from pydeploy_lint.fix.command import fix_all, patch_of

    tally = Tally(failed=bool(run.registry.failures))
    complain(run.registry.failures)
    for outcome in run.outcomes():
        tally.add(outcome)
        if verbose:
            inform_of_rules(outcome)
        complain([*(str(each.why) for each in outcome.unjudged), *failures_of(outcome.report)])
    apps = fix_all(_openable(run), run.registry, unsafe=unsafe)
    patch = patch_of(apps)
    text = patch.decode("utf-8", "surrogateescape")
    if is_log(sys.stdout):
        write("".join(f"{_harmless(line)}\n" for line in text.split("\n")[:-1]))
    else:
        # The bytes of the files as they are, whatever the terminal can show.
        configure(sys.stdout, encoding="utf-8", newline="\n", errors="surrogateescape")
        write(text)
    _report_fixes(apps, written=False)
    if tally.status not in (Status.CLEAN, Status.FOUND):
        return tally.status
    return Status.FOUND if patch else Status.CLEAN


def _openable(run: Run) -> Iterator[tuple[str, Options]]:
    """The apps that can be opened; what is wrong with the others is reported where they are judged.

    Raises:
        UsageError: there are no files that could be changed.
    """
    for target in run.targets:
        try:
            with run.job.opened(target, run.registry) as opened:
                options = opened.options
        except NotOpened:
            continue
        if opened.rev is not None:
            raise UsageError(f"{target.label}: only files in the working tree can be fixed, and this is a commit")
        yield os.path.join(target.path, target.directory) if target.directory else target.path, options


def _report_fixes(apps: list[FixedApp], *, written: bool) -> None:
    from pydeploy_lint.fix.command import remaining, summary

    inform(f"warning: {refusal}" for app in apps for refusal in app.refusals)
    done = summary(apps, written=written)
    inform([done] if done else [])
    tell(line if line.startswith(" ") else f"pydeploy-lint: {line}" for line in remaining(apps))


def _harmless(line: str) -> str:
    """A line of a patch as people see it: nothing for terminals and runners to obey but tabs, and no credential."""
    return inert("\t".join(map(visible, masked(line).split("\t"))))
