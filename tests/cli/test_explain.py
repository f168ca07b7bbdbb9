"""Tests of the documentation in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.cli.about import explain
from pydeploy_lint.engine.check import Example, check
from pydeploy_lint.finding import Severity
from pydeploy_lint.report.common.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.facts.app import App
    from pydeploy_lint.finding import Problem


@check("late-shop", severity=Severity.WARNING, url="https://docs.example/late")
def late_shop(_app: App) -> Iterator[Problem]:
    """The shop opens late.

    Heroku does not wait.

    ## How to fix

    Get up.
    """
    yield from ()


late_shop.examples(
    bad=[
        Example({"shop.txt": "ten\n\ntwelve\n", "empty": ""}, at=("shop.txt:1:1-1:4",), options={"stack": "heroku-24"})
    ],
    good=[Example({"shop.txt": b"n\xffne\n"})],
)


@check("open", severity=Severity.NOTE)
def is_open(_app: App) -> Iterator[Problem]:
    """The shop is open."""
    yield from ()


def test_a_page_has_everything_that_a_check_declares() -> None:
    late_shop.family = "shop"
    assert explain.page(late_shop, None) == (
        "late-shop: The shop opens late.\n"
        "\n"
        "Severity warning, family shop, since 0.1.0\n"
        "\n"
        "Heroku does not wait.\n"
        "\n"
        "How to fix\n"
        "\n"
        "Get up.\n"
        "\n"
        "Reported at shop.txt:1:1-1:4, with --stack heroku-24:\n"
        "\n"
        "    shop.txt\n"
        "        ten\n"
        "\n"
        "        twelve\n"
        "    empty\n"
        "        (empty)\n"
        "\n"
        "Not reported:\n"
        "\n"
        "    shop.txt\n"
        "        n\\xffne\n"
        "\n"
        "More: https://docs.example/late\n"
    )


def test_a_page_of_a_check_without_details_is_short() -> None:
    is_open.family = "shop"
    assert explain.page(is_open, None) == "open: The shop is open.\n\nSeverity note, family shop, since 0.1.0\n"


@check("long", severity=Severity.NOTE, since="1.2.0")
def is_long(_app: App) -> Iterator[Problem]:
    """Something long.

    One two three `four five` six seven eight nine ten eleven twelve
    thirteen.

    - a first item that is long
    - a second

        code  stays
    """
    yield from ()


def test_text_is_set_for_the_width_of_the_terminal() -> None:
    is_long.family = "shop"
    assert explain.page(is_long, Terminal(24, colour=False)) == (
        "long: Something long.\n"
        "\n"
        "Severity note, family shop, since 1.2.0\n"
        "\n"
        "One two three\n"
        "`four five` six seven\n"
        "eight nine ten eleven\n"
        "twelve thirteen.\n"
        "\n"
        "- a first item that is\n"
        "  long\n"
        "- a second\n"
        "\n"
        "    code  stays\n"
    )
    assert "\x1b[36mfour five\x1b[0m" in explain.page(is_long, Terminal(24, colour=True))


def test_a_terminal_with_colour_gets_bold_headings() -> None:
    assert explain.page(is_open, Terminal(80, colour=True)).startswith("\x1b[1mopen: The shop is open.\x1b[0m\n")


def test_the_table_goes_family_by_family() -> None:
    late_shop.family, is_open.family = "shop", "area"
    assert explain.table({"late-shop": late_shop, "open": is_open}, None) == (
        "  check      severity fix     since  what it finds\n"
        "\n"
        "area\n"
        "  open       note     -       0.1.0  The shop is open.\n"
        "\n"
        "shop\n"
        "  late-shop  warning  -       0.1.0  The shop opens late.\n"
    )
