"""Requirements files, read as pip 26.2.1 reads them; the verdicts in the tables are pip's own."""

import pathlib
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from packaging.requirements import Requirement as NamedRequirement

from pydeploy_lint.facts.packages.requirements.lines import MAX_LINE, decode, logical_lines
from pydeploy_lint.facts.packages.requirements.plain import parse_plain
from pydeploy_lint.facts.packages.requirements.read import MAX_REFUSALS, MAX_STATEMENTS, Requirements, read_requirements
from pydeploy_lint.facts.packages.requirements.statements import Requirement
from pydeploy_lint.facts.packages.requirements.unusual import parse_unusual
from pydeploy_lint.files.source import FileProblem, Source
from pydeploy_lint.files.tree import WorkingTree
from pydeploy_lint.testing import Files, place, write_tree

FILE = "requirements.txt"
SHA = 64 * "0"


def read(root: pathlib.Path, text: str | bytes, others: Files | None = None) -> Requirements:
    write_tree(root, {FILE: text, **(others or {})})
    return read_requirements(WorkingTree(str(root)), FILE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("six", [("six", "1:1-1:4", "1:1-1:4")]),
        ("\n\r\n  six  # why\r\n", [("six", "3:3-3:6", "3:3-3:6")]),
        ("# six\n\t#six\nZope.Interface==7.*", [("Zope.Interface", "3:1-3:15", "3:1-3:20")]),
        ("six \\\n  ==1.17 \\\n# c\nidna", [("six", "1:1-1:4", "1:1-2:9"), ("idna", "4:1-4:5", "4:1-4:5")]),
        ("a\\\nbc==1", [("abc", "1:1-2:3", "1:1-2:6")]),
        ("six\vidna", [("six", "1:1-1:4", "1:1-1:4"), ("idna", "1:5-1:9", "1:5-1:9")]),
        ("# é\nsix # 日本", [("six", "2:1-2:4", "2:1-2:4")]),
        ("é # coding\n".encode("utf-16"), []),
        ("six\n".encode("utf-16"), [("six", "1:1-1:4", "1:1-1:4")]),
        (b"\xef\xbb\xbfsix\n", [("six", "1:1-1:4", "1:1-1:4")]),
        (b"# -*- coding: latin-1 -*-\nsix # \xe9\n", [("six", "2:1-2:4", "2:1-2:4")]),
        ("-e git+https://h.example/x.git#egg=six", [("six", "1:4-1:39", "1:1-1:39")]),
        ("six @ https://h.example/x.zip ; python_version > '3'", [("six", "1:1-1:4", "1:1-1:53")]),
        ("https://h.example/six-1.0-py3-none-any.whl", [("six", "1:1-1:43", "1:1-1:43")]),
        (f"six --hash=sha512:{SHA}", [("six", "1:1-1:4", "1:1-1:83")]),
        ("six --config-settings a=b", [("six", "1:1-1:4", "1:1-1:26")]),
        ("six;", [("six", "1:1-1:4", "1:1-1:5")]),
        ("six===1.0-weird", [("six", "1:1-1:4", "1:1-1:16")]),
        ("six (>=1)", [("six", "1:1-1:4", "1:1-1:10")]),
        ("six -r nowhere.txt", [("six", "1:1-1:4", "1:1-1:19")]),
        ("--pre six", []),
        (f"--hash=sha256:{SHA}", []),
    ],
)
def test_accepted(tmp_path: pathlib.Path, text: str | bytes, expected: list[tuple[str, str, str]]) -> None:
    found = read(tmp_path, text)
    places = [(each.name, place(each.at)[17:], place(each.line)[17:]) for each in found.requirements]
    if isinstance(text, str) or text != "é # coding\n".encode("utf-16"):
        assert found.refusals == ()
    assert places == expected


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("a=1", "1:1-1:4", "has a single ="),
        ("six\na==1# x", "2:1-2:8", "has a comment without a space before the #"),
        ("pip install six", "1:1-1:16", "is a command"),
        ("six\u00a0==1", "1:1-1:8", "holds the character U+00A0 (no-break space)"),
        ("six\u200b", "1:1-1:5", "holds the character U+200B (zero width space)"),
        ("six>=1.*", "1:1-1:9", "has .* after an operator"),
        ("six 1.0", "1:1-1:8", "has no operator"),
        ("${PACKAGE}==1", "1:1-1:14", "needs the variable PACKAGE"),
        (r"C:\wheels\six-1.0-py3-none-any.whl", "1:1-1:35", "is a path on a computer with Windows"),
        ("six --install-option=-O1", "1:5-1:25", "no such option: --install-option"),
        ("six --global-option=x", "1:5-1:22", "no such option: --global-option"),
        ("--requirements a.txt", "1:1-1:21", "no such option: --requirements"),
        ("--index-url", "1:1-1:12", "option requires 1 argument"),
        ("six --hash=md5:0", "1:12-1:17", "does not begin with sha256:"),
        ("six --config-settings x", "1:23-1:24", "has a --config-settings without an ="),
        ('six --hash "', "1:5-1:13", "has a quotation mark without its counterpart"),
        ('["six"]', "1:1-1:8", "looks like JSON or TOML"),
        ("six>=1[x]", "1:1-1:10", "is not a requirement that pip understands: expected"),
        ("six; python < '3'", "1:6-1:18", "has a condition after the semicolon that pip cannot read"),
        ("./nowhere", "1:1-1:10", "looks like a path"),
        ("./empty", "1:1-1:8", "is a directory without a setup.py"),
        ("-e ./nowhere", "1:4-1:13", "is editable, but neither"),
        ("-e git+https://h.example/x.git", "1:4-1:31", "is an editable URL that does not say its name"),
        ("git+https://h.example/x#egg=six[y]", "1:24-1:35", "has #egg=six[y]"),
        ("https://h.example/six.whl", "1:19-1:26", "names a wheel whose file name pip cannot read: six.whl"),
        ("<<<<<<< HEAD", "1:1-1:13", "is left over from a merge conflict"),
        ("=======", "1:1-1:8", "is left over from a merge conflict"),
        ("six\n".encode("utf-16-le"), "1:1-1:7", "holds NUL characters"),
        (b"six # \xe9", "1:7-1:8", "is not UTF-8 text"),
        (b"\xff\xfes", "1:1-1:2", "begins with the byte order mark of UTF-16-LE, but is not UTF-16-LE text"),
        (b"# coding: klingon\nsix", "1:1-1:18", "declares the encoding 'klingon'"),
        (b"# coding: punycode\nsix", "1:1-1:19", "declares the encoding 'punycode'"),
        ("-r nowhere.txt", "1:4-1:15", "is not in the app"),
        ("-r ../other.txt", "1:4-1:16", "is outside of the app"),
        ("-c /etc/constraints.txt", "1:4-1:24", "is outside of the app"),
        (r"-r empty\x.txt", "1:1-1:15", "is not in the app"),
        ("-r requirements.txt", "1:4-1:20", "is included by requirements.txt while it is itself being read"),
    ],
)
def test_refused(tmp_path: pathlib.Path, text: str | bytes, at: str, message: str) -> None:
    found = read(tmp_path, text, {"empty/readme.txt": ""})
    (refusal,) = found.refusals
    assert place(refusal.at) == f"{FILE}:{at}"
    assert message in refusal.message


