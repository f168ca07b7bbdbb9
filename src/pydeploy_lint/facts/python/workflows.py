"""The versions of Python that GitHub workflows set up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydeploy_lint.files.utf8 import Utf8

if TYPE_CHECKING:
    from tree_sitter import Node

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
_SCALARS = {"plain_scalar": 0, "double_quote_scalar": 1, "single_quote_scalar": 1}
"""The kinds of texts, and how many quotes are around them."""
_SEQUENCES = ("block_sequence", "block_sequence_item", "flow_sequence", "block_node", "flow_node")
_PAIRS = ("block_mapping_pair", "flow_pair")

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
    values = _texts_by_key(source)
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
    """The texts that stand for each key anywhere in the file, alone or in a list."""
    import tree_sitter
    import tree_sitter_yaml

    encoded = Utf8(source.text)
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_yaml.language()))
    found: dict[str, Versions] = {}
    waiting = [parser.parse(encoded.data).root_node]
    while waiting:
        node = waiting.pop()
        key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
        if node.type in _PAIRS and key is not None and value is not None:
            name = encoded.text(key.start_byte, key.end_byte).strip("\"'")
            for text in _texts(value):
                quotes = _SCALARS.get(text.type, 0)
                start, end = encoded.character(text.start_byte), encoded.character(text.end_byte)
                found.setdefault(name, []).append((source.text[start + quotes : end - quotes], source.span(start, end)))
        waiting.extend(reversed(node.named_children))
    return found


def _texts(value: Node) -> Iterator[Node]:
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if node.type in _SEQUENCES:
            waiting.extend(reversed(node.named_children))
        elif node.type not in ("block_mapping", "flow_mapping", "comment"):
            yield node
