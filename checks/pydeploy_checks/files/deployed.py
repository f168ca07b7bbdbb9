"""Files that exist locally and do not get to Heroku."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydeploy_lint.plugin import DEV_CENTER, SLUGIGNORE, App, Edit, Example, Fix, Problem, Severity, Span, check

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Withheld

APP = {"requirements.txt": "", ".python-version": "3.13\n"}


@check("file-not-deployed", severity=Severity.WARNING, url=DEV_CENTER + "slug-compiler#ignoring-files-with-slugignore")
def file_not_deployed(app: App) -> Iterator[Problem]:
    """A file that Heroku looks for exists locally, but is not deployed.

    Heroku sees what git pushes, without what `.slugignore` excludes. A file that git ignores is on this machine only:
    the app works here, but the build continues as if there were no such file.

    The file is reported only if its absence makes a difference: an ignored `requirements.txt` beside a `uv.lock` is
    fine.

    ## How to fix

    Remove the rule from `.gitignore` or `.slugignore`, or add the file to git with `git add --force`.
    """
    for name, reason in app.withheld.items():
        where = f"{reason.by} line {reason.at.line}" if reason.at else reason.by
        if reason.by == SLUGIGNORE:
            who, way_out = "is excluded from the build", f"Delete the rule in {where}."
            way = _without_rule(app, reason)
        else:
            command = f"git add --force {shlex.quote(name)}"
            who, way_out = "is ignored by git", f"Add it anyway:\n    {command}"
            way = Fix.by_hand("Add it anyway", command)
        yield Problem(
            f"{name} exists locally, but {who} ({where}: {reason.rule!r}), so Heroku does not see it",
            reason.at or Span(name),
            help=way_out,
            fix=way,
        )


def _without_rule(app: App, reason: Withheld) -> Fix | None:
    """Delete the line with the rule; a suggestion, as it may keep other files out."""
    source = app.files.source(reason.by) if reason.at else None
    if source is None or reason.at is None or reason.at.line is None:
        return None
    start, end = source.offset(reason.at.line, 1), source.text.find("\n", source.offset(reason.at.line, 1))
    span = source.span(start, end + 1 if end >= 0 else len(source.text))
    return Fix(f"Delete line {reason.at.line} of {reason.by}", (Edit(span, ""),), safe=False)


file_not_deployed.examples(
    bad=[Example({**APP, "Procfile": "web: flask run\n", ".slugignore": "Proc*\n"}, at=(".slugignore:1:1-1:6",))],
    good=[Example({**APP, "Procfile": "web: flask run\n", ".slugignore": "*.psd\n"})],
)


@check("file-untracked", severity=Severity.NOTE, url=DEV_CENTER + "git#deploy-your-code")
def file_untracked(app: App) -> Iterator[Problem]:
    """A file that Heroku looks for is not in git yet, or has a different name there.

    pydeploy-lint judges the app as if the file were committed. Until it is, Heroku does not see it.

    On macOS and Windows a file can be renamed from `procfile` to `Procfile` without git noticing: the pushed
    file has the old name, and Heroku is case-sensitive.

    ## How to fix

    Add the file to git, and commit it.
    """
    for name, in_git in app.files.tree.names_in_git(app.build.file_names).items():
        if in_git is None:
            yield Problem(
                f"{name} is not in git yet; Heroku does not see it until it is committed",
                Span(name),
                help=f"Add and commit it:\n    git add {shlex.quote(name)}",
                fix=Fix.by_hand("Add and commit it", f"git add {shlex.quote(name)}"),
            )
        elif in_git != name:
            rename = f"git mv --force {shlex.quote(in_git)} {shlex.quote(name)}"
            yield Problem(
                f"{name} has the name {in_git!r} in git, and Heroku is case-sensitive",
                Span(name),
                help=f"Rename it in git:\n    {rename}",
                fix=Fix.by_hand("Rename it in git", rename),
                severity=Severity.WARNING,
            )


file_untracked.examples(bad=[], good=[Example(APP)])
