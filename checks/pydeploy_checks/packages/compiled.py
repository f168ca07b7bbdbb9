"""What a requirements file that pip-compile or uv made says in its comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.plugin import App, Declared

OPTIONS = ("-r", "-c")
"""How files begin that are named as the origin of a requirement."""


def is_required_by_another(app: App, declared: Declared) -> bool:
    """Whether a compiled requirements file names another package as the reason for a requirement.

    It stands in a comment after the requirement and its hashes, in the same line or those that follow:

        wrapt==1.11.2
            # via
            #   -r requirements/base.txt
            #   deprecated
    """
    at = declared.place()
    source = app.files.source(at.path)
    if source is None or at.line is None or not at.path.endswith(".txt"):
        return False
    lines = source.text.splitlines()[at.line - 1 :]
    return any(not origin.startswith(OPTIONS) for origin in _origins(lines))


def _origins(lines: list[str]) -> Iterator[str]:
    """The packages and files that the comment of the first requirement names."""
    is_reason = False
    for index, line in enumerate(lines):
        code, _, comment = line.partition("#")
        if index and code.strip() and not code.lstrip().startswith("--"):
            return
        text = comment.strip()
        if text == "via" or text.startswith("via "):
            is_reason, text = True, text.removeprefix("via").strip()
        if is_reason and text:
            yield text
