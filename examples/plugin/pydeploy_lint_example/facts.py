"""A fact of our own: the base images that the Dockerfile names."""

import re

from pydeploy_lint.plugin import App, Span, app_fact

BASE_IMAGE = re.compile(r"^FROM[ \t]+(\S+)", re.MULTILINE | re.IGNORECASE)


@app_fact
def docker_images(app: App) -> list[tuple[str, Span]]:
    """The base images of the ``Dockerfile``, each with its place; none where there is no such file."""
    dockerfile = app.files.source("Dockerfile")
    if dockerfile is None:
        return []
    return [(found[1], dockerfile.span(*found.span(1))) for found in BASE_IMAGE.finditer(dockerfile.text)]
