from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import tomli
from hypothesis import HealthCheck, given, settings

from pydeploy_lint.facts.locks.poetry.project import poetry_refusals
from pydeploy_lint.facts.locks.verdict import Reason
from pydeploy_lint.files.tree import WorkingTree
from tests.facts.locks.strategies import near_documents

if TYPE_CHECKING:
    from pathlib import Path

VERSION = "2.4.1"
PROJECT = '[project]\nname = "my-app"\nversion = "1"\ndependencies = []\n'
MODULE = "my_app/__init__.py"


def found(root: Path, text: str, *files: str, version: str = VERSION) -> list[Reason]:
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).touch()
    return list(poetry_refusals(tomli.loads(text), WorkingTree(str(root)), version))


@pytest.mark.parametrize("files", [(MODULE,), ("my_app.py",), ("src/my_app/a/b.py",), ("src/my_app.py",)])
def test_nothing_is_wrong_with_a_package(tmp_path: Path, files: tuple[str, ...]) -> None:
    assert found(tmp_path, PROJECT, *files) == []


def test_nothing_is_wrong_without_package_mode(tmp_path: Path) -> None:
    text = '[tool.poetry]\npackage-mode = false\nreadme = "x"\n[tool.poetry.dependencies]\npython = "3"\n'
    assert found(tmp_path, text) == []


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ((), "there is no my_app/, my_app.py, src/my_app/ or src/my_app.py for the package my-app"),
        (("my_app/x.txt",), "there is no Python file in my_app/ for the package my-app"),
        ((MODULE, "my_app.py"), "there are both my_app/ and my_app.py for the package my-app"),
        (
            ("src/my_app/x.py", "src/my_app.py"),
            "there are both src/my_app/ and src/my_app.py for the package my-app",
        ),
    ],
)
def test_package_without_module(tmp_path: Path, files: tuple[str, ...], message: str) -> None:
    assert found(tmp_path, PROJECT, *files) == [Reason(message, "pyproject.toml", ("project", "name"))]
    assert found(tmp_path, PROJECT + '[tool.poetry]\nbuild = "build.py"\n') == []


def test_earlier_poetry_only_warned_of_a_missing_module(tmp_path: Path) -> None:
    text = '[tool.poetry]\nname = "x"\nversion = "1"\ndescription = ""\nauthors = []\n[tool.poetry.dependencies]\n'
    assert found(tmp_path, text, version="1.8.5") == []


@pytest.mark.parametrize(
    ("package", "files", "message"),
    [
        ('{include = "web"}', (), "[tool.poetry] packages includes web, which is not there"),
        ('{include = "web"}', ("web/x.txt",), "[tool.poetry] packages includes web, in which there is no Python file"),
        (
            '{include = "web", from = "lib"}',
            ("web/x.py",),
            "[tool.poetry] packages includes lib/web, which is not there",
        ),
    ],
)
def test_packages_that_are_not_there(tmp_path: Path, package: str, files: tuple[str, ...], message: str) -> None:
    keys = ("tool", "poetry", "packages", 0, "include")
    assert found(tmp_path, PROJECT + f"[tool.poetry]\npackages = [{package}]\n", *files) == [
        Reason(message, "pyproject.toml", keys)
    ]


@pytest.mark.parametrize("package", ['{include = "web"}', '{include = "web/**/*.txt"}', '{include = "../web"}'])
def test_packages_that_may_be_there(tmp_path: Path, package: str) -> None:
    assert found(tmp_path, PROJECT + f"[tool.poetry]\npackages = [{package}]\n", "web/deep/x.py") == []


NOT_A_PACKAGE = '[project]\nname = "app"\nversion = "1"\ndependencies = []\n{}[tool.poetry]\npackage-mode = false\n{}'


# Each verified with `poetry sync` of Poetry 2.4.1, whose own words are in the comments.
@pytest.mark.parametrize(
    ("project", "poetry", "message", "keys"),
    [
        # tool.poetry.packages[0] must be object
        ("", 'packages = ["web"]\n', "[tool.poetry.packages] 0 is not a table", ("tool", "poetry", "packages", 0)),
        # tool.poetry.homepage must be string
        ("", "homepage = []\n", "[tool.poetry] homepage is not a string", ("tool", "poetry", "homepage")),
        # tool.poetry.homepage must be uri
        (
            "",
            'homepage = "index.example"\n',
            "[tool.poetry] homepage is not an address with its scheme, such as https://…",
            ("tool", "poetry", "homepage"),
        ),
        ("", 'exclude = "x"\n', "[tool.poetry] exclude is not an array", ("tool", "poetry", "exclude")),
        # tool.poetry.source[0].priority must be one of ['primary', 'supplemental', 'explicit']
        (
            "",
            'source = [{name = "x", url = "https://index.example/", priority = "default"}]\n',
            "[tool.poetry.source.0] priority is none of primary, supplemental, explicit",
            ("tool", "poetry", "source", 0, "priority"),
        ),
        # tool.poetry.source[0] must not contain {'secondary'} properties
        (
            "",
            'source = [{name = "x", url = "https://index.example/", secondary = true}]\n',
            "[tool.poetry.source.0] secondary is unknown",
            ("tool", "poetry", "source", 0, "secondary"),
        ),
        # Missing [url] in source 'x'.
        (
            "",
            'source = [{name = "x"}]\n',
            "the source x in [[tool.poetry.source]] has no url",
            ("tool", "poetry", "source", 0),
        ),
        # project.authors[0] must be object
        ('authors = ["x"]\n', "", "[project.authors] 0 is not a table", ("project", "authors", 0)),
        # project must contain ['name'] properties
        ("{no name}", "", "[project] has no name", ("project",)),
        ("{version}", "", "[project] version is not a string", ("project", "version")),
    ],
)
def test_what_the_schemas_of_poetry_refuse(
    tmp_path: Path, project: str, poetry: str, message: str, keys: tuple[str | int, ...]
) -> None:
    text = NOT_A_PACKAGE.format(project, poetry)
    if project == "{no name}":
        text = NOT_A_PACKAGE.format("", poetry).replace('name = "app"\n', "")
    elif project == "{version}":
        text = NOT_A_PACKAGE.format("", poetry).replace('version = "1"', "version = 1")
    assert found(tmp_path, text) == [Reason(message, "pyproject.toml", keys)]
    assert found(tmp_path, NOT_A_PACKAGE.format("", "")) == []