@pytest.mark.parametrize(
    ("text", "name", "url"),
    [
        # Without a slash pip takes the name for one on the index.
        ("lib", "lib", None),
        ("-e lib", None, "lib"),
        ("./lib[x]", None, "./lib"),
        ("-e ./lib", None, "./lib"),
        ("./lib ; python_version > '3'", None, "./lib"),
    ],
)
def test_directory(tmp_path: pathlib.Path, text: str, name: str | None, url: str | None) -> None:
    found = read(tmp_path, text, {"lib/pyproject.toml": ""})
    assert found.refusals == ()
    assert [(each.name, each.url) for each in found.requirements] == [(name, url)]


def test_includes_follow_the_file_that_names_them(tmp_path: pathlib.Path) -> None:
    found = read(
        tmp_path,
        "-r requirements/a.txt\n--requirement=requirements/b.txt\n-crequirements/c.txt\n",
        {"requirements/a.txt": "-r b.txt\nsix\n", "requirements/b.txt": "idna\n", "requirements/c.txt": "idna==3\n"},
    )
    assert [(each.name, each.at.path) for each in found.requirements] == [
        ("idna", "requirements/b.txt"),
        ("six", "requirements/a.txt"),
    ]
    assert [(each.name, each.specifier) for each in found.constraints] == [("idna", "==3")]


def test_cycle_through_two_files(tmp_path: pathlib.Path) -> None:
    found = read(tmp_path, "-r a.txt\n", {"a.txt": "six\n-r requirements.txt\n"})
    assert [place(refusal.at) for refusal in found.refusals] == ["a.txt:2:4-2:20"]
    assert [each.name for each in found.requirements] == ["six"]


def test_constraints_have_names_and_no_extras(tmp_path: pathlib.Path) -> None:
    found = read(tmp_path, "-c c.txt\n", {"c.txt": "six[x]==1\n-e .\nhttps://h.example/x.zip\nidna==3\n"})
    assert [refusal.at.line for refusal in found.refusals] == [1, 2, 3]
    assert [each.name for each in found.constraints] == ["idna"]


def test_remote_include_is_left_open(tmp_path: pathlib.Path) -> None:
    found = read(tmp_path, "-r https://h.example/base.txt\n")
    assert [(each.target, place(each.at)) for each in found.elsewhere] == [
        ("https://h.example/base.txt", "requirements.txt:1:4-1:30")
    ]


def test_options_keep_their_values(tmp_path: pathlib.Path) -> None:
    found = read(tmp_path, "-i https://a.example\n--extra-index-url=https://b.example --pre\n")
    assert [(option.name, option.values) for option in found.options] == [
        ("index_url", ("https://a.example",)),
        ("extra_index_urls", ("https://b.example",)),
    ]


