"""Suppressions and baselines that do nothing any more, or do not say why."""

from __future__ import annotations

from collections.abc import Iterator

from pydeploy_lint.plugin import App, Edit, Example, Fix, Origin, Outcome, Problem, Severity, Span, Suppression, check

APP = {"requirements.txt": "", ".python-version": "3.13\n"}
OLD = {"requirements.txt": ""}
CONFIGURED = """\
[[suppress]]
check = "missing-python-version"
reason = "Python 3.13 is set by our own buildpack"
"""
BASELINE = """\
{
  "schema_version": 1,
  "apps": [
    {"path": ".", "findings": [
      {"check": "missing-python-version", "path": ".python-version", "content": null, "count": 1}
    ]}
  ]
}
"""


@check("unused-suppression", severity=Severity.NOTE, reviews=True)
def unused_suppression(app: App, outcome: Outcome) -> Iterator[Problem]:
    """A suppression names a check that has nothing to report there.

    The problem is solved, or the name or the place is wrong. A suppression that stays behind would hide the problem
    when it comes back.

    It is not reported where some check could not decide, because a file could not be read.

    ## How to fix

    Delete the suppression, or the name in it.
    """
    for suppression, name in outcome.unused:
        fix = None
        if not name:
            message = "the comment names no check, so it suppresses nothing"
            way_out = "Name the check, or the family:\n    # pydeploy-lint: ignore[check-name] the reason"
        elif name not in outcome.known_names:
            from pydeploy_lint.plugin import unknown_name

            unknown = unknown_name(name, "check or family", sorted(outcome.known_names))
            message = f"the suppression has no effect: {unknown}"
            way_out = "Correct the name; --list-checks shows them all."
        else:
            message = f"{name} has nothing to report here, so its suppression has no effect"
            way_out = "Delete it."
            fix = _deletion(app, suppression)
        yield Problem(message, _place(suppression), help=way_out, fix=fix)


unused_suppression.examples(
    bad=[
        Example(
            {**APP, ".python-version": "# pydeploy-lint: ignore[outdated-patch] tested with it\n3.13\n"},
            at=(".python-version:1:1-1:55",),
        ),
        Example(
            {**APP, ".python-version": "# pydeploy-lint: ignore[outdatedpatch] tested with it\n3.13.1\n"},
            at=(".python-version:1:1-1:54",),
        ),
        Example({**APP, ".pydeploy-lint.toml": CONFIGURED}, at=(".pydeploy-lint.toml:1:1-1:13",)),
    ],
    good=[
        Example({**APP, ".python-version": "# pydeploy-lint: ignore[python, outdated-patch] tested\n3.13.1\n"}),
        Example({**OLD, ".pydeploy-lint.toml": CONFIGURED}),
    ],
)


@check("expired-suppression", severity=Severity.NOTE, reviews=True)
def expired_suppression(_app: App, outcome: Outcome) -> Iterator[Problem]:
    """The date until which findings were suppressed has passed.

    They are reported again, with their own severity.

    ## How to fix

    Solve the problem and delete the suppression, or give it a later `until`.
    """
    for suppression in outcome.expired:
        yield Problem(
            f"the suppression of {', '.join(suppression.names)} ended on {suppression.until}",
            _place(suppression),
            help="Solve the problem and delete the suppression, or set until to a later date.",
        )


expired_suppression.examples(
    bad=[
        Example(
            {**OLD, ".pydeploy-lint.toml": CONFIGURED + "until = 2026-06-30\n"},
            at=(".pydeploy-lint.toml:1:1-1:13",),
            options={"as-of": "2026-07-01"},
        )
    ],
    good=[
        Example({**OLD, ".pydeploy-lint.toml": CONFIGURED + "until = 2026-06-30\n"}, options={"as-of": "2026-06-30"})
    ],
)


@check("unexplained-suppression", severity=Severity.NOTE, reviews=True)
def unexplained_suppression(_app: App, outcome: Outcome) -> Iterator[Problem]:
    """A comment suppresses a check, and does not say why.

    It does its work all the same. The reason is for whoever meets the comment in a year; it is shown by
    `--show-suppressed`, and in code scanning.

    ## How to fix

    Add the reason after the brackets.
    """
    for suppression in outcome.unexplained:
        names = ", ".join(suppression.names)
        yield Problem(
            f"the suppression of {names} has no reason",
            _place(suppression),
            help=f"Add it after the brackets:\n    # pydeploy-lint: ignore[{names}] the reason",
        )


unexplained_suppression.examples(
    bad=[
        Example(
            {**APP, ".python-version": "# pydeploy-lint: ignore[outdated-patch]\n3.13.1\n"},
            at=(".python-version:1:1-1:40",),
        )
    ],
    good=[
        Example({**APP, ".python-version": "# pydeploy-lint: ignore[outdated-patch] 3.13.2 breaks our build\n3.13.1\n"})
    ],
)


@check("stale-baseline-entry", severity=Severity.NOTE, reviews=True)
def stale_baseline_entry(_app: App, outcome: Outcome) -> Iterator[Problem]:
    """The baseline expects a finding that is not there any more.

    The problem is solved, or its line has changed. An entry that stays behind would hide the problem when it comes
    back.

    ## How to fix

    Write the baseline again, with `--write-baseline`, or delete the entry.
    """
    for (name, path, _), missing, at in outcome.stale:
        are = "are" if missing > 1 else "is"
        yield Problem(
            f"the baseline lists {missing} {name} in {path} that {are} not there any more",
            at,
            help="Write it again with --write-baseline, or delete the entry.",
        )


stale_baseline_entry.examples(
    bad=[
        Example(
            {**APP, "baseline.json": BASELINE},
            at=("baseline.json:5:7-5:98",),
            options={"baseline": "baseline.json"},
        )
    ],
    good=[Example({**OLD, "baseline.json": BASELINE}, options={"baseline": "baseline.json"})],
)


def _deletion(app: App, suppression: Suppression) -> Fix | None:
    """Edits that delete a comment with one name, and its line if nothing else is in it."""
    path, line, column, *_ = _place(suppression)
    source = app.files.source(path)
    if suppression.origin is not Origin.COMMENT or len(suppression.names) > 1 or not (source and line and column):
        return None
    text = source.line(line)
    kept = text[: column - 1].rstrip()
    if kept or line == source.line_count:
        stretch = Span(path, line, len(kept) + 1, line, len(text) + 1)
    else:
        stretch = Span(path, line, 1, line + 1, 1)
    return Fix("Delete the comment", (Edit(stretch, ""),))


def _place(suppression: Suppression) -> Span:
    return suppression.at or Span(".")