@pytest.mark.parametrize(
    "poetry",
    [
        'source = [{name = "x", url = "https://index.example/", priority = "explicit"}, {name = "PyPI"}]\n',
        'packages = [{include = "web"}]\ninclude = ["a", {path = "b", format = "sdist"}]\n',
        'dependencies = {python = "^3.12", six = [{version = "*", markers = "os_name == \'nt\'"}, "1"]}\n',
        'group = {dev = {optional = true, dependencies = {six = {git = "https://git.example/six", tag = "1"}}}}\n',
        'urls = {Home = "x"}\nscripts = {x = {reference = "y", type = "file"}}\n',
    ],
)
def test_what_the_schemas_of_poetry_accept(tmp_path: Path, poetry: str) -> None:
    assert found(tmp_path, NOT_A_PACKAGE.format("", poetry)) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            PROJECT + 'readme = "README.md"\n',
            Reason(
                "pyproject.toml names the file README.md, which is not there", "pyproject.toml", ("project", "readme")
            ),
        ),
        (
            PROJECT + 'license = {file = "LICENSE"}\n',
            Reason(
                "pyproject.toml names the file LICENSE, which is not there",
                "pyproject.toml",
                ("project", "license", "file"),
            ),
        ),
        (
            PROJECT + 'license-files = ["a*", "LICENSE"]\n',
            Reason(
                "pyproject.toml names the file LICENSE, which is not there",
                "pyproject.toml",
                ("project", "license-files", 1),
            ),
        ),
        (
            PROJECT + '[tool.poetry]\nreadme = ["a.md"]\n',
            Reason(
                "pyproject.toml names the file a.md, which is not there",
                "pyproject.toml",
                ("tool", "poetry", "readme", 0),
            ),
        ),
        (
            PROJECT + '[tool.poetry]\ntitle = "x"\n',
            Reason("[tool.poetry] has an unknown key, title", "pyproject.toml", ("tool", "poetry", "title")),
        ),
        (
            PROJECT + '[tool.poetry]\nrequires-poetry = ">=2.5"\n',
            Reason(
                "requires-poetry is >=2.5, and Heroku installs Poetry 2.4.1",
                "pyproject.toml",
                ("tool", "poetry", "requires-poetry"),
            ),
        ),
        (
            PROJECT + '[tool.poetry.group.dev.dependencies]\nMy_App = "*"\n',
            Reason(
                "the project my-app depends on itself",
                "pyproject.toml",
                ("tool", "poetry", "group", "dev", "dependencies", "My_App"),
            ),
        ),
        (
            PROJECT.replace('version = "1"', ""),
            Reason(
                "pyproject.toml has no version, which Poetry needs to install the project itself as a package",
                "pyproject.toml",
                ("project",),
            ),
        ),
        (
            PROJECT.replace("dependencies = []", ""),
            Reason(
                "pyproject.toml declares no main dependencies, not even an empty list, so Poetry finds no group main",
                "pyproject.toml",
                ("project",),
            ),
        ),
    ],
)
def test_refusals(tmp_path: Path, text: str, reason: Reason) -> None:
    assert found(tmp_path, text, MODULE) == [reason]


def test_keys_that_came_later(tmp_path: Path) -> None:
    text = PROJECT + "[tool.poetry.build-constraints]\n"
    assert found(tmp_path, text, MODULE) == []
    [reason] = found(tmp_path, text, MODULE, version="2.2.1")
    assert reason.message == "[tool.poetry] has the key build-constraints, which is unknown before Poetry 2.3"


def test_poetry_1_reads_tool_poetry_alone(tmp_path: Path) -> None:
    messages = [reason.message for reason in found(tmp_path, PROJECT, MODULE, version="1.8.5")]
    assert [message.split(",")[0] for message in messages] == [
        "pyproject.toml declares no main dependencies",
        "pyproject.toml has no name",
        "pyproject.toml has no version",
        "pyproject.toml has no description",
        "pyproject.toml has no authors",
    ]


SHAPE = {
    "project": {"name": "x", "readme": {"file": "x"}, "license": {"file": "x"}, "license-files": ["x"]},
    "tool": {"poetry": {"packages": [{"include": "x", "from": "y"}], "readme": ["x"], "requires-poetry": ">=2"}},
}


@given(near_documents(SHAPE))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_never_raises(tmp_path: Path, pyproject: object) -> None:
    for reason in poetry_refusals(pyproject, WorkingTree(str(tmp_path)), VERSION):
        assert reason.message
