"""Builds HTML in which every text is escaped: only what this module made is taken for markup."""

from __future__ import annotations

import html

from pydeploy_lint.report.common.neutral import inert_markup, visible

VOID = frozenset({"col", "link", "meta"})
"""The elements without an end tag."""


class Markup(str):
    """Finished HTML, as opposed to text."""

    __slots__ = ()


def element(name: str, /, *content: str, **attributes: str | float | None) -> Markup:
    """An element.

    Args:
        name: of the element.
        content: text, which is escaped and made visible, and markup, which is taken as it is.
        attributes: a final underscore of a name is dropped, others become hyphens; None leaves an attribute out.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_escaped(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    start = f"<{name}{given}>"
    return Markup(start if name in VOID else f"{start}{joined(*content)}</{name}>")


def joined(*content: str) -> Markup:
    """Text, which is escaped, and markup, one after the other."""
    return Markup("".join(each if isinstance(each, Markup) else _escaped(each) for each in content))


def block(name: str, /, *content: Markup, **attributes: str | float | None) -> Markup:
    """An element of elements, each on lines of its own; empty ones are left out."""
    lines = "".join(f"{each}\n" for each in content if each)
    return element(name, Markup(f"\n{lines}"), **attributes)


NOTHING = Markup()


def _escaped(text: str) -> str:
    return inert_markup(html.escape(visible(text)))
