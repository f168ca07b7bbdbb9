"""Tests of writing whole files: what is replaced, what is left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pydeploy_lint.files.writing.write import PendingFile


def write_whole(path: str, data: bytes) -> None:
    """Write a file in one piece."""
    file = PendingFile(path)
    file.write(data)
    file.commit()


def test_a_file_is_created(tmp_path: Path) -> None:
    write_whole(str(tmp_path / "new"), b"text")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("new", b"text")]


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "old"
    file.write_bytes(b"old")
    file.chmod(0o600)
    write_whole(str(file), b"new")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new", 0o600)


def test_a_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"old")
    (tmp_path / "link").symlink_to("target")
    write_whole(str(tmp_path / "link"), b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"new"


def test_a_device_is_written_to_and_not_replaced() -> None:
    write_whole(os.devnull, b"new")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("name", ["", "missing/file"])
def test_what_cannot_be_written_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(OSError, match=r"directory|denied"):
        write_whole(str(tmp_path / name), b"new")


def test_an_interruption_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")

    def interrupt(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(str(file), b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("file", b"old")]
