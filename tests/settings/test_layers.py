"""Configurations that count for several apps: what an app's own may change of them, and what they extend."""

from __future__ import annotations

import subprocess
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from pydeploy_lint.files.repository.git import CommitTree, Git
from pydeploy_lint.files.source import Source
from pydeploy_lint.files.tree import WorkingTree
from pydeploy_lint.finding import Severity, Span
from pydeploy_lint.settings.configuration import ConfigurationError
from pydeploy_lint.settings.layers import MOST_FILES, Layer, read_configuration, read_shared
from pydeploy_lint.settings.options import definitions
from pydeploy_lint.testing import write_tree

if TYPE_CHECKING:
    from pathlib import Path

NAMES = definitions(dict.fromkeys(["unsupported-runtime", "stale-lockfile"]), dict.fromkeys(["runtime"]))
OWN = ".pydeploy-lint.toml"


def shared(text: str, **others: str) -> Layer:
    """A configuration of an organisation, with other files beside it."""

    def read(path: str) -> Source | None:
        return Source(path, others[path].encode()) if path in others else None

    return read_shared(Source("org.toml", text.encode()), read, NAMES)


def layer(app: Path, text: str, of_all: str = "") -> Layer:
    write_tree(app, {OWN: text})
    return read_configuration(WorkingTree(str(app)), NAMES, shared(of_all))


@pytest.mark.parametrize(
    ("of_all", "own", "values"),
    [
        ("stack = 'heroku-22'", "", {"stack": "heroku-22"}),
        (
            "stack = 'heroku-22'\nas-of = 2026-01-01",
            "stack = 'heroku-24'",
            {"stack": "heroku-24", "as_of": date(2026, 1, 1)},
        ),
        (
            "severity = {unsupported-runtime = 'note', stale-lockfile = 'error'}",
            "severity = {unsupported-runtime = 'error'}",
            {"severity": {"unsupported-runtime": Severity.ERROR, "stale-lockfile": Severity.ERROR}},
        ),
        ("ignore = ['runtime']", "ignore = ['stale-lockfile']", {"ignore": ("stale-lockfile",)}),
    ],
)
def test_what_an_app_says_takes_precedence(tmp_path: Path, of_all: str, own: str, values: dict[str, Any]) -> None:
    assert layer(tmp_path, own, of_all).values == values


def test_an_app_without_a_configuration_has_that_of_all(tmp_path: Path) -> None:
    of_all = shared("stack = 'heroku-22'")
    assert read_configuration(WorkingTree(str(tmp_path)), NAMES, of_all) == of_all


def test_suppressions_of_both_count(tmp_path: Path) -> None:
    entry = "[[suppress]]\ncheck = '{}'\nreason = 'known'\nuntil = 2027-01-01"
    found = layer(tmp_path, entry.format("stale-lockfile"), entry.format("unsupported-runtime"))
    end = date(2027, 1, 1)
    assert [(each.names, each.at and each.at.path, each.until, each.shared) for each in found.values["suppress"]] == [
        (("unsupported-runtime",), "org.toml", end, True),
        (("stale-lockfile",), OWN, end, False),
    ]


def test_what_is_forbidden_does_not_count_and_is_told(tmp_path: Path) -> None:
    found = layer(tmp_path, "stack = 'heroku-24'\nignore = ['runtime']\n", "forbid = ['ignore', 'severity']")
    assert found.values == {"stack": "heroku-24"}
    assert [(note.at, note.message) for note in found.notes] == [
        (Span(OWN, 2, 1, 2, 7), "ignore does not count here: org.toml forbids it")
    ]


def test_what_forbids_may_have_the_setting_itself(tmp_path: Path) -> None:
    found = layer(tmp_path, "ignore = []", "ignore = ['runtime']\nforbid = ['ignore']")
    assert found.values == {"ignore": ("runtime",)}


def test_an_app_cannot_allow_again_what_is_forbidden(tmp_path: Path) -> None:
    found = layer(tmp_path, "forbid = []\nas-of = 2020-01-01", "forbid = ['as-of']")
    assert found.values == {}
    assert len(found.notes) == 1


def test_suppressions_without_an_end_can_be_forbidden(tmp_path: Path) -> None:
    assert layer(tmp_path, "", "forbid = ['undated-suppress']").values == {"undated": False}


# --- extend


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def test_the_configuration_at_the_root_of_a_repository_is_extended(repository: Path) -> None:
    write_tree(repository, {OWN: "stack = 'heroku-22'\nas-of = 2026-01-01\nforbid = ['ignore']"})
    found = layer(repository / "shop" / "web", f"extend = '../../{OWN}'\nstack = 'heroku-24'\nignore = ['runtime']")
    assert found.values == {"stack": "heroku-24", "as_of": date(2026, 1, 1)}
    assert [note.message for note in found.notes] == [f"ignore does not count here: ../../{OWN} forbids it"]


def test_the_table_of_a_pyproject_toml_is_extended_too(repository: Path) -> None:
    write_tree(repository, {"pyproject.toml": "[tool.pydeploy-lint]\nstack = 'heroku-22'"})
    assert layer(repository / "web", "extend = '../pyproject.toml'").values == {"stack": "heroku-22"}


def test_of_a_commit_the_configuration_in_it_is_extended(repository: Path) -> None:
    write_tree(repository, {OWN: "stack = 'heroku-22'", f"web/{OWN}": f"extend = '../{OWN}'"})
    git = ["git", "-C", str(repository), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "All"], check=True)
    write_tree(repository, {OWN: "stack = 'heroku-24'"})
    tree = CommitTree(Git(str(repository)), "HEAD", "web")
    try:
        assert read_configuration(tree, NAMES).values == {"stack": "heroku-22"}
    finally:
        tree.close()


def test_extended_files_are_found_from_the_one_that_names_them() -> None:
    others = {"base/all.toml": "extend = 'more.toml'", "base/more.toml": "ignore = []"}
    found = shared("extend = 'base/all.toml'", **others)
    assert found.values == {"ignore": ()}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("extend = 'gone.toml'", "extend: there is no file gone.toml in the repository"),
        (f"extend = '{OWN}'", f"extend: {OWN} extends this file in turn"),
        ("extend = '../outside.toml'", "extend: there is no file ../outside.toml in the repository"),
    ],
)
def test_what_cannot_be_extended(repository: Path, text: str, message: str) -> None:
    write_tree(repository.parent, {"outside.toml": "ignore = []"})
    with pytest.raises(ConfigurationError) as error:
        layer(repository, text)
    assert [(problem.at, problem.message) for problem in error.value.problems] == [(Span(OWN, 1, 1, 1, 7), message)]


def test_outside_of_a_repository_nothing_above_an_app_is_read(tmp_path: Path) -> None:
    write_tree(tmp_path, {"all.toml": "ignore = []"})
    with pytest.raises(ConfigurationError, match=r"there is no file \.\./all\.toml"):
        layer(tmp_path / "app", "extend = '../all.toml'")


def test_an_endless_chain_is_noticed() -> None:
    chain = {f"{number}.toml": f"extend = '{number + 1}.toml'" for number in range(MOST_FILES + 1)}
    with pytest.raises(ConfigurationError, match="at most 8 files may extend each other"):
        shared("extend = '0.toml'", **chain)


def test_what_is_wrong_in_an_extended_file_is_told_with_its_place(repository: Path) -> None:
    write_tree(repository, {"all.toml": "ignore = 1"})
    with pytest.raises(ConfigurationError, match=r"\.\./all\.toml:1:10: ignore: must be an array, not 1"):
        layer(repository / "web", "extend = '../all.toml'")