@pytest.mark.parametrize(
    ("text", "compiled"),
    [
        ("six==1.17\n", False),
        ("", False),
        ("# This file was autogenerated by uv via the following command:\nsix==1.17\n", True),
        ("# This file was autogenerated by uv via the following command:\nsix\n", False),
        ("#    pip-compile --no-deps\nsix==1.17\n    # via flask\n", False),
        ("six==1.17\n    # via\n    #   flask\n", True),
        (f"six==1.17 \\\n    --hash=sha256:{SHA}\n", True),
        (f"six==1.17 --hash=sha256:{SHA}\nidna==3\n", False),
        (f"six==1.17 --hash=sha256:{SHA}\n-r https://h.example/x.txt\n", False),
    ],
)
def test_compiled(tmp_path: pathlib.Path, text: str, *, compiled: bool) -> None:
    assert read(tmp_path, text).compiled is compiled


def test_nothing_is_read_after_many_refusals(tmp_path: pathlib.Path) -> None:
    assert len(read(tmp_path, "a=1\n" * 1000).refusals) == MAX_REFUSALS


@pytest.mark.parametrize(
    "text",
    ["six\n" * (MAX_STATEMENTS + 1), "#" + "x" * MAX_LINE * 2 + "\n" + "six," * MAX_LINE],
)
def test_excess_is_said(tmp_path: pathlib.Path, text: str) -> None:
    with pytest.raises(FileProblem, match="was not read"):
        read(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        " " * 90_000 + "x",
        "a " * 45_000 + "-r",
        "six" + "," * 90_000,
        "[" * 90_000,
        "six;" + "(" * 90_000,
        "six;" + "python_version<'3' and " * 4000,
        "a-" * 45_000,
        "1" * 90_000,
        "six==" + "1." * 45_000 + "x",
        '--pre "' + "\\" * 90_000,
        "\\\n" * 50_000,
        "-rx\n" * 20_000,
    ],
)
def test_long_input_takes_little_time(tmp_path: pathlib.Path, text: str) -> None:
    start = time.process_time()
    read(tmp_path, text)
    assert time.process_time() - start < 5


TOKENS = st.sampled_from(
    [
        *("six", "Django", "a_", "zope.interface", "==", ">=", "~=", "<", "=", "1.0", "2.*", "1.0rc1", "1!2", "+cpu"),
        *(",", " ", "\t", ";", "python_version", "sys_platform", "extra", "'3.9'", '"win32"', "and", "or", "in", "("),
        *(")", "[x]", "[x, y]", "[", "]", "#", " # c", "\\\n", "\n", "\r\n", "\u2028", "\u00a0", "-r ", "-c ", "-e "),
        *("a.txt", "./lib", "x.whl", "git+https://h.example/x", "#egg=x", "@", " @ ", "file:///x", "://", "[::"),
        *("--hash=sha256:0", "--pre", "-i", "-", "--", '"', "'", "${X}", "C:\\", "..", "/", "{", "<<<<<<<", "\0"),
        *("\ud800", "é"),
    ]
)


@given(st.one_of(st.lists(TOKENS, max_size=12).map("".join), st.text(max_size=200)))
@example("['")
@example("-e [::")
@example("a @ http://[x")
def test_any_text_is_read_and_every_place_is_in_the_file(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    found = read(tmp_path_factory.mktemp("app"), data, {"a.txt": "idna==3\n", "lib/setup.py": ""})
    sources = {FILE: Source(FILE, data), "a.txt": Source("a.txt", b"idna==3\n")}
    for each in (*found.requirements, *found.constraints):
        assert each.at.line is not None
        assert each.at.column is not None
        assert each.at.end_line is not None
        assert each.at.end_column is not None
        source = sources[each.at.path]
        start, end = source.offset(each.at.line, each.at.column), source.offset(each.at.end_line, each.at.end_column)
        assert start < end <= len(source.text)
        if each.name and not each.url and "\\\n" not in text:
            assert source.text[start:end] == each.name
    for refusal in found.refusals:
        assert refusal.at.line is not None
        assert refusal.at.line <= sources[refusal.at.path].line_count


@given(st.binary(max_size=100))
def test_any_bytes_are_read(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    read(tmp_path_factory.mktemp("app"), data)


@given(st.lists(TOKENS, max_size=8).map("".join))
@example("six[x, y] >= 1, < 2 ; python_version<'3.9' and sys_platform == \"win32\"")
def test_what_is_plain_means_the_same_to_packaging(text: str) -> None:
    tree = WorkingTree("nowhere")
    for line in logical_lines(decode(Source(FILE, text.encode("utf-8", "replace")))):
        plain = parse_plain(line, constraint=False)
        if not isinstance(plain, Requirement):
            continue
        named = NamedRequirement(line.text.partition(" --")[0])
        assert (plain.name, set(plain.extras), plain.marker is None) == (
            named.name,
            named.extras,
            named.marker is None,
        )
        unusual = parse_unusual(line, tree, constraint=False)
        assert isinstance(unusual, Requirement)
        assert unusual._replace(specifier="", extras=(), marker=None) == plain._replace(
            specifier="", extras=(), marker=None
        )
