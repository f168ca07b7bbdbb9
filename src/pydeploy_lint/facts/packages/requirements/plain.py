"""The plain lines of a requirements file, which are nearly all of them, by three small expressions and no library.

Everything that is matched here is accepted by pip; what is not matched is not thereby wrong (see `unusual`).
"""

import re

from pydeploy_lint.facts.packages.markers import is_plain
from pydeploy_lint.facts.packages.requirements.lines import Line
from pydeploy_lint.facts.packages.requirements.statements import Include, Requirement

# Python takes milliseconds to compile one expression for all of it. Blanks are counted, as a line may consist of them.
_LINE = re.compile(
    r"(?P<name>[A-Za-z0-9._-]+)[ \t]{0,99}"
    r"(?:\[(?P<extras>[A-Za-z0-9._, \t-]+)\][ \t]{0,99})?"
    r"(?P<specifier>[=!<>~][A-Za-z0-9.=!<>~, \t*]+)?"
    r"(?:;(?P<marker>[^;#]+?))?"
    r"(?P<hashes>(?: {1,99}--hash=sha256:[0-9a-f]{64})*)"
)
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_CLAUSE = re.compile(
    r"(?:==|!=|<=?|>=?|~=(?=[ \t]*[0-9]+\.[0-9]))[ \t]*[0-9]+(?:\.[0-9]+)*"
    r"(?:(?:a|b|rc|\.post|\.dev)[0-9]+)?"
)
_WILDCARD = re.compile(r"[=!]=[ \t]*[0-9]+(?:\.[0-9]+)*\.\*")
_INCLUDE = re.compile(r"(?P<option>-r|-c|--requirement|--constraint)(?:[ ]+|(?<=t)=)(?P<target>[\w./-]+)", re.ASCII)
ARCHIVES = (".whl", ".zip", ".gz", ".tgz", ".tar", ".bz2", ".tbz", ".xz", ".txz", ".tlz", ".lz", ".lzma")


def parse_plain(line: Line, *, constraint: bool) -> Requirement | Include | None:
    """A requirement from the index, or an include; None for a line of any other form.

    Args:
        line: a logical line.
        constraint: whether it is one of a constraints file.
    """
    text = line.text
    if text.startswith("-"):
        include = _INCLUDE.fullmatch(text)
        if not include:
            return None
        return Include(
            include["target"], line.span(*include.span("target")), include["option"] in ("-c", "--constraint")
        )
    match = _LINE.fullmatch(text)
    if not match or not _NAME.fullmatch(match["name"]):
        return None
    specifier = (match["specifier"] or "").rstrip(" \t")
    extras = tuple(extra.strip(" \t") for extra in match["extras"].split(",")) if match["extras"] else ()
    marker = (match["marker"] or "").strip(" \t")
    if (
        # pip takes a bare name that ends like an archive for a file.
        (not specifier and match["name"].lower().endswith(ARCHIVES))
        or (specifier and not all(map(_is_clause, specifier.split(","))))
        or not all(map(_NAME.fullmatch, extras))
        or (extras and constraint)
        or (match["marker"] and not is_plain(marker))
    ):
        return None
    return Requirement(
        name=match["name"],
        at=line.span(*match.span("name")),
        line=line.span(),
        extras=extras,
        specifier=specifier,
        marker=marker or None,
        hashed=bool(match["hashes"]),
        constraint=constraint,
    )


def _is_clause(text: str) -> bool:
    clause = text.strip(" \t")
    return bool(_CLAUSE.fullmatch(clause) or _WILDCARD.fullmatch(clause))
