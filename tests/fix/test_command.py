"""The options --fix, --unsafe-fixes and --diff, from the command line to the files."""

from __future__ import annotations

import datetime
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pydeploy_lint.cli.main import main
from pydeploy_lint.fix.command import remaining
from pydeploy_lint.fix.rounds import FixedApp
from pydeploy_lint.testing import Files, Link, write_tree

TODAY = datetime.date(2026, 8, 18)
CLEAN = {"requirements.txt": "", ".python-version": "3.14\n"}
QUOTED = {"requirements.txt": "", ".python-version": "# ours\r\n'3.14'\r\n"}
"""One safe fix."""
PINNED = {"requirements.txt": "", ".python-version": "3.14.1\n"}
"""One suggestion."""
UNFIXABLE = {"requirements.txt": "", ".python-version": "3.8\n"}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in an empty directory; returns status, standard output and standard error."""
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        status = main(list(arguments), TODAY)
        captured = capsysbinary.readouterr()
        return status, os.fsdecode(captured.out), os.fsdecode(captured.err)

    return call


def write(files: Files, root: str = ".") -> None:
    Path(root).mkdir(exist_ok=True)
    write_tree(Path(root), files)


def content(root: str = ".") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(root).iterdir() if path.is_file()}


def test_a_safe_fix_is_made_and_the_app_judged_anew(run: Run) -> None:
    write(QUOTED)
    assert run("--fix") == (
        0,
        "Heroku would build this app with Python 3.14.7 from .python-version, using pip\n",
        "pydeploy-lint: applied 1 fix: .python-version changed\n",
    )
    assert content() == {"requirements.txt": b"", ".python-version": b"# ours\r\n3.14\r\n"}
    assert run("--fix")[2] == ""


@pytest.mark.parametrize("initialise", [False, True])
def test_a_patch_of_several_apps_elsewhere_keeps_them_apart(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, initialise: bool
) -> None:
    for name in ("one", "two"):
        write(QUOTED, name)
        if initialise:
            subprocess.run(["git", "init", "-q", name], check=True)
    Path("here").mkdir()
    monkeypatch.chdir("here")
    status, patch, _ = run("--diff", "../one", str(tmp_path / "two"))
    headers = [line for line in patch.splitlines() if line.startswith(("diff", "---", "+++"))]
    assert (status, headers) == (
        1,
        [
            line
            for name in ("one", "two")
            for line in (
                f"diff --git a/{name}/.python-version b/{name}/.python-version",
                f"--- a/{name}/.python-version",
                f"+++ b/{name}/.python-version",
            )
        ],
    )
    monkeypatch.chdir("..")
    subprocess.run(["git", "apply"], input=os.fsencode(patch), check=True)
    assert content("one") == content("two") == {"requirements.txt": b"", ".python-version": b"# ours\r\n3.14\r\n"}


def test_what_a_change_of_app_json_is_good_for(run: Run) -> None:
    url = "https://github.com/heroku/heroku-buildpack-python"
    write({**CLEAN, "app.json": f'{{"buildpacks": [{{"url": "{url}"}}]}}\n'})
    assert run("--fix")[2] == (
        "pydeploy-lint: applied 1 fix: app.json changed; Heroku reads app.json only when it creates an app\n"
    )


def test_what_cannot_be_fixed_is_reported(run: Run) -> None:
    write(UNFIXABLE)
    status, out, err = run("--fix")
    assert (status, "error[unsupported-runtime]" in out, err) == (1, True, "")


def test_a_suggestion_is_made_only_when_asked_for(run: Run) -> None:
    write(PINNED)
    status, out, err = run("--fix")
    assert (status, out.splitlines()[-1], err) == (1, "Can be fixed: 1 with --fix --unsafe-fixes", "")
    assert content()[".python-version"] == b"3.14.1\n"
    status, _, err = run("--fix", "--unsafe-fixes")
    assert (status, err) == (0, "pydeploy-lint: applied 1 fix: .python-version changed\n")
    assert content()[".python-version"] == b"3.14\n"


def test_only_what_is_reported_is_fixed(run: Run) -> None:
    write(QUOTED)
    assert run("--fix", "--ignore", "python-version-invalid")[0] == 0
    assert run("--fix", "--select", "runtime-txt-deprecated")[0] == 0
    assert content()[".python-version"] == QUOTED[".python-version"].encode()


def test_a_patch_changes_nothing(run: Run) -> None:
    write({"requirements.txt": "", "runtime.txt": "python-3.14\r\n", ".python_version": b"# \xe9\n3.14"})
    before = content()
    status, out, err = run("--diff")
    assert content() == before
    assert (status, err) == (
        1,
        "pydeploy-lint: would apply 2 fixes: .python_version renamed to .python-version, runtime.txt deleted\n",
    )
    assert os.fsencode(out) == (
        b"diff --git a/.python_version b/.python-version\n"
        b"rename from .python_version\n"
        b"rename to .python-version\n"
        b"diff --git a/runtime.txt b/runtime.txt\n"
        b"deleted file mode 100644\n"
        b"--- a/runtime.txt\n"
        b"+++ /dev/null\n"
        b"@@ -1 +0,0 @@\n"
        b"-python-3.14\r\n"
    )


@pytest.mark.parametrize(("files", "status"), [(CLEAN, 0), (UNFIXABLE, 0), (PINNED, 0), ({"readme": ""}, 3)])
def test_a_patch_without_changes_is_empty(files: Files, status: int, run: Run) -> None:
    write(files)
    assert run("--diff")[:2] == (status, "")


def test_a_patch_may_hold_suggestions(run: Run) -> None:
    write(PINNED)
    status, out, _ = run("--diff", "--fix", "--unsafe-fixes")
    assert (status, out.splitlines()[-2:]) == (1, ["-3.14.1", "+3.14"])
    assert content()[".python-version"] == b"3.14.1\n"


def test_git_applies_the_patch_of_apps_below_the_root(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write(QUOTED, "one")
    write({"requirements.txt": ""}, "two words")
    subprocess.run(["git", "init", "--quiet"], check=True)
    monkeypatch.chdir("one")
    status, out, _ = run("--diff", "--unsafe-fixes", ".", "../two words")
    monkeypatch.chdir("..")
    assert status == 1
    subprocess.run(["git", "apply"], input=os.fsencode(out), check=True)
    assert content("one")[".python-version"] == b"# ours\r\n3.14\r\n"
    assert content("two words")[".python-version"] == b"3.14\n"
    assert run("--fix", "--unsafe-fixes", "one", "two words")[2] == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fix", "--staged"], "--fix: only files in the working tree can be fixed; leave out --staged"),
        (["--diff", "--rev", "HEAD"], "--diff: only files in the working tree can be fixed; leave out --rev"),
        (["--fix", "--hook"], "--fix: only files in the working tree can be fixed; leave out --hook"),
        (["--unsafe-fixes"], "--unsafe-fixes: use it with --fix or --diff"),
        (["--diff", "--format", "json"], "--diff: prints a patch, not a report; leave out --format"),
        (["--plan", "--output", "json:x"], "--plan: prints the plan, not a report; leave out --output"),
        (["--diff", "--write-baseline", "b"], "--diff: prints a patch, not a report; leave out --write-baseline"),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(arguments: list[str], message: str, run: Run) -> None:
    write(QUOTED)
    assert run(*arguments) == (2, "", f"pydeploy-lint: error: {message}\n")
    assert content()[".python-version"] == QUOTED[".python-version"].encode()


def test_nothing_is_written_in_any_app_where_one_fails(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write(QUOTED, "one")
    write(QUOTED, "two")
    files = {root: content(root) for root in ("one", "two")}

    def check(target: Path) -> None:
        if target.parent.name == "two":
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pydeploy_lint.fix.write.check_writable", check)
    status, out, err = run("--fix", "one", "two")
    path = Path("two/.python-version").resolve()
    assert (status, out, err) == (
        2,
        "",
        f"pydeploy-lint: error: --fix: {path} cannot be changed: permission denied; no file was changed\n",
    )
    assert {root: content(root) for root in ("one", "two")} == files


def test_the_same_app_twice_is_fixed_once(run: Run) -> None:
    write(QUOTED)
    assert run("--fix", ".", str(Path.cwd()))[0] == 0
    assert content()[".python-version"] == b"# ours\r\n3.14\r\n"


def test_a_linked_version_file_is_left_alone(run: Run) -> None:
    write({**QUOTED, "shared/version": "python-3.14\n"})
    Path(".python-version").unlink()
    write({".python-version": Link("shared/version")})
    status, out, err = run("--fix")
    assert (status, "error[python-version-invalid]" in out) == (1, True)
    assert err == (
        "pydeploy-lint: warning: python-version-invalid is not fixed:"
        " .python-version is a symbolic link, through which nothing is written\n"
    )
    assert Path(".python-version").is_symlink()
    assert Path("shared/version").read_bytes() == b"python-3.14\n"


def test_an_ignored_version_file_is_not_overwritten(run: Run) -> None:
    subprocess.run(["git", "init", "--quiet"], check=True)
    write({"requirements.txt": "", ".gitignore": ".python-version\n", ".python-version": "3.12\n"})
    _, _, err = run("--fix", "--unsafe-fixes")
    assert err == (
        "pydeploy-lint: warning: missing-python-version is not fixed:"
        " .gitignore has the rule '.python-version', so .python-version would not get to Heroku\n"
    )
    assert content()[".python-version"] == b"3.12\n"


def test_commands_that_remain_work_where_the_user_stands() -> None:
    apps = [FixedApp(path, {}, 1, (), ("git rm uv.lock", "poetry lock")) for path in (".", "services/api")]
    assert remaining(apps) == [
        "to finish, run:",
        "    git rm uv.lock",
        "    poetry lock",
        "to finish, run:",
        "    (cd services/api && git rm uv.lock)",
        "    (cd services/api && poetry lock)",
    ]
