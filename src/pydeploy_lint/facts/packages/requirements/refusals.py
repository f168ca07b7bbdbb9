"""Why pip refuses a line, in words that help its author: the mistakes that people make, recognised by their shape."""

import re
import unicodedata
from typing import NamedTuple


class Mistake(NamedTuple):
    """A common mistake; the texts may name the groups of the expression."""

    shape: re.Pattern[str]
    message: str
    """Completes the sentence that begins with the line."""
    help: str


WINDOWS_PATH = re.compile(r"\A(?:[A-Za-z]:[\\/]|\.{0,2}\\)")
MISTAKES = (
    Mistake(
        re.compile(r"\A(?:<{7}|={7}|>{7}|\|{7})"),
        "is left over from a merge conflict",
        "Keep the lines that you want, and remove the markers.",
    ),
    Mistake(
        re.compile(r"\0"),
        "holds NUL characters: the file looks like UTF-16 without a byte order mark",
        "Save the file as UTF-8. In PowerShell: pip freeze | Out-File -Encoding utf8 requirements.txt",
    ),
    Mistake(
        re.compile(r"(?P<character>[^\x00-\x7f])"),
        "holds the character {character}, which no name or version may have",
        "Type the line again: such characters are often pasted from a web page or a document.",
    ),
    Mistake(
        re.compile(r"\$\{(?P<variable>[A-Z0-9_]+)\}"),
        "needs the variable {variable}, which is not set while Heroku runs pip",
        "Write the value itself: of the app's config vars, pip sees only PIP_EXTRA_INDEX_URL.",
    ),
    Mistake(
        re.compile(r"\A(?:(?:python3?|py)\s+-m\s+)?(?:pip3?|conda|poetry|uv|pipenv)\s", re.IGNORECASE),
        "is a command, not a requirement",
        "Keep only the names of the packages, one a line.",
    ),
    Mistake(
        re.compile(r"\S#"),
        "has a comment without a space before the #, so that pip takes it for a part of the requirement",
        "Put a space before the #.",
    ),
    Mistake(
        re.compile(r"""\A[\[{"',]"""),
        "looks like JSON or TOML",
        "Write one requirement a line, without brackets, quotation marks and commas.",
    ),
    Mistake(
        WINDOWS_PATH,
        "is a path on a computer with Windows, and there is no such file on Heroku",
        "Name the package as it is called on the index, or commit the project and give its path with slashes.",
    ),
    Mistake(
        re.compile(r"/"),
        "looks like a path, and there is nothing in the app at that path that pip can install",
        "Commit the project or the archive, or name the package as it is called on the index.",
    ),
    Mistake(
        re.compile(r"(?:[<>]=?|~=)\s*[\d.]+\.\*"),
        "has .* after an operator other than == and !=",
        "Leave out the .*, or use == instead.",
    ),
    Mistake(
        re.compile(r"[\w\])]\s*=\s*[\w.]"),
        "has a single =, which is no operator",
        "Write == to ask for exactly that version.",
    ),
    Mistake(
        re.compile(r"\A[A-Za-z0-9._-]+\s+v?\d[\w.]*\Z"),
        "has no operator between the name and the version",
        "Write NAME==VERSION.",
    ),
)
"""In the order in which they explain a line best."""


def explain(text: str, otherwise: str) -> tuple[str, str]:
    """What is wrong with a line, and how to fix it.

    Args:
        text: the line.
        otherwise: the parser's own words, for a mistake of no known shape.
    """
    for mistake in MISTAKES:
        match = mistake.shape.search(text)
        if match:
            named = {name: _describe(value) for name, value in match.groupdict().items()}
            return mistake.message.format_map(named), mistake.help
    words = f"{otherwise[:1].lower()}{otherwise[1:]}"
    return f"is not a requirement that pip understands: {words}", "Write NAME, NAME==1.2 or NAME[EXTRA]>=1.2."


def _describe(value: str) -> str:
    if len(value) > 1 or value.isascii():
        return value
    return f"U+{ord(value):04X} ({unicodedata.name(value, 'unnamed').lower()})"
