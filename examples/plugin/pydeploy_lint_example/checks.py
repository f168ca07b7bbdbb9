"""A check of our own: the Dockerfile is not made for another Python than Heroku installs."""

from collections.abc import Iterator

from pydeploy_lint.plugin import App, Example, Problem, Severity, check
from pydeploy_lint_example.facts import docker_images


@check("example-docker-python", severity=Severity.WARNING)
def docker_python(app: App) -> Iterator[Problem]:
    """The `Dockerfile` runs another Python than Heroku does.

    Then the app is tested with one Python and served with another.

    ## How to fix

    Use the same series in the `Dockerfile` and in `.python-version`.
    """
    request = app.python.request
    if request is None:
        return
    for image, at in docker_images(app):
        name, _, tag = image.partition(":")
        if name == "python" and tag and not tag.startswith(request.series):
            yield Problem(
                f"the Dockerfile runs {image}, but Heroku installs Python {request.series}",
                at,
                help=f"Use the same Python:\n    FROM python:{request.series}-slim",
            )


docker_python.examples(
    bad=[
        Example(
            {".python-version": "3.13\n", "requirements.txt": "", "Dockerfile": "FROM python:3.12-slim\n"},
            at=("Dockerfile:1:6-1:22",),
        )
    ],
    good=[Example({".python-version": "3.13\n", "requirements.txt": "", "Dockerfile": "FROM python:3.13-slim\n"})],
)
