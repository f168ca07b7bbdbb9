"""The blocks of a file of Terraform or OpenTofu, with the places of their attributes.

No expression is evaluated: one is known by its tokens, so that lists and strings can be read out of it. Templates in
strings, here-documents and comments are skipped as wholes. Source: HCL's native syntax specification.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_TOKEN = re.compile(
    r"""[ \t\r]*(?:
        (?P<newline>\n)
      | (?P<comment>\#[^\n]*|//[^\n]*)
      | (?P<inline_comment>/\*)
      | (?P<heredoc><<-?(?P<name>[^\W\d][\w-]*)[ \t\r]*\n)
      | (?P<word>[^\W\d][\w-]*)
      | (?P<string>")
      | (?P<open>[\[{(])
      | (?P<close>[\]})])
      | (?P<equals>=(?![=>]))
      | (?P<comma>,)
      | (?P<other>==|=>|[^ \t\r])
    )""",
    re.VERBOSE,
)
_IN_STRING = re.compile(r'\\.|\$\$\{|%%\{|[$%]\{|"|\n')
_IN_TEMPLATE = re.compile(r'["{}]')
_TEMPLATE_OR_ESCAPE = re.compile(r"\\|[$%]\{")


class Token(NamedTuple):
    """A word, a string, a here-document, a bracket, ``=``, a comma, a line end, or a character of something else.

    Attributes:
        kind: ``word``, ``string``, ``heredoc``, ``open``, ``close``, ``equals``, ``comma``, ``newline`` or ``other``.
        start: the offset of its first character.
        end: the offset after its last.
    """

    kind: str
    start: int
    end: int


class Literal(NamedTuple):
    """A string in which nothing is computed or escaped, and the place of its text, without the quotes."""

    text: str
    start: int
    end: int


class Block(NamedTuple):
    """A block at the top of a file.

    Attributes:
        header: its type and its labels, without quotes.
        attributes: the tokens of the expression of each attribute that is directly in it.
    """

    header: tuple[str, ...]
    attributes: dict[str, list[Token]]


class Hcl:
    """A file of Terraform or OpenTofu, valid or not."""

    def __init__(self, text: str) -> None:
        self.text = text

    def blocks(self) -> Iterator[Block]:
        """The blocks at the top, in order, as far as they are closed."""
        open_blocks: list[Block] = []
        header: list[Token] = []
        tokens = self.tokens()
        for token in tokens:
            if token.kind in ("word", "string"):
                header.append(token)
            elif token.kind == "equals" and len(header) == 1 and open_blocks:
                last, value = _expression(tokens)
                open_blocks[-1].attributes[self._name(header[0])] = value
                header.clear()
                if last and last.kind == "close":
                    yield from self._close(open_blocks)
            else:
                if token.kind == "open" and self.text[token.start] == "{":
                    open_blocks.append(Block(tuple(map(self._name, header)), {}))
                elif token.kind == "close" and self.text[token.start] == "}":
                    yield from self._close(open_blocks)
                header.clear()

    def _close(self, open_blocks: list[Block]) -> Iterator[Block]:
        closed = open_blocks.pop() if open_blocks else None
        if closed and not open_blocks:
            yield closed

    def _name(self, token: Token) -> str:
        return self.text[token.start : token.end].strip('"')

    def elements(self, expression: Sequence[Token]) -> Iterator[list[Token]]:
        """The elements of a list; none where the expression is anything else."""
        return self._inside(expression, "[", {"comma"})

    def pairs(self, expression: Sequence[Token]) -> Iterator[tuple[str, list[Token]]]:
        """The pairs of an object, by the texts of their keys; none where the expression is anything else."""
        for item in self._inside(expression, "{", {"comma", "newline"}):
            if len(item) > 1 and item[0].kind in ("word", "string") and self._is_assignment(item[1]):
                yield self._name(item[0]), item[2:]

    def _is_assignment(self, token: Token) -> bool:
        return token.kind == "equals" or self.text[token.start : token.end] == ":"

    def _inside(self, expression: Sequence[Token], bracket: str, separators: set[str]) -> Iterator[list[Token]]:
        """What is between the separators inside the brackets, if these are the whole expression."""
        if not expression or self.text[expression[0].start] != bracket or expression[0].kind != "open":
            return
        depths = list(_depths(expression))
        if 0 in depths[:-1] or depths[-1] != 0:
            return
        item: list[Token] = []
        for token, (before, after) in zip(expression[1:], pairwise(depths), strict=True):
            if after == 0 or (before == 1 and token.kind in separators):
                yield from [item] if item else []
                item = []
            elif token.kind != "newline":
                item.append(token)

    def literal(self, expression: Sequence[Token]) -> Literal | None:
        """The string that an expression is; None where it is anything else, or has escapes or a template."""
        if len(expression) != 1 or expression[0].kind != "string":
            return None
        _, start, end = expression[0]
        text = self.text[start + 1 : end - 1]
        if not text or self.text[end - 1] != '"' or _TEMPLATE_OR_ESCAPE.search(text):
            return None
        return Literal(text, start + 1, end - 1)

    def tokens(self) -> Iterator[Token]:
        """The tokens without comments."""
        at = 0
        while match := _TOKEN.match(self.text, at):
            kind = match.lastgroup or "other"
            start, at = match.start(kind), match.end()
            if kind == "inline_comment":
                at = self._after("*/", at)
            elif kind == "heredoc":
                at = self._heredoc_end(match["name"], at)
            elif kind == "string":
                at = self._string_end(at)
            if kind not in ("comment", "inline_comment"):
                yield Token(kind, start, at)

    def _after(self, mark: str, at: int) -> int:
        end = self.text.find(mark, at)
        return len(self.text) if end < 0 else end + len(mark)

    def _heredoc_end(self, name: str, at: int) -> int:
        """Where the line with the name alone ends; its line end belongs to what follows."""
        while at < len(self.text):
            end = self.text.find("\n", at)
            end = len(self.text) if end < 0 else end
            if self.text[at:end].strip(" \t\r") == name:
                return end
            at = end + 1
        return len(self.text)

    def _string_end(self, at: int) -> int:
        """Where the string ends whose text begins here, over strings in templates in it; a line end ends it, too."""
        inside = ['"']
        while part := (_IN_STRING if inside[-1] == '"' else _IN_TEMPLATE).search(self.text, at):
            at = part.end()
            if part[0] == "\n":
                return at - 1
            if part[0] in ("${", "%{", "{"):
                inside.append("{")
            elif part[0] == '"' and inside[-1] == "{":
                inside.append('"')
            elif part[0] in ('"', "}"):
                inside.pop()
                if not inside:
                    return at
        return len(self.text)


def _expression(tokens: Iterator[Token]) -> tuple[Token | None, list[Token]]:
    """The tokens to the end of the line, or of the block, and the one that ends them."""
    expression: list[Token] = []
    depth = 0
    for token in tokens:
        if depth == 0 and token.kind in ("newline", "close"):
            return token, expression
        expression.append(token)
        depth += (token.kind == "open") - (token.kind == "close")
    return None, expression


def _depths(tokens: Iterable[Token]) -> Iterator[int]:
    """How many brackets are open after each token."""
    depth = 0
    for token in tokens:
        depth += (token.kind == "open") - (token.kind == "close")
        yield depth
