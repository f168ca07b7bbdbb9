"""Whether Heroku takes the root directory for a Python app, and where else apps are."""

import shlex
from collections.abc import Iterator

from pydeploy_checks.packages.managers import FEW, URL, VERSION, advice, choices, pushes
from pydeploy_lint.plugin import App, Example, Fix, Problem, Severity, Span, check

PRE_COMMIT = ".pre-commit-config.yaml"


@check("python-not-detected", severity=Severity.ERROR, url=URL)
def python_not_detected(app: App) -> Iterator[Problem]:
    """Nothing in the root of the app says that it is a Python app.

    Heroku looks for some twenty names in the root directory, such as `requirements.txt`, `pyproject.toml` or
    `manage.py`. If it finds none, it does not use the Python buildpack; if the app is set to use it, Heroku rejects
    the push.

    ## How to fix

    Run pydeploy-lint in the directory that holds the app, and push that. Only the root of what is pushed counts. If
    there are apps in directories below, the finding names them.
    """
    if not app.build.detected:
        paths = [below.path for below in app.managers.apps_below if below.starts]
        elsewhere = f", but there {_are_apps(paths)}" if paths else ""
        empty = Fix.by_hand("Add an empty requirements.txt", "touch requirements.txt", "git add requirements.txt")
        yield Problem(
            "Heroku does not recognise a Python app: none of the files it looks for is in the root directory"
            + next(_withheld(app), elsewhere),
            Span("."),
            help="\n".join(_ways_to_apps(app, paths) if paths else _ways_to_detection(app)),
            failure_reason="detect",
            fix=None if paths or app.managers.apps_below or app.managers.hints else empty,
        )


def _are_apps(paths: list[str]) -> str:
    """Where apps are; of many only the first ones."""
    shown = paths[:FEW]
    more = [f"{len(paths) - FEW} more"] if len(paths) > FEW else []
    *first, last = [*shown, *more]
    where = f"{', '.join(first)} and {last}" if first else last
    return f"are apps in {where}" if first else f"is an app in {where}"


def _ways_to_apps(app: App, paths: list[str]) -> Iterator[str]:
    yield f"Check {'them by their paths' if len(paths) > 1 else 'it by its path'}:"
    quoted = [shlex.quote(path) for path in paths[:FEW]]
    yield f"    pydeploy-lint {' '.join(quoted)}"
    if app.files.tree.is_file(PRE_COMMIT):
        yield f"In {PRE_COMMIT}, give the hook {'these paths' if len(paths) > 1 else 'this path'} too:"
        yield f"    args: [{', '.join(quoted)}]"
    yield from pushes(app)


def _ways_to_detection(app: App) -> Iterator[str]:
    yield f"Add {choices(app)} to the root of the app."
    yield from advice(app)


def _withheld(app: App) -> Iterator[str]:
    """Files that would show a Python app, but do not get to Heroku."""
    for name in app.policy.rules.detect:
        if reason := app.files.tree.withheld.get(name.removesuffix("/")):
            yield f"; {name} exists locally but {reason.rule!r} in {reason.by} excludes it"


python_not_detected.examples(
    bad=[
        Example({"src/app.py": "print()\n"}, at=(".",)),
        Example({"requirements.txt": "", ".slugignore": "*.txt\n"}, at=(".",)),
        Example({"services/api/Procfile": "web: python app.py\n", "services/api/requirements.txt": ""}, at=(".",)),
    ],
    good=[Example({**VERSION, "requirements.txt": ""})],
)
