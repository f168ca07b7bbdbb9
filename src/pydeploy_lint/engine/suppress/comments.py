"""Suppressions in comments: ``# pydeploy-lint: ignore[check, family] reason``, on the line or the one before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.engine.suppress.model import Origin, Suppression
from pydeploy_lint.files.source import Source
from pydeploy_lint.finding import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = b"pydeploy-lint:"
SPACE = r"[^\S\n]"
IGNORE = rf"{SPACE}*pydeploy-lint:{SPACE}*ignore\b(?:\[(?P<names>[^\]\n]*)\])?(?P<reason>.*)"
WITHOUT_COMMENTS = (".json", "Pipfile.lock", "runtime.txt")
"""JSON has none; in a ``runtime.txt`` Heroku takes a comment for a wrong version."""
WHOLE_LINE_ONLY = (".python-version", ".gitignore", ".slugignore", "Procfile")
"""Files in which ``#`` begins a comment only where nothing stands before it."""
WITH_COMMENTS = (
    *(".buildpacks", ".cfg", ".gitignore", ".hcl", ".ini", ".in", ".py", ".python-version", ".sh", ".slugignore"),
    *(".tf", ".toml", ".txt", ".yaml", ".yml", "Aptfile", "Pipfile", "Procfile"),
)
"""The ends of the names of files in which a line of its own can surely be a comment."""
INTRODUCERS = {(".ini", ".cfg"): "#|;", (".tf", ".hcl"): "#|//"}
"""What begins a comment, by the end of the file's name; ``#`` in all others."""
LARGEST_CODE = 1024 * 1024
"""Bytes; larger Python code is not taken apart, but searched like other files."""
MANY_BLANKS = re.compile(rb"[ \t\f]{1000}")
"""So is code with this: the tokenizer of Python 3.11 and before goes over blanks again and again."""


class Comment(NamedTuple):
    """A comment with the wish for a suppression."""

    line: int
    column: int
    """Where its introducer stands."""
    match: re.Match[str]

    @property
    def names(self) -> tuple[str, ...]:
        """What is named between the brackets."""
        return tuple(name for part in (self.match["names"] or "").split(",") if (name := part.strip()))

    @property
    def reason(self) -> str:
        """What follows the brackets, without the punctuation that some put between."""
        return self.match["reason"].strip().lstrip(":-–— ")


def suppressions_in(source: Source) -> Iterator[Suppression]:
    """The suppressions in a file's comments, in order.

    A comment after something is about its own line. One on a line of its own is about the next line; several of these
    in a row are all about the line after them.
    """
    if MARK not in source.data or source.path.endswith(WITHOUT_COMMENTS):
        return
    is_code = source.path.endswith(".py") and len(source.data) <= LARGEST_CODE and not MANY_BLANKS.search(source.data)
    comments = list(_python_comments(source) if is_code else _line_comments(source))
    alone = {comment.line for comment in comments if not source.line(comment.line)[: comment.column - 1].strip()}
    below: dict[int, int] = {}
    for line in sorted(alone, reverse=True):
        below[line] = below.get(line + 1, line + 1)
    for comment in comments:
        start = source.offset(comment.line, comment.column)
        end = start + len(source.line(comment.line)[comment.column - 1 :].rstrip())
        line = below.get(comment.line, comment.line)
        yield Suppression(Origin.COMMENT, comment.names, comment.reason, source.span(start, end), line)


def edit_to_ignore(check: str, source: Source, line: int) -> Edit | None:
    """The edit that writes a comment above a line which asks not to report a check there, without a reason yet.

    Returns:
        None where a comment would not be one, as in JSON, inside a string or after a line that goes on.
    """
    is_continued = source.line(line - 1).endswith("\\")
    if is_continued or source.path.endswith(WITHOUT_COMMENTS) or not source.path.endswith(WITH_COMMENTS):
        return None
    text = source.line(line)
    indent = text[: len(text) - len(text.lstrip())]
    end = "\r\n" if "\r\n" in source.text else "\n"
    comment = f"{indent}{_introducers(source)[0]} pydeploy-lint: ignore[{check}]{end}"
    start = source.offset(line, 1)
    written = source.text[:start] + comment + source.text[start:]
    then = Source(source.path, source.byte_order_mark + written.encode(source.encoding, "surrogateescape"))
    if not any(each.names == (check,) and each.line == line + 1 for each in suppressions_in(then)):
        return None
    return Edit(source.span(start, start), comment)


def _introducers(source: Source) -> str:
    return next((each for ends, each in INTRODUCERS.items() if source.path.endswith(ends)), "#")


def _line_comments(source: Source) -> Iterator[Comment]:
    """The comments of a format in which a line can be judged by itself."""
    introducer = _introducers(source)
    before = rf"^{SPACE}*" if source.path.endswith(WHOLE_LINE_ONLY) else r"(?:^|(?<=\s))"
    for match in re.finditer(rf"{before}(?P<introducer>{introducer}){IGNORE}", source.text, re.MULTILINE):
        yield Comment(*source.position(match.start("introducer")), match)


def _python_comments(source: Source) -> Iterator[Comment]:
    """The comments of Python code, not what looks like one in a string; up to where it is no Python any more."""
    import io
    import tokenize

    try:
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
            match = re.search(f"#{IGNORE}", token.string) if token.type == tokenize.COMMENT else None
            if match:
                yield Comment(token.start[0], token.start[1] + match.start() + 1, match)
    except (tokenize.TokenError, SyntaxError, ValueError):
        return
