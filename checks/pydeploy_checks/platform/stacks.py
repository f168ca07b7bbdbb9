"""The stack on which the app is built: whether Heroku builds on it, and until when."""

from collections.abc import Iterator

from pydeploy_lint.plugin import DEV_CENTER, App, Change, Edit, Example, Fix, Problem, Severity, Status, check

URL = DEV_CENTER + "stack"
APP = {"requirements.txt": "", ".python-version": "3.13\n"}
PERIODS = {1: "each day", 7: "each week"}
OTHER_BUILDS = {"container": "a Docker image, as heroku.yml says", "cnb": "with Cloud Native Buildpacks"}
"""Stacks on which the classic buildpack does not run."""


def _upgrade(app: App) -> str:
    stack = app.policy.recommended_stack
    return (
        f"Set the new stack and deploy; app.json alone does not change an existing app:\n"
        f"    heroku stack:set {stack}\n    git commit --allow-empty -m 'Upgrade the stack'\n    git push heroku"
    )


def _declare(app: App) -> Fix | None:
    """Another stack in ``app.json``; a suggestion, because another operating system has other packages."""
    if app.declared.stack_at.line is None:
        return None
    stack = app.policy.recommended_stack
    edit = Edit(app.declared.stack_at, f'"{stack}"')
    return Fix(f"Set the stack to {stack} in app.json, which applies to new apps", (edit,), safe=False)


@check("unsupported-stack", severity=Severity.ERROR, url=URL)
def unsupported_stack(app: App) -> Iterator[Problem]:
    """The stack has reached its end of life, or is unknown.

    A stack is the image of the operating system on which an app is built and runs. Heroku blocks builds on a stack
    after its end of life, and the buildpack rejects a stack that it does not know.

    The stack is the one in `app.json`, or the one given with `--stack`. An app that exists has the stack that
    `heroku stack` prints, whatever `app.json` says. On the stack `container` no buildpack runs: what is reported
    holds for a build with one.

    ## How to fix

    Move to a stack that Heroku builds on, with `heroku stack:set`.
    """
    if app.policy.stack in OTHER_BUILDS:
        yield Problem(
            f"on the stack {app.policy.stack} Heroku builds {OTHER_BUILDS[app.policy.stack]}; pydeploy-lint judges how "
            "the classic Python buildpack would build the app",
            app.declared.stack_at,
            help=f"Name a stack to judge by:\n    pydeploy-lint --stack {app.policy.recommended_stack}",
            severity=Severity.NOTE,
        )
        return
    ended = app.policy.stack_status is Status.END_OF_LIFE
    if ended or app.policy.stack_status is Status.UNKNOWN:
        what = "has reached its end of life" if ended else "is unknown"
        yield Problem(
            f"the stack {app.policy.stack} {what}; Heroku builds on {', '.join(app.policy.stacks)}",
            app.declared.stack_at,
            help=_upgrade(app),
            failure_reason="checks::stack::eol" if ended else "checks::stack::unknown",
            fix=_declare(app),
        )


unsupported_stack.examples(
    bad=[
        Example({**APP, "app.json": '{"stack": "heroku-20"}'}, at=("app.json:1:11-1:22",)),
        Example({**APP, "app.json": '{"stack": "heroku-99"}'}, at=("app.json:1:11-1:22",)),
        Example({**APP, "app.json": '{"stack": "container"}'}, at=("app.json:1:11-1:22",)),
    ],
    good=[Example({**APP, "app.json": '{"stack": "heroku-24"}'})],
)


@check("stack-retiring", severity=Severity.WARNING, url=URL)
def stack_retiring(app: App) -> Iterator[Problem]:
    """The stack is being retired: builds fail from time to time, and will be blocked.

    Before Heroku blocks builds on an old stack, it fails single builds on purpose (brownouts), so that somebody
    notices: first once a month, then every week, then every day. A second try succeeds, until builds are blocked for
    good.

    ## How to fix

    Test a newer stack with a review app, then move to it with `heroku stack:set`.
    """
    if app.policy.stack_status is not Status.DEPRECATED:
        return
    brown_out = app.policy.brown_out
    now = ""
    if brown_out and brown_out.every_days:
        period = PERIODS.get(brown_out.every_days, f"in {brown_out.every_days} days")
        now = f"the first build {period} fails since {brown_out.date}, and "
    blocked = [event.date for event in app.policy.stack_events if event.change is Change.STACK_BUILDS_BLOCKED]
    end = f"builds are blocked from {blocked[0]} on" if blocked else "it will be retired"
    yield Problem(
        f"the stack {app.policy.stack} is deprecated: {now}{end}",
        app.declared.stack_at,
        help=_upgrade(app),
        fix=_declare(app),
    )


stack_retiring.examples(
    bad=[
        Example(
            {**APP, "app.json": '{"stack": "heroku-22"}'}, at=("app.json:1:11-1:22",), options={"as-of": "2026-11-23"}
        )
    ],
    good=[Example({**APP, "app.json": '{"stack": "heroku-24"}'}, options={"as-of": "2026-11-23"})],
)
