"""Which apps are judged: paths, patterns, lists, mirrors, bundles, what is below a directory."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pydeploy_lint.cli.main import main
from pydeploy_lint.fleet.discover import discover
from pydeploy_lint.fleet.lists import ListError, targets_in
from pydeploy_lint.fleet.target import Target
from pydeploy_lint.heroku.api import LiveApp
from pydeploy_lint.testing import write_tree
from tests.fleet.repositories import commit, git, repository

CLEAN = {"requirements.txt": "", ".python-version": "3.14\n"}
REFUSED = {"requirements.txt": "", ".python-version": "3.8\n"}

Judge = Callable[..., tuple[int, dict[str, str], str]]


@pytest.fixture(autouse=True)
def _directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)


@pytest.fixture
def judge(capsys: pytest.CaptureFixture[str]) -> Judge:
    """Run the command line; returns the status, the Python version of each app, and standard error."""

    def run(*arguments: str) -> tuple[int, dict[str, str], str]:
        status = main(["--format", "json", "--as-of", "2026-08-20", *arguments])
        out, err = capsys.readouterr()
        apps = json.loads(out)["apps"] if out else []
        names = {app["path"] + (f"@{app['rev']}" if app["rev"] else ""): app["build"] for app in apps}
        return status, {name: build["python_version"] or build["failure_reason"] for name, build in names.items()}, err

    return run


# --- Lists


def test_a_list_has_paths_and_what_is_known_of_them() -> None:
    text = """\
# Ours
services/api
  'a path/with spaces'   rev="v 1.0"

