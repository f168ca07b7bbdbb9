"""What is registered is found as `importlib.metadata` finds it."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from pydeploy_lint.entry_points import EntryPoint, entry_points

HOSTILE = """\
# a comment
[console_scripts]
shop = shop.cli:main

[ our.group ]
; another comment
b=module_b
  a  =  package.module
[other]
c = module_c
"""


def register(site: Path, directory: str, text: str = "[our.group]\nshop = shop\n") -> str:
    information = site / directory
    information.mkdir(parents=True)
    (information / "entry_points.txt").write_text(text, encoding="utf-8")
    return str(site)


@pytest.mark.parametrize("group", ["pydeploy_lint.checks", "pytest11", "console_scripts"])
def test_what_is_installed_here(group: str) -> None:
    expected = {(entry.name, entry.value) for entry in metadata.entry_points(group=group)}

    assert expected
    assert {(entry.name, entry.value) for entry in entry_points(group)} == expected


def test_the_file_is_read_as_an_ini_file(tmp_path: Path) -> None:
    site = register(tmp_path, "our_shop-1.0.dist-info", HOSTILE)

    assert list(entry_points("our.group", [site])) == [
        EntryPoint("b", "module_b", "our-shop"),
        EntryPoint("a", "package.module", "our-shop"),
    ]


def test_of_a_distribution_that_is_there_twice_the_first_counts(tmp_path: Path) -> None:
    first = register(tmp_path / "first", "shop.egg-info", "[our.group]\nnew = shop\n")
    second = register(tmp_path / "second", "Shop-1.0.dist-info", "[our.group]\nold = shop\n")

    assert [entry.name for entry in entry_points("our.group", [first, second])] == ["new"]
    assert [entry.name for entry in entry_points("our.group", [second, first])] == ["old"]


def test_what_cannot_be_read_registers_nothing(tmp_path: Path) -> None:
    (tmp_path / "file-1.0.dist-info").write_text("")
    (tmp_path / "empty-1.0.dist-info").mkdir()
    register(tmp_path, "binary-1.0.dist-info")
    (tmp_path / "binary-1.0.dist-info" / "entry_points.txt").write_bytes(b"[our.group]\n\xff = \xff\n")

    assert list(entry_points("our.group", [str(tmp_path), str(tmp_path / "missing"), __file__])) == []


def test_only_a_module_can_be_loaded() -> None:
    assert EntryPoint("own", __name__, "tests").load().__name__ == __name__
    with pytest.raises(TypeError, match="shop:main is not a module"):
        EntryPoint("shop", "shop:main", "shop").load()
