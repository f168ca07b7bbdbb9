"""A repository cannot make git run a program, keep it for ever, or make pydeploy-lint fail."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pydeploy_lint.cli.main import main
from pydeploy_lint.files.deployed import open_tree
from pydeploy_lint.files.repository import talk
from pydeploy_lint.testing import Link, write_tree

IDENTITY = ["-c", "user.name=A", "-c", "user.email=a@host.example", "-c", "commit.gpgsign=false"]
FILES = {
    "requirements.txt": "six==1.17.0\n",
    ".python-version": "3.14\n",
    "Procfile": "web: python app.py\n",
    "app.py": "",
}
RUNS = [[], ["--rev", "HEAD"], ["--staged"], ["--baseline-rev", "HEAD"], ["--diff"]]


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *IDENTITY, *arguments], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a commit."""
    directory = tmp_path / "repository"
    write_tree(directory, FILES)
    git(directory, "init", "--quiet")
    git(directory, "add", "--all", "--force")
    git(directory, "commit", "--quiet", "--message", "Change")
    return directory


def object_file(root: Path, name: str) -> Path:
    """The file in which git keeps something of the last commit."""
    found = git(root, "rev-parse", f"HEAD:{name}")
    path = root / ".git" / "objects" / found[:2] / found[2:]
    path.chmod(0o644)
    return path


def configure(*settings: tuple[str, str]) -> Callable[[Path, str], None]:
    def apply(root: Path, command: str) -> None:
        for name, value in settings:
            git(root, "config", name, value.format(command))

    return apply


def attributes(line: str, *settings: tuple[str, str]) -> Callable[[Path, str], None]:
    def apply(root: Path, command: str) -> None:
        (root / ".gitattributes").write_text(f"{line}\n", encoding="utf-8")
        configure(*settings)(root, command)

    return apply


def hooks(root: Path, command: str) -> None:
    for name in ("post-checkout", "post-index-change", "pre-commit", "reference-transaction", "fsmonitor-watchman"):
        hook = root / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\n{command}\n", encoding="utf-8")
        hook.chmod(0o755)


def included(root: Path, command: str) -> None:
    (root / "more").write_text(f'[core]\n\tfsmonitor = "{command}"\n', encoding="utf-8")
    git(root, "config", "include.path", "../more")


def promised(root: Path, command: str) -> None:
    """A partial clone whose missing blob would be fetched by a program."""
    configure(
        ("remote.origin.url", "ext::{0}"),
        ("remote.origin.promisor", "true"),
        ("protocol.ext.allow", "always"),
        ("extensions.partialClone", "origin"),
    )(root, command)
    object_file(root, "requirements.txt").unlink()


def uploading(root: Path, command: str) -> None:
    """The same from a repository beside it, which a program of our own choice would send."""
    git(root, "clone", "--quiet", "--bare", ".", "../origin")
    promised(root, command)
    configure(
        ("remote.origin.url", f"{root.parent}/origin"),
        ("remote.origin.uploadpack", "{0}"),
        ("uploadpack.packObjectsHook", "{0}"),
    )(root, command)


def of_the_working_tree(root: Path, command: str) -> None:
    configure(("extensions.worktreeConfig", "true"))(root, command)
    git(root, "config", "--worktree", "core.fsmonitor", command)


WAYS: dict[str, Callable[[Path, str], None]] = {
    "fsmonitor": configure(("core.fsmonitor", "{0}")),
    "fsmonitor of version 1": configure(("core.fsmonitor", "{0}"), ("core.fsmonitorHookVersion", "1")),
    "path of hooks": configure(("core.hooksPath", "evil-hooks")),
    "hooks": hooks,
    "a filter": attributes("* filter=evil", ("filter.evil.clean", "{0}"), ("filter.evil.smudge", "{0}")),
    "a process": attributes("* filter=evil", ("filter.evil.process", "{0}"), ("filter.evil.required", "true")),
    "textconv": attributes("* diff=evil", ("diff.evil.textconv", "{0}"), ("diff.evil.command", "{0}")),
    "a merge driver": attributes("* merge=evil", ("merge.evil.driver", "{0}")),
    "a pager": configure(("core.pager", "{0}"), ("pager.ls-files", "{0}"), ("pager.config", "{0}")),
    "an editor": configure(("core.editor", "{0}"), ("sequence.editor", "{0}")),
    "an alias": configure(("alias.ls-files", "!{0}"), ("alias.rev-parse", "!{0}"), ("alias.cat-file", "!{0}")),
    "ssh": configure(("core.sshCommand", "{0}"), ("remote.origin.url", "ssh://host.example/a")),
    "credentials": configure(("credential.helper", "!{0}"), ("core.askPass", "{0}")),
    "a proxy": configure(("core.gitProxy", "{0}"), ("core.alternateRefsCommand", "{0}")),
    "an include": included,
    "a promise": promised,
    "a program to sign with": configure(("gpg.program", "{0}"), ("log.showSignature", "true")),
    "a program to compare with": configure(("diff.external", "{0}"), ("interactive.diffFilter", "{0}")),
    "a program to send packs": uploading,
    "an owner that is safe": configure(("safe.directory", "*"), ("core.fsmonitor", "{0}")),
    "a submodule": configure(("submodule.a.update", "!{0}"), ("submodule.recurse", "true")),
    "a log of events": configure(("trace2.eventTarget", "|{0}"), ("maintenance.auto", "true")),
    "a configuration of a working tree": of_the_working_tree,
}


