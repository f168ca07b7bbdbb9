"""The commands of a shell script with their words as the shell would see them, as far as the text alone tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.files.utf8 import Utf8

if TYPE_CHECKING:
    from collections.abc import Iterator

    import tree_sitter

# What another program puts in before the shell sees the text, such as GitHub's ${{ expressions }}.
_FOREIGN = re.compile(r"\$\{\{.*?\}\}")
_ESCAPE = re.compile(r"\\(?:\n|(.))", re.DOTALL)
_ESCAPE_IN_STRING = re.compile(r"\\(?:\n|([\"$`\\]))")


class Word(NamedTuple):
    """A word of a command."""

    value: str | None
    """Without quotes and escapes, variables replaced; None where that cannot be told."""
    start: int
    end: int


class Command(NamedTuple):
    """A simple command: a program and its arguments."""

    words: tuple[Word, ...]


def read_commands(code: str) -> Iterator[Command]:
    """The simple commands of a script, in the order of its text, wherever they are nested.

    A variable has a value if the script assigns it once, outside of any condition or loop, before it is used.
    Positions are offsets in the code.
    """
    import tree_sitter
    import tree_sitter_bash

    code = _FOREIGN.sub(lambda match: "$" + "_" * (len(match[0]) - 1), code)
    source = Utf8(code)
    root = tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language())).parse(source.data).root_node
    script = _Script(source, root)
    for node in _nodes(root):
        if node.type == "command" and not node.has_error:
            yield Command(tuple(script.word(child) for child in script.arguments(node)))


def _nodes(root: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """A node and all below it, in the order of the text; without recursion, as scripts may be nested deeply."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.named_children))


class _Script:
    def __init__(self, source: Utf8, root: tree_sitter.Node) -> None:
        self.source = source
        self.variables: dict[str, tuple[int, tree_sitter.Node | None]] = {}
        for node in _nodes(root):
            if node.type == "variable_assignment" and (name := node.child_by_field_name("name")):
                value = node.child_by_field_name("value") if _is_unconditional(node) else None
                key = self.text(name)
                self.variables[key] = (node.start_byte, None if key in self.variables else value)
            elif node.type == "for_statement" and (name := node.child_by_field_name("variable")):
                self.variables[self.text(name)] = (node.start_byte, None)

    def text(self, node: tree_sitter.Node) -> str:
        return self.source.text(node.start_byte, node.end_byte)

    def arguments(self, command: tree_sitter.Node) -> list[tree_sitter.Node]:
        """The program's name and what follows it, without assignments and redirections."""
        skipped = ("variable_assignment", "file_redirect", "herestring_redirect", "heredoc_redirect", "comment")
        nodes = [node for node in command.named_children if node.type not in skipped]
        return [node.named_children[0] if node.type == "command_name" else node for node in nodes]

    def word(self, node: tree_sitter.Node) -> Word:
        start, end = self.source.character(node.start_byte), self.source.character(node.end_byte)
        return Word(self.value(node, node.start_byte), start, end)

    def value(self, node: tree_sitter.Node, before: int, depth: int = 0) -> str | None:
        """The value of a word or a part of one, with the variables assigned before an offset."""
        text = self.text(node)
        match node.type:
            case "word" | "number":
                return _ESCAPE.sub(r"\1", text)
            case "raw_string":
                return text[1:-1]
            case "string":
                return self._joined(node, before, depth, inside=True)
            case "concatenation":
                return self._joined(node, before, depth, inside=False)
            case "simple_expansion" | "expansion":
                return self._variable(node, before, depth)
        return None

    def _variable(self, node: tree_sitter.Node, before: int, depth: int) -> str | None:
        text = self.text(node)
        written = text.lstrip()  # Inside a string the grammar counts the blanks before it in.
        names = [self.text(child) for child in node.named_children if child.type == "variable_name"]
        if len(names) != 1 or written not in (f"${names[0]}", f"${{{names[0]}}}"):
            return None
        assigned, value = self.variables.get(names[0], (before, None))
        # A script can chain variables without end.
        if value is None or assigned >= before or depth == 10:
            return None
        known = self.value(value, assigned, depth + 1)
        return known and text[: -len(written)] + known

    def _joined(self, node: tree_sitter.Node, before: int, depth: int, *, inside: bool) -> str | None:
        """The parts of a string or of words written together; the grammar has no nodes for blanks between them."""
        parts: list[str | None] = []
        position = node.start_byte + inside
        for child in node.named_children:
            parts.append(self.source.text(position, child.start_byte))
            if child.type == "string_content":
                parts.append(_ESCAPE_IN_STRING.sub(r"\1", self.text(child)))
            else:
                parts.append(self.value(child, before, depth))
            position = child.end_byte
        parts.append(self.source.text(position, node.end_byte - inside))
        known = [part for part in parts if part is not None]
        return "".join(known) if len(known) == len(parts) else None


def _is_unconditional(assignment: tree_sitter.Node) -> bool:
    parent = assignment.parent
    while parent is not None and parent.type in ("list", "declaration_command", "variable_assignments"):
        parent = parent.parent
    return parent is not None and parent.type == "program" and b"+=" not in (assignment.text or b"")
