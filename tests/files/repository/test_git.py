"""A commit, the index and the working tree, as Heroku would get them."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.files.deployed import DeployedTree, open_tree
from pydeploy_lint.files.repository.git import Git, IndexTree
from pydeploy_lint.files.repository.talk import GitError
from pydeploy_lint.files.source import FileProblem
from pydeploy_lint.files.tree import FileKind, Tree, Withheld
from pydeploy_lint.finding import Span
from pydeploy_lint.testing import Files, Link, write_tree

IDENTITY = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", "-c", "protocol.file.allow=always"]


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *IDENTITY, *arguments], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def commit(tmp_path: Path) -> Callable[[Files], Path]:
    """Commits files to a repository; returns its root."""
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "--quiet")

    def add(files: Files) -> Path:
        write_tree(root, files)
        git(root, "add", "--all", "--force")
        git(root, "commit", "--quiet", "--message", "Change")
        return root

    return add


FILES: Files = {
    "requirements.txt": "flask\n",
    "bin/pre_compile": "#!/bin/sh\n",
    "link.txt": Link("requirements.txt"),
    "bin/up": Link("../requirements.txt"),
    "scripts": Link("bin"),
    "nowhere": Link("missing"),
    "outside": Link("../../etc"),
    "absolute": Link("/etc/passwd"),
    "loop": Link("loop"),
    "naïve ☃.txt": "snow\n",
}
KINDS = {
    "requirements.txt": FileKind.FILE,
    "bin": FileKind.DIRECTORY,
    "bin/pre_compile": FileKind.FILE,
    "bin/up": FileKind.FILE,
    "link.txt": FileKind.FILE,
    "scripts": FileKind.DIRECTORY,
    "scripts/pre_compile": FileKind.FILE,
    "nowhere": FileKind.DANGLING,
    "outside": FileKind.DANGLING,
    "absolute": FileKind.DANGLING,
    "loop": FileKind.DANGLING,
    "loop/x": None,
    "naïve ☃.txt": FileKind.FILE,
    "missing": None,
    "requirements.txt/x": None,
}


@pytest.mark.parametrize("read", [{}, {"rev": "HEAD"}, {"staged": True}], ids=["work", "rev", "staged"])
def test_every_tree_tells_the_same(commit: Callable[[Files], Path], read: dict[str, Any]) -> None:
    root = commit(FILES)
    tree = open_tree(str(root), **read)

    assert {path: tree.kind(path) for path in KINDS} == KINDS
    assert [name for name in tree.names() if name != ".git"] == sorted(
        {"absolute", "bin", "link.txt", "loop", "naïve ☃.txt", "nowhere", "outside", "requirements.txt", "scripts"}
    )
    assert tree.names("scripts") == ["pre_compile", "up"]
    assert tree.names("nowhere") == []
    assert tree.read("bin/up") == b"flask\n"
    assert tree.read("naïve ☃.txt") == b"snow\n"


def test_a_commit_is_read_and_not_the_working_tree(commit: Callable[[Files], Path]) -> None:
    root = commit({"a": "old"})
    (root / "a").write_text("new")
    git(root, "add", "a")
    (root / "a").write_text("newer")

    assert open_tree(str(root), rev="HEAD").read("a") == b"old"
    assert open_tree(str(root), staged=True).read("a") == b"new"
    assert open_tree(str(root)).read("a") == b"newer"


def test_names_that_sort_around_a_slash(commit: Callable[[Files], Path]) -> None:
    root = commit(dict.fromkeys(["a!", "a-b/c", "a.b", "a/b.c", "a/b/c", "a/b/d", "a/b0", "a0", "b"], ""))

    for tree in (open_tree(str(root), rev="HEAD"), open_tree(str(root), staged=True)):
        assert tree.names() == ["a", "a!", "a-b", "a.b", "a0", "b"]
        assert tree.names("a") == ["b", "b.c", "b0"]
        assert tree.names("a/b") == ["c", "d"]
        assert tree.names("a/b/c") == tree.names("missing") == []
        assert [tree.kind(path) for path in ("a", "a-", "a/b", "a/b/c")] == [
            FileKind.DIRECTORY,
            None,
            FileKind.DIRECTORY,
            FileKind.FILE,
        ]


def test_an_app_in_a_subdirectory(commit: Callable[[Files], Path]) -> None:
    root = commit({"apps/one/a": "1", "apps/one/up": Link("../two/a"), "apps/two/a": "2", ".gitignore": "ignored\n"})
    write_tree(root, {"apps/one/ignored": ""})
    app = str(root / "apps/one")

    for tree in (open_tree(app), open_tree(app, rev="HEAD"), open_tree(app, staged=True)):
        assert tree.read("a") == b"1"
        assert tree.kind("up") is FileKind.DANGLING
        assert tree.kind("two") is None
        assert tree.kind("ignored") is None


def test_other_shapes_of_repository(commit: Callable[[Files], Path], tmp_path: Path) -> None:
    root = commit({"a": "1"})
    commit({"a": "2"})
    git(tmp_path, "clone", "--quiet", "--bare", str(root), "bare")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{root}", "shallow")
    git(root, "worktree", "add", "--quiet", "--detach", str(tmp_path / "worktree"), "HEAD~1")
    git(root, "submodule", "--quiet", "add", str(tmp_path / "bare"), "sub")

    assert open_tree(str(tmp_path / "bare"), rev="HEAD").read("a") == b"2"
    assert open_tree(str(tmp_path / "shallow"), rev="HEAD").read("a") == b"2"
    assert open_tree(str(tmp_path / "worktree"), rev="HEAD").read("a") == b"1"
    assert open_tree(str(tmp_path / "worktree")).read("a") == b"1"
    assert open_tree(str(root / "sub"), rev="HEAD").read("a") == b"2"
    assert open_tree(str(root)).kind("sub") is FileKind.DIRECTORY
    assert open_tree(str(root)).kind("sub/a") is FileKind.FILE
    with pytest.raises(GitError, match=r"^there is no commit 'HEAD~1' in this repository$"):
        open_tree(str(tmp_path / "shallow"), rev="HEAD~1")


def test_what_git_cannot_tell_is_an_error(commit: Callable[[Files], Path], tmp_path: Path) -> None:
    root = commit({"a": "1"})
    (tmp_path / "plain").mkdir()

    with pytest.raises(GitError, match=r"^there is no commit 'gone' in this repository$"):
        open_tree(str(root), rev="gone")
    with pytest.raises(GitError, match=r"^there is no commit '--help' in this repository$"):
        open_tree(str(root), rev="--help")
    with pytest.raises(GitError, match=r"^not a git repository"):
        open_tree(str(tmp_path / "plain"), staged=True)


def test_an_object_that_is_not_here(commit: Callable[[Files], Path]) -> None:
    root = commit({"a": "1"})
    name = git(root, "rev-parse", "HEAD:a")
    (root / ".git/objects" / name[:2] / name[2:]).unlink()

    with pytest.raises(FileProblem, match=r"^a: cannot be read: git does not have its content here$"):
        open_tree(str(root), rev="HEAD").read("a")


def test_ignored_files_are_withheld_and_tracked_ones_are_not(commit: Callable[[Files], Path]) -> None:
    root = commit({"tracked.txt": "", "sub/.gitignore": "*.log\n"})
    write_tree(root, {".gitignore": "# mine\n\n*.txt\n!kept.txt\nvenv/\n"})
    write_tree(root, {"new.txt": "", "kept.txt": "", "venv/pyvenv.cfg": "", "sub/a.log": ""})
    (root / ".git/info/exclude").write_text("private\n")
    write_tree(root, {"private": ""})
    tree = open_tree(str(root))

    paths = ["tracked.txt", "new.txt", "kept.txt", "venv", "venv/pyvenv.cfg", "sub/a.log", "private", "absent.txt"]
    assert [path for path in paths if tree.kind(path)] == ["tracked.txt", "kept.txt"]
    assert tree.withheld == {
        "new.txt": Withheld(".gitignore", "*.txt", Span(".gitignore", 3, 1, 3, 6)),
        "venv": Withheld(".gitignore", "venv/", Span(".gitignore", 5, 1, 5, 6)),
        "venv/pyvenv.cfg": Withheld(".gitignore", "venv/", Span(".gitignore", 5, 1, 5, 6)),
        "sub/a.log": Withheld("sub/.gitignore", "*.log", Span("sub/.gitignore", 1, 1, 1, 6)),
        "private": Withheld(".git/info/exclude", "private", None),
    }


def test_rules_are_named_as_the_app_sees_them(commit: Callable[[Files], Path]) -> None:
    root = commit({".gitignore": "*.txt\n", "app/.gitignore": "*.log\n"})
    write_tree(root, {"app/a.txt": "", "app/a.log": ""})
    tree = open_tree(str(root / "app"))
    assert [tree.kind("a.txt"), tree.kind("a.log")] == [None, None]
    assert tree.withheld == {
        "a.txt": Withheld("../.gitignore", "*.txt", None),
        "a.log": Withheld(".gitignore", "*.log", Span(".gitignore", 1, 1, 1, 6)),
    }


def test_a_path_behind_a_link_is_not_ignored(commit: Callable[[Files], Path]) -> None:
    root = commit({"real/pyvenv.cfg": "", "venv": Link("real"), ".gitignore": "*.log\n"})
    write_tree(root, {"a.log": ""})
    tree = open_tree(str(root))

    assert tree.kind("venv/pyvenv.cfg") is FileKind.FILE
    assert tree.kind("a.log") is None
    assert tree.git_error is None


@pytest.mark.parametrize(
    ("patterns", "withheld"),
    [
        ("*.psd\n/docs\n", {"a.psd", "sub/a.psd", "docs", "docs/x"}),
        ("# docs\n\n*.psd\n!a.psd\n", {"a.psd", "sub/a.psd"}),
        ("docs/\r\n", {"docs", "docs/x"}),
        ("", set()),
    ],
)
def test_slugignore(tmp_path: Path, patterns: str, withheld: set[str]) -> None:
    paths = ["a.psd", "sub/a.psd", "docs", "docs/x", "sub/docs"]
    write_tree(tmp_path, {".slugignore": patterns, "a.psd": "", "sub/a.psd": "", "docs/x": "", "sub/docs": ""})
    tree: Tree = open_tree(str(tmp_path))

    assert {path for path in paths if not tree.kind(path)} == withheld
    assert {reason.by for reason in tree.withheld.values()} <= {".slugignore"}


def test_slugignore_counts_for_a_commit_too(commit: Callable[[Files], Path]) -> None:
    root = commit({".slugignore": "a\n", "a": "", "b": ""})

    tree = open_tree(str(root), rev="HEAD")

    assert (tree.kind("a"), tree.kind("b")) == (None, FileKind.FILE)
    assert tree.withheld == {"a": Withheld(".slugignore", "a", Span(".slugignore", 1, 1, 1, 2))}


def test_names_in_git(commit: Callable[[Files], Path]) -> None:
    root = commit({"Procfile": "", "runtime.TXT": ""})
    write_tree(root, {"requirements.txt": "", "runtime.txt": "", "procfile": ""})

    names = open_tree(str(root)).names_in_git(["Procfile", "requirements.txt", "runtime.txt", "absent"])

    assert names == {"Procfile": "Procfile", "requirements.txt": None, "runtime.txt": "runtime.TXT"}


def test_settings_of_the_repository_run_nothing(commit: Callable[[Files], Path], tmp_path: Path) -> None:
    root = commit({"a": "", ".gitattributes": "* filter=evil diff=evil\n"})
    evil = tmp_path / "evil"
    evil.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\ncat\n")
    evil.chmod(0o755)
    for name in ("core.fsmonitor", "filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv", "core.pager"):
        git(root, "config", name, str(evil))
    (tmp_path / "ran").unlink(missing_ok=True)

    for tree in (open_tree(str(root)), open_tree(str(root), rev="HEAD"), open_tree(str(root), staged=True)):
        assert tree.read("a") == b""
        assert tree.names_in_git(["a"]) == {"a": "a"}

    assert not (tmp_path / "ran").exists()


def test_a_tree_can_be_wrapped_without_git(tmp_path: Path) -> None:
    write_tree(tmp_path, {"a": ""})

    assert isinstance(open_tree(str(tmp_path)), DeployedTree)
    assert open_tree(str(tmp_path)).names_in_git(["a"]) == {"a": "a"}


class Listing(Git):
    """What git prints of an index that holds some files."""

    def __init__(self, paths: set[str]) -> None:
        super().__init__(".")
        self.paths = sorted(map(str.encode, paths))

    def run(self, *_arguments: str, given: bytes = b"") -> bytes:  # noqa: ARG002 - nothing is asked
        return b"".join(b"100644 %s 0\t%s\0" % (b"0" * 40, path) for path in self.paths)


names = st.sampled_from(["a", "a-", "a.b", "a0", "b", "é"])


@given(st.sets(st.lists(names, min_size=1, max_size=3).map("/".join), max_size=9))
def test_the_index_is_searched_as_it_is_printed(paths: set[str]) -> None:
    tree = IndexTree(Listing(paths))
    directories = {"/".join(path.split("/")[:depth]) for path in paths for depth in range(path.count("/") + 1)}
    for path in {*paths, *directories, "0", "a", "a/a", "a!", "z"} - {"", *(paths & directories)}:
        kind = FileKind.FILE if path in paths else FileKind.DIRECTORY if path in directories else None
        assert tree.kind(path) == kind
    for directory in directories - paths:
        prefix = f"{directory}/" if directory else ""
        below = {path.removeprefix(prefix).split("/")[0] for path in paths if path.startswith(prefix)}
        assert tree.names(directory) == sorted(below)