mirrors/shop.git rev=main dir=backend/ app=shop-production
C:\\apps\\shop#1
services/api
"""
    assert targets_in(text, "apps.txt") == [
        Target("services/api", may_be_none=True),
        Target("a path/with spaces", "v 1.0", may_be_none=True),
        Target("mirrors/shop.git", "main", "backend", "shop-production", may_be_none=True),
        Target("C:\\apps\\shop#1", may_be_none=True),
    ]


def test_everything_wrong_with_a_list_is_said_at_once() -> None:
    text = "a revision=main\nb main\nc rev=\nd rev=1 rev=2\n'e\nf dir=../../etc\n'' rev=main\nfine\n"
    with pytest.raises(ListError) as error:
        targets_in(text, "apps.txt")
    assert error.value.args == (
        "apps.txt:1: unknown key 'revision': use rev, dir, app",
        "apps.txt:2: 'main' follows the path: write rev=…, dir=…, app=…, or quotes",
        "apps.txt:3: rev: must not be empty",
        "apps.txt:4: rev is there twice",
        "apps.txt:5: No closing quotation",
        "apps.txt:6: dir: must be below the path",
        "apps.txt:7: the path must not be empty",
    )


def test_the_apps_of_lists_come_after_the_paths(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "c"):
        write_tree(Path(), {f"{name}/{path}": text for path, text in CLEAN.items()})
    Path("list").write_text("b\nmissing\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbfc\nb\n")))
    status, apps, err = judge("--from", "list", "--from", "-", "a")
    assert (status, list(apps)) == (2, ["a", "b", "c"])
    assert err == "pydeploy-lint: error: missing does not exist\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "--from: list cannot be read: No such file or directory"),
        ("a b\n", "--from: list:1: 'b' follows the path: write rev=…, dir=…, app=…, or quotes"),
    ],
)
def test_a_list_that_cannot_be_read_is_wrong_usage(judge: Judge, text: str | None, message: str) -> None:
    if text is not None:
        Path("list").write_text(text)
    assert judge("--from", "list") == (2, {}, f"pydeploy-lint: error: {message}\n")


def test_what_is_no_python_app_in_a_list_is_only_counted(judge: Judge, capsys: pytest.CaptureFixture[str]) -> None:
    write_tree(Path(), {"docs/index.html": "", **{f"app/{path}": text for path, text in CLEAN.items()}})
    Path("list").write_text("docs\napp\n")
    assert judge("--from", "list") == (0, {"docs": "detect", "app": "3.14.7"}, "")
    main(["--from", "list", "--format", "concise"])
    assert "docs" not in capsys.readouterr().out
    assert judge("docs", "app")[0] == 1
    Path("list").write_text("docs\n")
    assert judge("--from", "list")[0] == 3
    Path("list").write_text("")
    assert judge("--from", "list")[0] == 3


def test_a_list_says_what_the_app_is_on_heroku(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def read_app(name: str) -> LiveApp:
        asked.append(name)
        return LiveApp(name, "container" if name == "boxed" else "heroku-22", "eu", ("heroku/python",))

    monkeypatch.setattr("pydeploy_lint.heroku.api.read_app", read_app)
    write_tree(Path(), {f"{name}/{path}": text for name in "abc" for path, text in CLEAN.items()})
    Path("list").write_text("a app=shop\nb\nc app=boxed\n")
    status, apps, err = judge("--from", "list")
    assert (status, list(apps), asked) == (2, ["a", "b"], ["shop", "boxed"])
    assert err == (
        "pydeploy-lint: error: c: app boxed: it is on the stack container, which builds without heroku/python\n"
    )


# --- Mirrors and bundles


@pytest.fixture
def mirror() -> Path:
    """A bare clone of a repository with an app in a directory, and another one on a branch."""
    work = repository(Path("work"), {f"backend/{path}": text for path, text in CLEAN.items()})
    git(work, "checkout", "--quiet", "-b", "old")
    write_tree(work, {f"backend/{path}": text for path, text in REFUSED.items()})
    write_tree(work, CLEAN)
    commit(work, "Older Python")
    git(work, "tag", "v1")
    git(work, "checkout", "--quiet", "main")
    git(".", "clone", "--quiet", "--mirror", "work", "mirror.git")
    return Path("mirror.git")


def test_a_mirror_is_read_without_a_checkout(judge: Judge, mirror: Path) -> None:
    Path("list").write_text(f"{mirror}\n{mirror} dir=backend\n{mirror} rev=old dir=backend\n{mirror} rev=v1\n")
    assert judge("--from", "list") == (
        1,
        {
            "mirror.git@HEAD": "detect",
            "mirror.git/backend@HEAD": "3.14.7",
            "mirror.git/backend@old": "python-version::eol",
            "mirror.git@v1": "3.14.7",
        },
        "",
    )
    assert judge(str(mirror), "--rev", "old")[:2] == (0, {"mirror.git@old": "3.14.7"})
    assert judge(str(mirror))[:2] == (3, {"mirror.git@HEAD": "detect"})


def test_an_app_below_a_hidden_directory_of_a_mirror(judge: Judge) -> None:
    repository(Path("work"), {f".apps/shop/{path}": text for path, text in CLEAN.items()})
    git(".", "clone", "--quiet", "--mirror", "work", "mirror.git")
    Path("list").write_text("mirror.git dir=.apps/shop\n")
    assert judge("--from", "list")[:2] == (0, {"mirror.git/.apps/shop@HEAD": "3.14.7"})


def test_what_is_not_in_a_mirror_is_an_error_of_this_app(judge: Judge, mirror: Path) -> None:
    Path("list").write_text(f"{mirror} rev=nope\n{mirror} dir=frontend\n{mirror} dir=backend\n")
    status, apps, err = judge("--from", "list")
    assert (status, list(apps)) == (2, ["mirror.git/backend@HEAD"])
    assert err == (
        "pydeploy-lint: error: --rev nope: mirror.git: there is no commit 'nope' in this repository\n"
        "pydeploy-lint: error: --rev HEAD: mirror.git/frontend: frontend is not in 'HEAD'\n"
    )


def test_a_directory_of_a_working_tree(judge: Judge, mirror: Path) -> None:
    Path("list").write_text("work dir=backend\nwork dir=backend rev=old\nwork dir=nope\n")
    status, apps, err = judge("--from", "list")
    assert (status, apps) == (2, {"work/backend": "3.14.7", "work/backend@old": "python-version::eol"})
    assert err == "pydeploy-lint: error: work/nope does not exist\n"
    assert mirror.is_dir()


def test_a_bundle_is_read_without_a_clone(judge: Judge, mirror: Path) -> None:
    git(mirror, "bundle", "create", "../all.bundle", "--all")
    git(mirror, "bundle", "create", "../old.bundle", "old")
    Path("list").write_text(
        "all.bundle dir=backend\nall.bundle rev=old dir=backend\nall.bundle rev=v1\nold.bundle\nold.bundle rev=main\n"
    )
    status, apps, err = judge("--from", "list")
    assert (status, apps) == (
        2,
        {
            "all.bundle/backend@HEAD": "3.14.7",
            "all.bundle/backend@old": "python-version::eol",
            "all.bundle@v1": "3.14.7",
            "old.bundle@HEAD": "3.14.7",
        },
    )
    assert err == "pydeploy-lint: error: old.bundle: there is no commit 'main' in this repository\n"


def test_a_bundle_that_is_not_whole_is_an_error_of_this_app(judge: Judge, mirror: Path) -> None:
    git(mirror, "bundle", "create", "../part.bundle", "main..old")
    git(mirror, "bundle", "create", "../cut.bundle", "old")
    data = Path("cut.bundle").read_bytes()
    Path("cut.bundle").write_bytes(data[: len(data) // 2])
    status, _, err = judge("part.bundle", "cut.bundle")
    assert status == 2
    first, second = err.splitlines()
    assert first.startswith("pydeploy-lint: error: part.bundle: ")
    assert "lacks these prerequisite commits" in first
    assert second.startswith("pydeploy-lint: error: cut.bundle: ")


def test_only_files_of_a_working_tree_can_be_fixed(judge: Judge, mirror: Path) -> None:
    Path("list").write_text(f"{mirror} rev=old dir=backend\n")
    assert judge("--from", "list", "--fix") == (
        2,
        {},
        "pydeploy-lint: error: mirror.git/backend: only files in the working tree can be fixed, and this is a commit\n",
    )


# --- Patterns and parts


def test_a_pattern_that_no_shell_has_expanded(judge: Judge) -> None:
    write_tree(Path(), {f"{name}/{path}": text for name in ("apps/b", "apps/a", "x") for path, text in CLEAN.items()})
    write_tree(Path(), {"apps/README.md": "", "[x]/requirements.txt": ""})
    assert list(judge("apps/*")[1]) == ["apps/a", "apps/b"]
    assert list(judge("**/b", "apps/?")[1]) == ["apps/b", "apps/a"]
    assert list(judge("[x]")[1]) == ["[x]"]
    assert judge("nope/*") == (2, {}, "pydeploy-lint: error: nope/* does not exist\n")


def test_the_parts_of_a_run_are_all_of_it(judge: Judge) -> None:
    names = [f"app{number}" for number in range(7)]
    write_tree(Path(), {f"{name}/{path}": text for name in names for path, text in CLEAN.items()})
    parts = [list(judge("app*", "--shard", f"{number}/3")[1]) for number in (1, 2, 3)]
    assert parts == [["app0", "app3", "app6"], ["app1", "app4"], ["app2", "app5"]]
    assert judge("app0", "--shard", "2/2")[0] == 3


@pytest.mark.parametrize("value", ["0/3", "4/3", "1", "1/0", "a/b", "1/3/5", "-1/3"])
def test_a_part_that_is_none_is_wrong_usage(judge: Judge, value: str) -> None:
    assert judge(f"--shard={value}") == (
        2,
        {},
        f"pydeploy-lint: error: argument --shard: {value!r} is no part, such as 1/4 for the first of four\n",
    )


# --- Discovery


def found(top: str = ".") -> list[str]:
    return [target.path for target in discover(top).targets]


def test_apps_are_found_below_a_directory(judge: Judge, mirror: Path) -> None:
    write_tree(
        Path("clones"),
        {
            "shop/requirements.txt": "",
            "shop/lib/requirements.txt": "",
            "shop/lib/worker/Pipfile": "",
            "shop/lib/worker/Procfile": "",
            "mono/services/api/pyproject.toml": "",
            "mono/services/web/manage.py": "",
            "docs/index.html": "",
            "js/node_modules/x/requirements.txt": "",
            ".cache/requirements.txt": "",
            "env/pyvenv.cfg": "",
            "env/lib/x/setup.py": "",
            "a/b/c/d/e/f/requirements.txt": "",
            "a/b/c/d/e/f/g/Procfile": "",
        },
    )
    assert found("clones") == [
        "clones/a/b/c/d/e/f",
        "clones/mono/services/api",
        "clones/mono/services/web",
        "clones/shop",
        "clones/shop/lib/worker",
    ]
    git(mirror, "bundle", "create", "../all.bundle", "--all")
    assert found() == ["all.bundle", *found("clones")[1:], "mirror.git", "work/backend"]  # The first is too deep.
    assert list(judge("--discover", "mirror.git", "work")[1]) == ["mirror.git@HEAD", "work/backend"]
    assert next(iter(judge("--discover")[1])) == "all.bundle@HEAD"


def test_what_git_ignores_is_not_found() -> None:
    files = {".gitignore": "build/\n", "build/requirements.txt": "", "app/requirements.txt": "", "Procfile": ""}
    repository(Path("clones/one"), files | {"kept/requirements.txt": ""})
    git("clones/one", "rm", "--quiet", "-r", "--cached", "build")
    assert found("clones") == ["clones/one/app", "clones/one/kept"]
    assert found("clones/one") == ["clones/one/app", "clones/one/kept"]


def test_links_are_not_followed() -> None:
    write_tree(Path("real"), {"app/requirements.txt": ""})
    Path("clones").mkdir()
    Path("clones/link").symlink_to("../real", target_is_directory=True)
    Path("clones/loop").symlink_to(".", target_is_directory=True)
    assert found("clones") == []


def test_the_search_is_bounded(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(Path(), {f"many/app{number}/requirements.txt": "" for number in range(5)})
    assert discover("many", most=4) == ([Target(f"many/app{n}", may_be_none=True) for n in range(3)], False)
    monkeypatch.setattr("pydeploy_lint.fleet.discover.MOST_DIRECTORIES", 4)
    monkeypatch.setattr("pydeploy_lint.fleet.discover.discover", lambda path: discover(path, most=4))
    status, apps, err = judge("--discover", "many", "--fail-on", "error")
    assert (status, len(apps)) == (0, 3)
    assert err == ("pydeploy-lint: warning: many has more than 4 directories: apps in the others are not judged\n")
