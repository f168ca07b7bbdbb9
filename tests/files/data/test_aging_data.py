"""Which copy of the data that ages is used, and how a newer one is fetched."""

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pydeploy_lint.files.data import aging_data
from pydeploy_lint.files.data.aging_data import DataError, choose, current, load, read_copy
from tests.files.data.copies import NEWER, SHIPPED, write_copy

NO_MANIFEST = "{0}/manifest.json is not a manifest of data for pydeploy-lint"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(aging_data, "_chosen", [])
    monkeypatch.setenv("PYDEPLOY_LINT_CACHE", str(tmp_path / "cache"))


def write_wheel(folder: Path, version: str = NEWER, *, damage: str = "", form: int = aging_data.FORMAT) -> None:
    folder.mkdir(exist_ok=True)
    copy = write_copy(folder / f"copy-{version}", version, form)
    info = f"pydeploy_lint_data-{version}.dist-info"
    with zipfile.ZipFile(folder / f"pydeploy_lint_data-{version}-py3-none-any.whl", "w") as wheel:
        for path in copy.glob("*.json"):
            text = path.read_text("utf-8")
            wheel.writestr(f"pydeploy_lint_data/{path.name}", f"{text} " if path.name == damage else text)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: pydeploy-lint-data\nVersion: {version}\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


def lint(*arguments: str, find_links: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(find_links or "nowhere")}
    command = [sys.executable, "-m", "pydeploy_lint", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, encoding="utf-8")


def test_the_manifest_has_the_hashes_of_what_is_shipped() -> None:
    manifest = json.loads((SHIPPED / "manifest.json").read_bytes())
    assert manifest["files"] == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(SHIPPED.glob("*.json"))
        if path.name != "manifest.json"
    }


def test_what_is_shipped_is_used_where_there_is_nothing_else() -> None:
    assert current().directory == str(SHIPPED)


@pytest.mark.parametrize(("version", "is_used"), [(NEWER, True), ("2019.1.1", False), ("2026.12.1.10", True)])
def test_the_newest_copy_is_used(tmp_path: Path, version: str, is_used: bool) -> None:
    write_copy(tmp_path / "cache" / version, version)
    assert load("names.json").get("test") == (version if is_used else None)


def test_versions_are_numbers_and_no_text(tmp_path: Path) -> None:
    for version in ("2099.9.1", "2099.10.1", "2099.10.1.2"):
        write_copy(tmp_path / "cache" / version, version)
    assert current().version == "2099.10.1.2"


def test_a_copy_in_a_newer_format_is_left_aside_unless_it_was_asked_for(tmp_path: Path) -> None:
    copy = write_copy(tmp_path / "cache" / NEWER, form=aging_data.FORMAT + 1)
    assert current().directory == str(SHIPPED)
    with pytest.raises(DataError) as caught:
        choose(str(copy))
    assert str(caught.value) == (
        f"{copy} has data in format 2, and this pydeploy-lint reads format 1: update pydeploy-lint"
    )


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (None, "{0} has no data for pydeploy-lint: No such file or directory: manifest.json"),
        ("{", NO_MANIFEST),
        ("[]", NO_MANIFEST),
        (
            '{"format": 1, "version": "new", "files": {}}',
            "{0}/manifest.json is not a manifest of data for pydeploy-lint",
        ),
        (
            '{"format": 1, "version": "1", "files": {}}',
            "the data in {0} is not whole: No such file or directory: ",
        ),
        (
            '{"format": 0, "version": "1", "files": {}}',
            "{0} has data in format 0, and this pydeploy-lint reads format 1: it is too old",
        ),
    ],
)
def test_no_copy(tmp_path: Path, manifest: str | None, message: str) -> None:
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_copy(str(tmp_path))
    said, expected = (text.replace("\\", "/") for text in (str(caught.value), message.format(tmp_path)))
    assert said.startswith(expected)


def test_data_takes_a_certain_copy(tmp_path: Path) -> None:
    copy = write_copy(tmp_path / "data", "2019.1.1")
    done = lint("--data", str(copy), "--version")
    assert (done.returncode, done.stdout.rstrip().endswith(f"pydeploy-lint-data 2019.1.1 in {copy}")) == (0, True)


def test_a_damaged_copy_is_a_clear_error(tmp_path: Path) -> None:
    copy = write_copy(tmp_path / "data")
    (copy / "releases.json").write_text("{", encoding="utf-8")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "requirements.txt").touch()
    done = lint("--data", str(copy), str(tmp_path / "app"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"pydeploy-lint: error: the data in {copy} is damaged: releases.json does not have the hash in manifest.json\n"
    )


def test_update_data_fetches_a_newer_copy_and_clears_older_ones(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    write_copy(cache / "2098.1.1", "2098.1.1")
    write_wheel(tmp_path / "index")

    done = lint("--update-data", find_links=tmp_path / "index")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"data {NEWER} replaces 2098.1.1; it is in {cache / NEWER}\n"
    assert [path.name for path in cache.iterdir()] == [NEWER]
    assert load("names.json")["test"] == NEWER
    again = lint("--update-data", find_links=tmp_path / "index")
    assert again.stdout == f"the data is up to date: {NEWER}, in {cache / NEWER}\n"


@pytest.mark.parametrize(
    ("damage", "form", "message"),
    [
        ("names.json", 1, "is damaged: names.json does not have the hash in manifest.json"),
        ("", 2, "and this pydeploy-lint reads format 1: update pydeploy-lint"),
    ],
)
def test_update_data_takes_nothing_that_cannot_be_used(tmp_path: Path, damage: str, form: int, message: str) -> None:
    write_wheel(tmp_path / "index", damage=damage, form=form)
    done = lint("--update-data", find_links=tmp_path / "index")
    assert (done.returncode, done.stdout, message in done.stderr) == (2, "", True)
    assert os.listdir(tmp_path / "cache") == []


def test_update_data_without_an_index_says_so(tmp_path: Path) -> None:
    done = lint("--update-data", find_links=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("pydeploy-lint: error: --update-data: pip could not fetch pydeploy-lint-data: ")
