"""Apps in directories below the root: found in what is pushed, and only where something is started."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from pydeploy_checks.packages.detection import python_not_detected

from pydeploy_lint.facts.packages import apps_below
from pydeploy_lint.facts.packages.apps_below import AppBelow, find_apps_below
from pydeploy_lint.files.deployed import open_tree
from pydeploy_lint.files.tree import WorkingTree
from pydeploy_lint.testing import Files, lint_files, write_tree

MANAGER_FILES = ["Pipfile.lock", "requirements.txt", "poetry.lock", "uv.lock"]
REPOSITORY = {
    "package.json": "{}",
    "services/api/Procfile": "web: gunicorn api:app\n",
    "services/api/requirements.txt": "gunicorn\n",
    "services/api/worker/requirements.txt": "",
    "services/mail/uv.lock": "",
    "web/manage.py": "",
    "web/Pipfile.lock": "{}",
    "docs/requirements.txt": "",
    "docs/main.py": "",
    "scripts/main.py": "",
    "scripts/requirements.txt": "",
    "node_modules/gyp/requirements.txt": "",
    ".hidden/requirements.txt": "",
}


def test_apps_are_found_with_what_installs_them(tmp_path: Path) -> None:
    write_tree(tmp_path, REPOSITORY)
    assert find_apps_below(WorkingTree(str(tmp_path)), MANAGER_FILES) == [
        AppBelow("services/api", "requirements.txt", starts=True),
        AppBelow("services/mail", "uv.lock", starts=False),
        AppBelow("web", "Pipfile.lock", starts=True),
    ]


def test_they_are_found_in_a_commit_and_not_where_git_ignores_them(tmp_path: Path) -> None:
    write_tree(tmp_path, {**REPOSITORY, ".gitignore": "web/\n", "cache/app.py": "", "cache/requirements.txt": ""})
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    write_tree(tmp_path, {".gitignore": "web/\ncache/requirements.txt\n"})
    subprocess.run(["git", "-C", str(tmp_path), "rm", "-rq", "--cached", "cache"], check=True)
    staged = find_apps_below(open_tree(str(tmp_path), staged=True), MANAGER_FILES)
    working = find_apps_below(open_tree(str(tmp_path)), MANAGER_FILES)
    assert [each.path for each in staged] == [each.path for each in working] == ["services/api", "services/mail"]


def test_the_search_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"{path}/{name}": "" for path in ("a/b/c", "a/b/d/e", "f", "g") for name in ("requirements.txt", "app.py")}
    write_tree(tmp_path, files)
    tree = WorkingTree(str(tmp_path))
    assert [each.path for each in find_apps_below(tree, MANAGER_FILES)] == ["a/b/c", "f", "g"]
    monkeypatch.setattr(apps_below, "MOST_DIRECTORIES", 2)
    assert [each.path for each in find_apps_below(tree, MANAGER_FILES)] == ["f"]


def test_a_link_to_a_directory_above_is_not_followed_for_ever(tmp_path: Path) -> None:
    write_tree(tmp_path, {"a/requirements": ""})
    (tmp_path / "a" / "loop").symlink_to("..", target_is_directory=True)
    assert find_apps_below(WorkingTree(str(tmp_path)), MANAGER_FILES) == []


def app(*paths: str) -> Files:
    return {f"{path}/{name}": "" for path in paths for name in ("requirements.txt", "Procfile")}


NOT_HERE = "Heroku does not recognise a Python app: none of the files it looks for is in the root directory"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a/requirements.txt": ""}, NOT_HERE),
        (app("api"), f"{NOT_HERE}, but there is an app in api"),
        (app("services/api", "web"), f"{NOT_HERE}, but there are apps in services/api and web"),
        (app("a", "b", "c"), f"{NOT_HERE}, but there are apps in a, b and c"),
        (app(*"abcdefg"), f"{NOT_HERE}, but there are apps in a, b, c, d, e and 2 more"),
        (
            {**app("api"), "requirements.txt": "", ".slugignore": "/requirements.txt\n"},
            f"{NOT_HERE}; requirements.txt exists locally but '/requirements.txt' in .slugignore excludes it",
        ),
    ],
)
def test_they_are_named_where_the_root_is_no_app(files: Files, message: str) -> None:
    [finding] = lint_files(files, [python_not_detected])
    assert finding.message == message


def test_the_help_says_how_to_check_and_push_them() -> None:
    [finding] = lint_files({**app("my api", "web"), ".pre-commit-config.yaml": ""}, [python_not_detected])
    where = "is in a subdirectory, where Heroku does not look; if"
    assert finding.help.splitlines() == [
        "Check them by their paths:",
        "    pydeploy-lint 'my api' web",
        "In .pre-commit-config.yaml, give the hook these paths too:",
        "    args: ['my api', web]",
        f"my api/requirements.txt {where} my api is the app, push it alone:",
        "    git subtree push --prefix 'my api' heroku main",
        f"web/requirements.txt {where} web is the app, push it alone:",
        "    git subtree push --prefix web heroku main",
    ]
