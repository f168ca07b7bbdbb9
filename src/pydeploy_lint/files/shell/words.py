"""Reading of words: quotes, escapes and expansions, each with its place."""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_NESTING = 40
"""How deeply quotes and substitutions may be nested in each other."""
LITERAL, VARIABLE, UNKNOWN = range(3)
PLAIN = re.compile(r"[^ \t\n\r'\"\\$`;&|<>()]+")
_IN_STRING = re.compile(r'[^"\\$`]+')
_IN_BRACES = re.compile(r"[^}'\"\\$`]+")
_IN_BACKTICKS = r"(?s)[^`\\]*(?:\\.[^`\\]*)*"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
IN_PARENTHESES = r"""(?s)[()]|'[^']*'|"[^"\\]*(?:\\.[^"\\]*)*"|\\.|['"]"""
_ENDS = " \t\n;&|()"


class Segment(NamedTuple):
    """A part of a word."""

    kind: int
    text: str
    """What it stands for: characters, or a variable's name; what is unknown, as it is written."""
    start: int
    end: int
    quoted: bool


class Raw(NamedTuple):
    """A word as it is written."""

    start: int
    end: int
    segments: list[Segment]

    @property
    def plain(self) -> str | None:
        """Its text where nothing in it is quoted, escaped or replaced; reserved words are such words."""
        if len(self.segments) != 1:
            return None
        kind, text, start, end, quoted = self.segments[0]
        return text if kind == LITERAL and not quoted and end - start == len(text) == self.end - self.start else None


