"""The stack on which the app is built: whether Heroku builds on it, and until when."""

from collections.abc import Iterator

from pydeploy_lint.plugin import DEV_CENTER, App, BuiltBy, Change, Edit, Example, Fix, Problem, Severity, Status, check

URL = DEV_CENTER + "stack"
APP = {"requirements.txt": "", ".python-version": "3.13\n"}
PERIODS = {1: "each day", 7: "each week"}


def _with_ways(app: App, problem: Problem) -> Problem:
    """The problem with the ways to a newer stack: in ``app.json``, and for an app that exists."""
    commands = (
        f"heroku stack:set {app.policy.recommended_stack}",
        "git commit --allow-empty -m 'Upgrade the stack'",
        "git push heroku",
    )
    lines = "\n".join(f"    {command}" for command in commands)
    advice = f"Set the new stack and deploy; app.json alone does not change an existing app:\n{lines}"
    return problem._replace(help=advice).with_fixes(_declare(app), Fix.by_hand("Set the stack of an app", *commands))


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

    The stack is the one in `app.json`, or the one given with `--stack`. An existing app has the stack that
    `heroku stack` prints, whatever `app.json` says. A stack that may have come after the end of pydeploy-lint's data
    is only noted. A script with `heroku create --stack` or `heroku stack:set` gets a warning, as the files do not say
    which app it is for.

    ## How to fix

    Move to a stack that Heroku builds on, with `heroku stack:set`.
    """
    if app.declared.route.built_by in (BuiltBy.CONTAINER, BuiltBy.CLOUD_NATIVE):
        return
    if app.policy.stack_may_be_supported_by_now:
        yield Problem(
            f"Heroku probably has the stack {app.policy.stack} by now, but pydeploy-lint does not know it; "
            f"its platform data of {app.policy.data_until} is {app.policy.age_days} days old",
            app.declared.stack_at,
            help=f"Update pydeploy-lint, or use a stack that it knows:\n    {app.policy.stacks[-1]}",
            severity=Severity.NOTE,
            certain=False,
        )
        return
    yield from _in_scripts(app)
    ended = app.policy.stack_status is Status.END_OF_LIFE
    if ended or app.policy.stack_status is Status.UNKNOWN:
        what = "has reached its end of life" if ended else "is unknown"
        problem = Problem(
            f"the stack {app.policy.stack} {what}; Heroku builds on {', '.join(app.policy.stacks)}",
            app.declared.stack_at,
            failure_reason="checks::stack::eol" if ended else "checks::stack::unknown",
        )
        yield _with_ways(app, problem)


def _in_scripts(app: App) -> Iterator[Problem]:
    """The stacks that scripts give to apps, where Heroku does not build on them."""
    for stack, at in app.declared.stacks_in_scripts:
        policy = app.policy.with_stack(stack)
        if stack in ("container", "cnb") or policy.stack_status not in (Status.END_OF_LIFE, Status.UNKNOWN):
            continue
        what = "has reached its end of life" if policy.stack_status is Status.END_OF_LIFE else "is unknown"
        yield Problem(
            f"{at.path} puts apps on the stack {stack}, which {what}: Heroku builds on {', '.join(policy.stacks)}",
            at,
            help=f"Use a stack in service:\n    {policy.recommended_stack}",
            severity=Severity.WARNING,
            fix=Fix(f"Use {policy.recommended_stack}", (Edit(at, policy.recommended_stack),), safe=False),
        )


unsupported_stack.examples(
    bad=[
        Example({**APP, "bin/setup": "#!/bin/sh\nheroku create shop --stack heroku-20\n"}, at=("bin/setup:2:28-2:37",)),
        Example({**APP, "app.json": '{"stack": "heroku-20"}'}, at=("app.json:1:11-1:22",)),
        Example({**APP, "app.json": '{"stack": "heroku-99"}'}, at=("app.json:1:11-1:22",)),
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
    yield _with_ways(app, Problem(f"the stack {app.policy.stack} is deprecated: {now}{end}", app.declared.stack_at))


stack_retiring.examples(
    bad=[
        Example(
            {**APP, "app.json": '{"stack": "heroku-22"}'}, at=("app.json:1:11-1:22",), options={"as-of": "2026-11-23"}
        )
    ],
    good=[Example({**APP, "app.json": '{"stack": "heroku-24"}'}, options={"as-of": "2026-11-23"})],
)
