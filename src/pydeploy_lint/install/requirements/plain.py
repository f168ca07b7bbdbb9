"""The plain lines of a requirements file, which are nearly all of them, by one expression and without a library.

Everything that is matched here is accepted by pip; what is not matched is not thereby wrong (see `unusual`).
"""

import re

from pydeploy_lint.install.requirements.lines import Line
from pydeploy_lint.install.requirements.statements import Include, Requirement

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_RELEASE = r"[0-9]+(?:\.[0-9]+)*"
_SUFFIX = r"(?:(?:a|b|rc|\.post|\.dev)[0-9]+)?"
_CLAUSE = (
    rf"(?:(?:==|!=)[ \t]*{_RELEASE}(?:\.\*|{_SUFFIX})"
    rf"|(?:<=|>=|<|>)[ \t]*{_RELEASE}{_SUFFIX}"
    r"|~=[ \t]*[0-9]+(?:\.[0-9]+)+)"
)
_COMPARISON = (
    r"(?:python_version|python_full_version|sys_platform|platform_system|os_name|platform_machine"
    r"|platform_python_implementation|implementation_name)"
    r"""[ \t]*(?:==|!=|<=|>=|<|>)[ \t]*(?:"[A-Za-z0-9_.-]*"|'[A-Za-z0-9_.-]*')"""
)
_PLAIN = re.compile(
    rf"""(?P<name>{_NAME})
    (?:[ \t]*\[[ \t]*(?P<extras>{_NAME}(?:[ \t]*,[ \t]*{_NAME})*)[ \t]*\])?
    [ \t]*(?P<specifier>{_CLAUSE}(?:[ \t]*,[ \t]*{_CLAUSE})*)?
    [ \t]*(?:;[ \t]*(?P<marker>{_COMPARISON}(?:[ \t]+(?:and|or)[ \t]+{_COMPARISON})*))?
    (?P<hashes>(?:[ ]+--hash=sha256:[0-9a-f]{{64}})*)""",
    re.VERBOSE,
)
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
    match = _PLAIN.fullmatch(text)
    # pip takes a bare name that ends like an archive for a file.
    if not match or (match["name"].lower().endswith(ARCHIVES) and not match["specifier"]):
        return None
    if constraint and match["extras"]:
        return None
    return Requirement(
        name=match["name"],
        at=line.span(*match.span("name")),
        line=line.span(),
        extras=tuple(extra.strip() for extra in match["extras"].split(",")) if match["extras"] else (),
        specifier=match["specifier"] or "",
        marker=match["marker"],
        hashed=bool(match["hashes"]),
        constraint=constraint,
    )
