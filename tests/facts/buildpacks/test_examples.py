"""The example apps of the repository show what their table says."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydeploy_lint.cli.main import main

EXAMPLES = Path(__file__).parents[3] / "examples" / "buildpacks"


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("pinned", [], ["app.json:3:28: warning[buildpack-pinned]"]),
        ("two", ["--buildpacks", "two/heroku-buildpacks.txt"], ["two/heroku-buildpacks.txt:4:4: note[buildpack-url]"]),
        (
            "scripts",
            [],
            [
                "bin/create-app:8:23: error[buildpack-missing-tag]",
                "bin/create-app:8:23: warning[buildpack-pinned]",
            ],
        ),
        ("terraform", [], ["main.tf:6:6: error[buildpack-obsolete]", "main.tf:7:6: warning[buildpack-forked]"]),
    ],
)
def test_example(
    name: str,
    arguments: list[str],
    expected: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(EXAMPLES)
    main([*arguments, "--select", "buildpacks", "--format", "text", name])
    places = [" ".join(line.split()[:2]) for line in capsys.readouterr().out.splitlines() if "[buildpack-" in line]
    assert places == [place if place.startswith(name) else f"{name}/{place}" for place in expected]
