"""What is read out of files of Terraform, and that any text is read in little time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.files.formats.hcl import Hcl


def attributes(text: str) -> list[tuple[tuple[str, ...], dict[str, str]]]:
    """The header of each block, and its attributes as they are written."""
    return [
        (
            block.header,
            {name: text[value[0].start : value[-1].end] if value else "" for name, value in block.attributes.items()},
        )
        for block in Hcl(text).blocks()
    ]


def elements(expression: str) -> list[str | None]:
    """The texts of a list; None for an element that is computed."""
    hcl = Hcl(f"b {{\n  é = {expression}\n}}\n")
    [block] = hcl.blocks()
    literals = [hcl.literal(element) for element in hcl.elements(block.attributes["é"])]
    assert all(literal is None or hcl.text[literal.start : literal.end] == literal.text for literal in literals)
    return [literal and literal.text for literal in literals]


FILE = """\
# resource "no" "no" { a = 1 }
// } /*
/* {
resource "no" "no" { */ locals { x = { y = 1 } }
resource "heroku_app" "é" {
  name   = "a-${var.x["k"]}-}"  # why }
  list   = [
    "a", // "no"
    "b" /* "no" ] */,
  ]
  nested {
    name = "no"
    deep { name = "no" }
  }
  text   = <<-EOF
    name = "no" }
    EOF x
  EOF
  after  = a == b ? {
    c = "d"
  } : f(1, "}")
  name-2 = "x"
}
resource heroku_build b {}
output "o" { value = "v" }
variable "last" {
  default = <<E
}
E
}
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_blocks(line_end: str) -> None:
    text = FILE.replace("\n", line_end)
    assert [(header, list(found)) for header, found in attributes(text)] == [
        (("locals",), ["x"]),
        (("resource", "heroku_app", "é"), ["name", "list", "text", "after", "name-2"]),
        (("resource", "heroku_build", "b"), []),
        (("output", "o"), ["value"]),
        (("variable", "last"), ["default"]),
    ]
    (_, app), output = attributes(text)[1], attributes(text)[3]
    assert app["name"] == '"a-${var.x["k"]}-}"'
    assert app["text"].startswith("<<-EOF")
    assert app["text"].rstrip("\r").endswith("EOF x" + line_end + "  EOF")
    assert app["after"].endswith('f(1, "}")')
    assert output == (("output", "o"), {"value": '"v"'})


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('["a", "b"]', ["a", "b"]),
        ('[\n "a", # "x"\n\n "b" /* , */,\n]', ["a", "b"]),
        ('["a#b", "é"]', ["a#b", "é"]),
        ('["a${x}", "b%{ if y }c%{ endif }", "\\u0061", "$${a}", ""]', [None] * 5),
        ('["a${f("]", "}")}", "b"]', [None, "b"]),
        ('["a${"${"x"}"}", "b"]', [None, "b"]),
        ('[var.a, f("x", "y"), ["a"], {a = "b"}, ("a"), "a" == "b", "b"]', [None] * 6 + ["b"]),
        ('[<<E\n"a",\nE\n, "b"]', [None, "b"]),
        ("[]", []),
        ('[for x in y : "a"]', [None]),
        ('concat(["a"], ["b"])', []),
        ('["a"][0]', []),
        ('["a"] == ["b"]', []),
        ('var.a ? ["a"] : ["b"]', []),
        ('"a"', []),
        ('{ a = "b" }', []),
    ],
)
def test_lists(expression: str, expected: list[str | None]) -> None:
    assert elements(expression) == expected


def test_pairs() -> None:
    hcl = Hcl('b { o = { a = "1", "b" : "2"\n c = x\n (d) = "3"\n  e.f = "4"\n "g" = "5" } }')
    [block] = hcl.blocks()
    found = [
        (key, literal and literal.text)
        for key, value in hcl.pairs(block.attributes["o"])
        for literal in [hcl.literal(value)]
    ]
    assert found == [("a", "1"), ("b", "2"), ("c", None), ("g", "5")]


@pytest.mark.parametrize(
    "text", ["a {", "a { b = [", 'a { b = "x', "a { b = <<E\n}", "} a = 1", "a { b = }", "= {", "]"]
)
def test_what_is_not_closed_is_left_out(text: str) -> None:
    assert [found for _, found in attributes(text) if any(found.values())] == []


@given(st.text(alphabet="ab\"'{}[]()=:,#/*<>E-$%\\ \t\r\n\x0c é1", max_size=80))
def test_any_text_is_read(text: str) -> None:
    hcl = Hcl(text)
    ends = [token.end for token in hcl.tokens()]
    assert ends == sorted(ends)
    for block in hcl.blocks():
        for expression in block.attributes.values():
            for element in [*hcl.elements(expression), *(value for _, value in hcl.pairs(expression))]:
                hcl.literal(element)


@pytest.mark.parametrize(
    "piece",
    [
        '"',
        "a = <<E\n",
        "a = <<E\nE\n",
        "{",
        "[",
        "${",
        '"${',
        "/*",
        " ",
        "\n",
        "a = [",
        "a {\n",
        '"a",',
        "}",
        "#\n",
        "<<",
    ],
)
def test_time_grows_with_the_length(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    for whole in (text, f"a {{ b = [{text}]\n}}", f'a {{ b = ["{text}"]\n}}'):
        started = time.process_time()
        hcl = Hcl(whole)
        for block in hcl.blocks():
            for expression in block.attributes.values():
                list(hcl.elements(expression))
        assert time.process_time() - started < 3
