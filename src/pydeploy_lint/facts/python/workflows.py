"""The versions of Python that GitHub workflows set up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydeploy_lint.files.source import Source
    from pydeploy_lint.finding import Span

DIRECTORY = ".github/workflows"
MOST_FILES = 50
LARGEST = 200_000
"""Bytes; nobody writes a longer workflow."""
KEY = "python-version"
_OTHER_MEANS = re.compile(
    r"python-version-file|setup-uv|\buv (?:run|sync|venv|python)\b|\bpyenv\b|\bmise\b|\basdf\b|\bcontainer:|conda"
)
"""What sets up Python in a way that is not followed here."""
_EXPRESSION = re.compile(r"\$\{\{\s*(?:matrix|env)\.([\w-]+)\s*\}\}")

Versions = list[tuple[str, "Span"]]


def is_workflow(name: str) -> bool:
    """Whether a file of this name in `DIRECTORY` is a workflow."""
    return name.endswith((".yml", ".yaml"))


def python_versions(source: Source) -> Versions | None:
    """Every version that a workflow names for ``python-version``, as it is written, matrices included.

    Args:
        source: the workflow.

    Returns:
        None where it cannot be told which versions it sets up.
    """
    if _OTHER_MEANS.search(source.text) or len(source.data) > LARGEST:
        return None
    if KEY not in source.text:
        return []
    from pydeploy_lint.files.formats.yaml import UnreadableYaml

    try:
        values = _texts_by_key(source)
    except UnreadableYaml:
        return None
    found: Versions = []
    for text, at in values.get(KEY, []):
        expression = _EXPRESSION.fullmatch(text)
        if expression is None:
            found.append((text, at))
        elif not (named := values.get(expression[1])):
            return None
        elif expression[1] != KEY:
            found += named
    return found


def _texts_by_key(source: Source) -> dict[str, Versions]:
    """The texts that stand for each key anywhere in the file, alone or in a list.

    Raises:
        UnreadableYaml: the file cannot be read.
    """
    from pydeploy_lint.files.formats.yaml import Style, texts

    found: dict[str, Versions] = {}
    for text in texts(source.text):
        if text.keys:
            quotes = int(text.style is Style.QUOTED)
            written = source.text[text.start + quotes : text.end - quotes]
            found.setdefault(text.keys[-1], []).append((written, source.span(text.start, text.end)))
    return found
