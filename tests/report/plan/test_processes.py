"""The plan's section on what is started, and what cannot be told of it."""

from pathlib import Path

import pytest

from pydeploy_lint.engine import run as engine
from pydeploy_lint.report.plan.plan import plan
from pydeploy_lint.testing import Files, open_app, place, write_tree

STARTED = "What is started"
OPEN = "What cannot be told"
APP = {"requirements.txt": "", ".python-version": "3.13\n"}


def sections(root: Path, files: Files) -> dict[str, list[tuple[str, str, str]]]:
    """Label, text and place of each line of the plan, by title."""
    write_tree(root, {**APP, **files})
    app = open_app(root)
    return {
        section.title: [(line.label, line.text, place(line.at) if line.at else "") for line in section.lines]
        for section in plan(app, engine.run(app, []))
    }


@pytest.mark.parametrize(
    ("files", "lines"),
    [
        (
            {"Procfile": "release: x\nweb: gunicorn a.b\n"},
            [
                ("release", "x", "Procfile:1:1-1:8"),
                ("web", "gunicorn a.b", "Procfile:2:1-2:4"),
                ("serves", "gunicorn serves application of a.b", "Procfile:2:15-2:18"),
                ("listens", "gunicorn listens on 0.0.0.0, port $PORT by default", "Procfile:2:6-2:14"),
            ],
        ),
        (
            {"Procfile": "web: uvicorn a --port 80\n"},
            [
                ("web", "uvicorn a --port 80", "Procfile:1:1-1:4"),
                ("serves", "uvicorn serves a", "Procfile:1:14-1:15"),
                ("listens", "uvicorn listens on 127.0.0.1, port 80", "Procfile:1:23-1:25"),
            ],
        ),
        ({"Procfile": "web: python app.py\n"}, [("web", "python app.py", "Procfile:1:1-1:4")]),
        ({"Procfile": f"web: {'x' * 300}\n"}, [("web", f"{'x' * 200}…", "Procfile:1:1-1:4")]),
    ],
)
def test_what_is_started(tmp_path: Path, files: Files, lines: list[tuple[str, str, str]]) -> None:
    assert sections(tmp_path, files)[STARTED] == lines


def test_nothing_is_started_without_a_procfile(tmp_path: Path) -> None:
    assert STARTED not in sections(tmp_path, {})


def test_what_cannot_be_told(tmp_path: Path) -> None:
    found = sections(tmp_path, {"Procfile": "web: gunicorn $APP -b unix:x\n"})[OPEN]
    assert [line for line in found if line[0] == "processes"] == [
        ("processes", "where gunicorn listens", "Procfile:1:6-1:29"),
        ("processes", "what gunicorn serves", "Procfile:1:6-1:29"),
    ]