@pytest.mark.skipif(os.name == "nt", reason="shell scripts are no programs there")
@pytest.mark.parametrize("way", WAYS)
def test_a_configuration_runs_no_program(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], way: str
) -> None:
    marker = tmp_path / "PWNED"
    program = tmp_path / "evil"
    program.write_text(f"#!/bin/sh\ntouch '{marker}'\ncat\n", encoding="utf-8")
    program.chmod(0o755)
    WAYS[way](root, str(program))
    marker.unlink(missing_ok=True)

    for options in RUNS:
        main([*options, str(root)])

    assert "failed" not in capsys.readouterr().err
    assert not marker.exists()


@pytest.mark.parametrize("options", [["--rev", "HEAD"], ["--staged"]])
def test_a_link_that_git_lacks(root: Path, capsys: pytest.CaptureFixture[str], options: list[str]) -> None:
    write_tree(root, {"base.txt": "six\n"})
    (root / "requirements.txt").unlink()
    write_tree(root, {"requirements.txt": Link("base.txt")})
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Link")
    object_file(root, "requirements.txt").unlink()

    assert main([*options, "--format", "concise", str(root)]) in (0, 1, 3)
    assert "requirements.txt" in capsys.readouterr().out


@pytest.mark.parametrize("size", [0, 10, 3000])
@pytest.mark.parametrize("options", [["--rev", "HEAD"], ["--staged"]])
def test_an_object_that_is_cut_off(
    root: Path, capfd: pytest.CaptureFixture[str], options: list[str], size: int
) -> None:
    (root / "requirements.txt").write_bytes(os.urandom(20_000).hex().encode())
    git(root, "commit", "--quiet", "--all", "--message", "Large")
    path = object_file(root, "requirements.txt")
    path.write_bytes(path.read_bytes()[:size])

    assert main([*options, "--format", "concise", str(root)]) in (0, 1)
    out, err = capfd.readouterr()
    assert "requirements.txt" in out
    assert "cannot be read: git does not have its content here" in out
    assert "Traceback" not in err
    assert "Exception ignored" not in err


def test_a_link_of_many_bytes(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"./" * 5_000_000 + b"app.py")
    blob = git(root, "hash-object", "-w", str(target))
    git(root, "update-index", "--add", "--cacheinfo", f"120000,{blob},requirements.txt")

    start = time.process_time()
    assert main(["--staged", "--format", "concise", str(root)]) in (0, 1, 3)

    assert "requirements.txt" in capsys.readouterr().out
    assert time.process_time() - start < 2


def test_a_commit_without_its_tree(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    object_file(root, "").unlink()

    for option in ("--rev", "--baseline-rev"):
        assert main([option, "HEAD", str(root)]) == 2
        assert capsys.readouterr().err == (
            f"pydeploy-lint: error: {option} HEAD: {root}: the files of 'HEAD': cannot be read:"
            " git does not have its content here\n"
        )


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes with names, and git is not waited for")
@pytest.mark.parametrize("name", ["index", "config", "info/exclude", "HEAD"])
def test_a_pipe_in_place_of_a_file_of_git(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.setattr(talk, "PATIENCE", 1)
    path = root / ".git" / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)

    assert main(["--format", "concise", str(root)]) in (0, 1)
    out, err = capsys.readouterr()
    assert "git could not be asked which files it ignores, so all count: git did not answer" in out
    assert err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="git is not waited for")
