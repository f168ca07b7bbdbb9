"""Makes text from a repository harmless: what terminals and CI runners obey, or readers cannot see, is spelled out.

File names and quoted content are written by whoever writes the app. Printed as they are, control characters move the
cursor, bidirectional and zero-width characters show another text than the one that is there, and GitHub's runner
obeys workflow commands.
"""

from __future__ import annotations

import json
import re

SURROGATE = re.compile(r"[\ud800-\udfff]")
COMMAND = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)
MARKDOWN = re.compile(
    r"(?P<sought>[@#]|:(?=(?:100|1234|\d*[a-z_+-][\w+-]*):))|[][\\`*_{}<>|!~$&]|:(?=//)|(?<=www)\.", re.IGNORECASE
)
"""What GitHub's Markdown may take for something: also formulas and addresses without brackets.

``sought`` is what is also looked for in the text of the page, where a character reference is no longer seen: mentions,
addresses of e-mail, numbers of issues, emoji.
"""
LIST_MARKER = re.compile(r"^(\d+(?=[.)])|(?=[-+=:]))(.)")
"""What begins a list, an underlined heading or, on GitHub's runner, a command."""
NOT_PLAIN_ASCII = re.compile(r"[^\n -~]+")


def visible(text: str) -> str:
    """The text on one line, with every character that cannot be seen spelled out, as in ``<U+200B>``.

    These are Unicode's control, format, surrogate, private and unassigned characters, and all white space but the
    space.
    """
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _spelled_out(character) for character in text)


def inert(line: str) -> str:
    """The line with a space inside what GitHub's runner would take for a workflow command.

    The runner obeys ``::command`` at the start of a line, however far it is indented, and ``##[command]`` anywhere.
    """
    if line.lstrip().startswith("::"):
        line = line.replace("::", ": :", 1)
    return line.replace("##[", "# #[")


def inert_markup(document: str) -> str:
    """A document in XML or HTML in which the runner finds no command; character references, so nothing is lost."""
    return COMMAND.sub(r"\1&#58;", document).replace("##[", "#&#35;[")


def markdown(text: str) -> str:
    """The text on one line of Markdown in which it is plain text: no markup, no link, no mention, no HTML."""
    shown = MARKDOWN.sub(_as_plain_text, visible(text).strip())
    return LIST_MARKER.sub(lambda match: f"{match[1]}&#{ord(match[2])};", shown)


def json_text(document: object, *, indent: int | None = 2) -> str:
    """A JSON document in ASCII, with a final line end; no terminal and no runner obeys anything in it.

    Characters are escaped, so nothing is lost. Only lone surrogates are spelled out as by `visible`: strict readers
    reject them even when escaped.

    Args:
        document: what it holds.
        indent: by how much each level is indented; None: all is on one line.
    """
    text = json.dumps(document, ensure_ascii=False, indent=indent)
    text = SURROGATE.sub(lambda match: _spelled_out(match[0]), text)
    text = NOT_PLAIN_ASCII.sub(lambda match: _escaped(match[0]), text)
    return text.replace("##[", r"#\u0023[") + "\n"


def _as_plain_text(match: re.Match[str]) -> str:
    # A comment keeps the sign apart from what follows it.
    return f"&#{ord(match[0])};{'<!-- -->' * bool(match['sought'])}"


def _spelled_out(character: str) -> str:
    return f"<U+{ord(character):04X}>"


def _escaped(text: str) -> str:
    units = text.encode("utf-16-be").hex()
    return "".join(rf"\u{units[start : start + 4]}" for start in range(0, len(units), 4))