class Stop(Exception):
    """The script cannot be read from a place on."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


class WordReader:
    """Reads words at its position; a subclass knows how to read the commands in a substitution."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.end = len(text)
        self.spoiled: list[str] = []
        """The variables that are set by other means than assignments."""
        self._nesting = 0
        self._no_arithmetic = 0

    def substitution(self, closer: str) -> None:
        """Read commands up to and with a closing parenthesis, or to the end where there is none."""
        raise NotImplementedError

    def word(self) -> Raw:
        """The word at the position, which moves behind it; an empty one where there is none."""
        start = self.position
        segments: list[Segment] = []
        text = self.text
        while self.position < self.end:
            at = self.position
            if match := PLAIN.match(text, at, self.end):
                self.position = match.end()
                segments.append(Segment(LITERAL, match[0], at, self.position, False))
                continue
            character = text[at]
            if character in _ENDS or (character in "<>" and not text.startswith("(", at + 1)):
                break
            if character == "\r" and text.startswith("\n", at + 1):
                break
            self._special(character, segments)
        return Raw(start, self.position, segments)

    def _special(self, character: str, segments: list[Segment]) -> None:
        at = self.position
        match character:
            case "'":
                end = self._find("'", at + 1, "a quote is not closed")
                segments.append(Segment(LITERAL, self.text[at + 1 : end], at + 1, end, True))
                self.position = end + 1
            case '"':
                self._string(segments)
            case "\\":
                self._escape(segments)
            case "$":
                self._dollar(segments, quoted=False)
            case "`":
                self._backticks(segments, quoted=False)
            case "<" | ">":
                self._substitution(2)
                segments.append(Segment(UNKNOWN, self.text[at : self.position], at, self.position, True))
            case _:
                self.position += 1
                segments.append(Segment(LITERAL, character, at, at + 1, False))

    def _find(self, closing: str, start: int, reason: str) -> int:
        found = self.text.find(closing, start, self.end)
        if found < 0:
            raise Stop(reason, self.position)
        return found

    def line_continuation(self, at: int) -> int:
        """How long the backslash and the line end at an offset are; 0 where there are none."""
        return 2 if self.text.startswith("\\\n", at) else 3 if self.text.startswith("\\\r\n", at) else 0

    def _escape(self, segments: list[Segment]) -> None:
        at = self.position
        if size := self.line_continuation(at):
            self.position = min(at + size, self.end)
            return
        self.position = min(at + 2, self.end)
        # At the end of the text a backslash stands for itself.
        character = self.text[at + 1 : self.end][:1] if at + 1 < self.end else "\\"
        segments.append(Segment(LITERAL, character, at, self.position, True))

    def _enter(self) -> None:
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise Stop("quotes and substitutions are nested too deeply", self.position)

    def _string(self, segments: list[Segment]) -> None:
        """Read what is between double quotes."""
        opening = self.position
        self._enter()
        self.position += 1
        segments.append(Segment(LITERAL, "", self.position, self.position, True))
        while self.position < self.end:
            at = self.position
            if match := _IN_STRING.match(self.text, at, self.end):
                self.position = match.end()
                segments.append(Segment(LITERAL, match[0], at, self.position, True))
                continue
            character = self.text[at]
            if character == '"':
                self.position += 1
                self._nesting -= 1
                return
            if character == "\\":
                self._escape_in_string(segments)
            elif character == "$":
                self._dollar(segments, quoted=True)
            else:
                self._backticks(segments, quoted=True)
        raise Stop("a quote is not closed", opening)

    def _escape_in_string(self, segments: list[Segment]) -> None:
        at = self.position
        if size := self.line_continuation(at):
            self.position = at + size
            return
        escaped = self.text[at + 1 : at + 2]
        size = 2 if escaped and escaped in '$`"\\' else 1
        self.position = at + size
        segments.append(Segment(LITERAL, self.text[self.position - 1], at, self.position, True))

    def _dollar(self, segments: list[Segment], *, quoted: bool) -> None:
        """Read what begins with a dollar sign."""
        at, text = self.position, self.text
        following = text[at + 1] if at + 1 < self.end else ""
        if following == "(":
            self._dollar_parenthesis()
        elif following == "{":
            if name := self._braces(quoted=quoted):
                segments.append(Segment(VARIABLE, name, at, self.position, quoted))
                return
        elif match := _NAME.match(text, at + 1, self.end):
            self.position = match.end()
            segments.append(Segment(VARIABLE, match[0], at, self.position, quoted))
            return
        elif following and following in "0123456789@*#?-$!":
            self.position += 2
        elif following == "'" and not quoted:
            self._escaped_string(segments)
            return
        elif following == '"' and not quoted:
            self.position += 1  # A text to be translated, which nobody does.
            self._string(segments)
            return
        else:
            self.position += 1
            segments.append(Segment(LITERAL, "$", at, at + 1, quoted))
            return
        segments.append(Segment(UNKNOWN, text[at : self.position], at, self.position, quoted))

    def _dollar_parenthesis(self) -> None:
        at = self.position
        if self.text.startswith("((", at + 1):
            end = self.arithmetic_end(at + 3)
            if end is not None:
                self.position = end
                return
        self._substitution(2)

    def _substitution(self, size: int) -> None:
        self._enter()
        self.position += size
        self.substitution(")")
        self._nesting -= 1

    def _backticks(self, segments: list[Segment], *, quoted: bool) -> None:
        """Read a substitution in backticks; escapes in it would have to be resolved first, so it stays unread."""
        at, text = self.position, self.text
        inside = re.compile(_IN_BACKTICKS).match(text, at + 1, self.end)
        end = inside.end() if inside else self.end
        if not text.startswith("`", end) or end >= self.end:
            raise Stop("a backtick is not closed", at)
        if not any(escape in text[at:end] for escape in ("\\`", "\\\\", "\\$", *(('\\"',) if quoted else ()))):
            outer, self.end = self.end, end
            self._enter()
            self.position = at + 1
            self.substitution("")
            self._nesting -= 1
            self.end = outer
        self.position = end + 1
        segments.append(Segment(UNKNOWN, text[at : end + 1], at, end + 1, quoted))

    def _braces(self, *, quoted: bool) -> str | None:
        """Read ``${…}``; the variable's name where that is all there is."""
        opening, text = self.position, self.text
        if text.startswith("{{", opening + 1):
            # An expression of GitHub Actions, which puts in a text before the shell sees the line.
            line_end = text.find("\n", opening, self.end)
            end = text.find("}}", opening, self.end if line_end < 0 else line_end)
            if end < 0:
                raise Stop("'${{' is not closed", opening)
            self.position = end + 2
            return None
        self.position += 2
        name = _NAME.match(text, self.position, self.end)
        if name:
            self.position = name.end()
            if self.position < self.end and text[self.position] == "}":
                self.position += 1
                return name[0]
            if text.startswith(("=", ":="), self.position):
                self.spoiled.append(name[0])
        self._enter()
        self._rest_of_braces(opening, quoted=quoted)
        self._nesting -= 1
        return None

    def _rest_of_braces(self, opening: int, *, quoted: bool) -> None:
        ignored: list[Segment] = []
        while self.position < self.end:
            if match := _IN_BRACES.match(self.text, self.position, self.end):
                self.position = match.end()
                continue
            character = self.text[self.position]
            if character == "}":
                self.position += 1
                return
            if character == "'" and quoted:
                self.position += 1
            elif character == "\\":
                self.position = min(self.position + 2, self.end)
            elif character == "$":
                self._dollar(ignored, quoted=quoted)
            else:
                self._special(character, ignored)
        raise Stop("'${' is not closed", opening)

    def _escaped_string(self, segments: list[Segment]) -> None:
        """Read ``$'…'``."""
        at = self.position
        from pydeploy_lint.files.shell.ansi_c import read_escaped

        parts, end = read_escaped(self.text, at + 2, self.end)
        if end is None:
            raise Stop("a quote is not closed", at)
        self.position = end
        if parts is None:
            segments.append(Segment(UNKNOWN, self.text[at:end], at, end, True))
            return
        segments.append(Segment(LITERAL, "", at + 2, at + 2, True))
        segments += [Segment(LITERAL, text, start, until, True) for text, start, until in parts]

    def arithmetic_end(self, position: int) -> int | None:
        """Where ``((…))`` ends; None where it is no arithmetic, but one parenthesis in another.

        Args:
            position: the offset behind the second parenthesis.
        """
        if position < self._no_arithmetic:
            return None
        depth = 2
        for match in re.compile(IN_PARENTHESES).finditer(self.text, position, self.end):
            if match[0] == "(":
                depth += 1
            elif match[0] == ")":
                depth -= 1
                if depth == 1:
                    if match.end() < self.end and self.text[match.end()] == ")":
                        return match.end() + 1
                    self._no_arithmetic = match.end()
                    return None
        self._no_arithmetic = self.end
        return None