def test_a_pattern_that_keeps_git(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk, "PATIENCE", 1)
    name = "a" * 200
    write_tree(root, {".gitignore": "*a" * 30 + "b\n", name: ""})

    start = time.monotonic()
    tree = open_tree(str(root))

    assert tree.is_file(name)
    assert tree.git_error is None or "git did not answer" in tree.git_error
    assert time.monotonic() - start < 30


def test_the_program_of_these_tests_would_be_run_by_git(root: Path, tmp_path: Path) -> None:
    marker = tmp_path / "PWNED"
    program = tmp_path / "evil"
    program.write_text(f"#!/bin/sh\ntouch '{marker}'\n", encoding="utf-8")
    program.chmod(0o755)
    git(root, "config", "core.fsmonitor", str(program))

    git(root, "status")

    assert marker.exists()


def damage_ref(root: Path) -> None:
    git(root, "checkout", "--quiet", "--detach")
    (root / ".git" / "HEAD").write_text("ref: refs/heads/bad\n", encoding="utf-8")
    (root / ".git" / "refs" / "heads" / "bad").write_text("0" * 39 + "x\n", encoding="utf-8")


def cut_pack(root: Path) -> None:
    git(root, "gc", "--quiet")
    (pack,) = (root / ".git" / "objects" / "pack").glob("*.pack")
    pack.chmod(0o644)
    pack.write_bytes(pack.read_bytes()[:60])


def cut_index(root: Path) -> None:
    index = root / ".git" / "index"
    index.write_bytes(index.read_bytes()[:50])


def remove_directory(root: Path) -> None:
    object_file(root, "bin").unlink()


def remove_link_to_directory(root: Path) -> None:
    write_tree(root, {"scripts/post_compile": "true\n"})
    for path in (root / "bin").iterdir():
        path.unlink()
    (root / "bin").rmdir()
    write_tree(root, {"bin": Link("scripts")})
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Link")
    object_file(root, "bin").unlink()


def odd_mode(root: Path) -> None:
    """A tree object whose entry has a mode of many digits."""
    data = b"7" * 400 + b" requirements.txt\0" + b"\1" * 20 + b"100644 app.py\0" + b"\2" * 20
    (root / "tree").write_bytes(data)
    tree = git(root, "hash-object", "-w", "-t", "tree", "--literally", "tree")
    (root / "tree").unlink()
    git(root, "update-ref", "HEAD", git(root, "commit-tree", tree, "-m", "Odd"))


def object_is_a_pipe(root: Path) -> None:
    path = object_file(root, "requirements.txt")
    path.unlink()
    os.mkfifo(path)


DAMAGE = [damage_ref, cut_pack, cut_index, remove_directory, remove_link_to_directory, odd_mode, object_is_a_pipe]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes with names, and git is not waited for")
@pytest.mark.parametrize("options", RUNS, ids=" ".join)
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_repository(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    options: list[str],
    damage: Callable[[Path], None],
) -> None:
    monkeypatch.setattr(talk, "PATIENCE", 1)
    write_tree(root, {"bin/post_compile": "true\n"})
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Hook")
    damage(root)

    status = main([*options, str(root)])

    out, err = capfd.readouterr()
    assert status in (0, 1, 2, 3)
    assert (status == 2) == ("error: " in err)
    assert "Traceback" not in err
    assert "Exception ignored" not in err
    if damage in (remove_directory, remove_link_to_directory) and options == ["--rev", "HEAD"]:
        assert "bin cannot be read: git does not have its content here" in out


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes with names")
@pytest.mark.parametrize("name", ["index", "config", "info/exclude", "commondir"])
def test_a_pipe_where_there_is_no_git(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = root / ".git" / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    monkeypatch.setenv("PATH", str(root / "nowhere"))

    assert main(["--format", "concise", str(root)]) in (0, 1)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("seed", range(8))
def test_any_damage(root: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], seed: int) -> None:
    """Whatever is wrong with the files of git, there is an answer, and no traceback."""
    monkeypatch.setattr(talk, "PATIENCE", 1)
    chance = random.Random(seed)
    if seed % 2:
        git(root, "gc", "--quiet")
    files = [path for path in (root / ".git").rglob("*") if path.is_file() and "hooks" not in path.parts]
    for path in chance.sample(sorted(files), 3):
        path.chmod(0o644)
        data = bytearray(path.read_bytes())
        for _ in range(chance.choice([1, 5, 50])):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data[: chance.choice([len(data), chance.randint(0, len(data))])])

    for options in RUNS:
        status = main([*options, str(root)])
        out, err = capfd.readouterr()
        assert status in (0, 1, 2, 3), (options, out, err)
        assert "Traceback" not in err
        assert "Exception ignored" not in err
