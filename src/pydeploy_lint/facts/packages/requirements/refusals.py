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
    instead: str = ""
    """What is meant, as a template for what the expression matches; empty where that is in doubt."""


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
        re.compile(r"(?P<before>\S)#"),
        "has a comment without a space before the #, so that pip takes it for a part of the requirement",
        "Put a space before the #.",
        r"\g<before> #",
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
        re.compile(r"(?P<before>[\w\])])\s*=\s*(?P<after>[\w.])"),
        "has a single =, which is no operator",
        "Write == to ask for exactly that version.",
        r"\g<before>==\g<after>",
    ),
    Mistake(
        re.compile(r"\A(?P<name>[A-Za-z0-9._-]+)\s+v?(?P<version>\d[\w.]*)\Z"),
        "has no operator between the name and the version",
        "Write NAME==VERSION.",
        r"\g<name>==\g<version>",
    ),
)
"""In the order in which they explain a line best."""


class Explanation(NamedTuple):
    """What is wrong with a line."""

    message: str
    """Completes the sentence that begins with the line."""
    help: str
    instead: str = ""
    """The line as it was surely meant; empty where that is in doubt."""


def explain(text: str, otherwise: str) -> Explanation:
    """What is wrong with a line, and how to fix it.

    Args:
        text: the line.
        otherwise: the parser's own words, for a mistake of no known shape.
    """
    for mistake in MISTAKES:
        match = mistake.shape.search(text)
        if match:
            named = {name: _describe(value) for name, value in match.groupdict().items()}
            instead = mistake.shape.sub(mistake.instead, text, count=1) if mistake.instead else ""
            return Explanation(mistake.message.format_map(named), mistake.help, instead if _is_read(instead) else "")
    words = f"{otherwise[:1].lower()}{otherwise[1:]}"
    message = f"is not a requirement that pip understands: {words}"
    return Explanation(message, "Write NAME, NAME==1.2 or NAME[EXTRA]>=1.2.")


def _is_read(text: str) -> bool:
    """Whether a line, without its comment, is a requirement."""
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        Requirement(text.partition(" #")[0])
    except InvalidRequirement:
        return False
    return True


def _describe(value: str) -> str:
    if len(value) > 1 or value.isascii():
        return value
    return f"U+{ord(value):04X} ({unicodedata.name(value, 'unnamed').lower()})"
