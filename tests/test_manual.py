"""The manual pages of checks as data and in Markdown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydeploy_lint import manual
from pydeploy_lint.engine.check import Example, check
from pydeploy_lint.engine.registry import load_built_in
from pydeploy_lint.finding import Problem, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.facts.app import App


@check("shop-closed", severity=Severity.WARNING, url="https://docs.example/closed", since="1.2.0")
def shop_closed(app: App) -> Iterator[Problem]:
    """The shop is `closed`.

    Nobody can buy anything.

    ## How to fix

    Open it.
    """
    if app.files.tree.is_file("closed"):
        yield Problem("the shop is closed", Span("closed"))


shop_closed.examples(
    bad=[Example({"closed": b"n\xffne"}, at=("closed",), options={"stack": "heroku-24"})], good=[Example({"open": ""})]
)
shop_closed.family = "shop"


def test_a_page_is_a_document_for_programs() -> None:
    assert json.loads(manual.page_document(shop_closed)) == {
        "schema_version": 1,
        "check": {
            "name": "shop-closed",
            "family": "shop",
            "severity": "warning",
            "fix": None,
            "since": "1.2.0",
            "title": "The shop is `closed`.",
            "url": "https://docs.example/closed",
            "documentation": "The shop is `closed`.\n\nNobody can buy anything.\n\n## How to fix\n\nOpen it.",
            "examples": {
                "reported": [{"files": {"closed": "n\\xffne"}, "options": {"stack": "heroku-24"}, "at": ["closed"]}],
                "not_reported": [{"files": {"open": ""}, "options": {}}],
            },
        },
    }


def test_a_page_in_markdown_ends_with_where_to_read_more() -> None:
    assert manual.markdown(shop_closed) == (
        "**shop-closed**: The shop is `closed`.\n\n"
        "Nobody can buy anything.\n\n## How to fix\n\nOpen it.\n\n"
        "[More](https://docs.example/closed)"
    )


def test_every_page_can_be_printed_as_data() -> None:
    for each in load_built_in().checks.values():
        page = json.loads(manual.page_document(each))["check"]
        assert (page["name"], len(page["examples"]["reported"])) == (each.name, len(each.bad))


def test_bytes_that_are_no_text_can_be_read() -> None:
    assert manual.readable(b"\xff\xfe3\x00\n\x00") == "\\xff\\xfe3\\x00\n\\x00"
    assert manual.readable("a\r\n\tb é") == "a\\x0d\n\tb é"
