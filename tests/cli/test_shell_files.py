"""What shells need: made from the options, so they cannot tell another story."""

import shutil
import subprocess
from pathlib import Path

import pytest
from generated_shell_files import shell_files

import pydeploy_lint
from pydeploy_lint.cli import main as cli
from pydeploy_lint.cli.options.arguments import build_parser

SHELL = Path(pydeploy_lint.__file__).parent / "cli" / "shell"


def test_the_files_are_up_to_date() -> None:
    made = shell_files()

    assert {path.name for path in SHELL.iterdir()} == set(made)
    for name, text in made.items():
        assert (SHELL / name).read_text(encoding="utf-8") == text, "run: python tools/generate.py"


@pytest.mark.parametrize("shell", ["bash", "fish", "nushell", "powershell", "zsh"])
def test_completions_are_printed(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--completion", shell]) == 0

    assert capsys.readouterr().out == (SHELL / f"pydeploy-lint.{shell}").read_text(encoding="utf-8")


def complete_in_bash(words: list[str]) -> list[str]:
    """What bash offers for the last of the words."""
    script = (
        f'source "{SHELL / "pydeploy-lint.bash"}"\n'
        'COMP_WORDS=("$@")\nCOMP_CWORD=$(($# - 1))\n'
        "read -r _ _ function _ < <(complete -p pydeploy-lint | sed 's/.*-F/complete x/')\n"
        '"$function" pydeploy-lint "${COMP_WORDS[COMP_CWORD]}"\nprintf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    bash = shutil.which("bash")
    assert bash
    done = subprocess.run([bash, "-c", script, "bash", *words], check=True, capture_output=True, text=True)
    return sorted(done.stdout.split())


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["pydeploy-lint", "--buildpack"], ["--buildpack", "--buildpacks"]),
        (["pydeploy-lint", "--format", "s"], ["sarif"]),
        (["pydeploy-lint", "--explain", "unsupported-"], ["unsupported-runtime", "unsupported-stack"]),
        (["pydeploy-lint", "--stack", "heroku-22"], ["heroku-22"]),
    ],
)
def test_bash_completes(words: list[str], offered: list[str]) -> None:
    assert complete_in_bash(words) == offered


@pytest.mark.parametrize("shell", ["nushell", "powershell"])
def test_the_other_shells_know_every_option_and_value(shell: str) -> None:
    text = (SHELL / f"pydeploy-lint.{shell}").read_text(encoding="utf-8")

    for action in build_parser()._actions:
        assert not action.option_strings or action.option_strings[-1] in text
    for value in ("sarif", "heroku-24", "unsupported-runtime", "powershell"):
        assert value in text


@pytest.mark.skipif(shutil.which("nu") is None, reason="Nushell is not installed")
def test_nushell_takes_the_options() -> None:
    script = f'source "{SHELL / "pydeploy-lint.nushell"}"; nu-complete pydeploy-lint stack | last; help pydeploy-lint'
    done = subprocess.run(["nu", "--no-config-file", "-c", script], check=False, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
    assert "--account-created <string>" in done.stdout


@pytest.mark.skipif(shutil.which("pwsh") is None, reason="PowerShell is not installed")
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("pydeploy-lint --format s", ["sarif"]),
        ("pydeploy-lint --show-s", ["--show-suppressed", "--show-settings"]),
        ("pydeploy-lint --explain unsupported-", ["unsupported-runtime", "unsupported-stack"]),
    ],
)
def test_powershell_completes(line: str, offered: list[str]) -> None:
    script = (
        f". '{SHELL / 'pydeploy-lint.powershell'}'\n"
        f"(TabExpansion2 '{line}' {len(line)}).CompletionMatches | ForEach-Object {{ $_.CompletionText }}"
    )
    done = subprocess.run(["pwsh", "-NoProfile", "-Command", script], check=True, capture_output=True, text=True)
    assert sorted(done.stdout.split()) == sorted(offered)


def test_the_manual_names_every_option() -> None:
    manual = (SHELL / "pydeploy-lint.1").read_text(encoding="utf-8").replace("\\-", "-")

    for option in ("--as-of", "--rev", "--fix", "--diff", "--explain", "--output", "--completion"):
        assert f"\\fB{option}\\fR" in manual
    assert "checked, and something found" in manual
