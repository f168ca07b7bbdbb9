"""What the scripts run that a Procfile or app.json starts: the programs, with their places in those scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from pydeploy_lint.facts.processes.command import MAX_DEPTH, MAX_RUNS, MAX_SCRIPT, follow
from pydeploy_lint.facts.processes.processes import Processes, ProcessType
from pydeploy_lint.files.source import Source
from pydeploy_lint.testing import Files, open_app, place, write_tree


def processes(root: Path, files: Files) -> Processes:
    write_tree(root, files)
    return open_app(root).processes


def runs(command: str, files: dict[str, str]) -> list[str]:
    """Each program with its arguments, after the path of the script that it is in."""
    found = follow(command, 0, lambda path: Source(path, files[path].encode()) if path in files else None)
    return [
        " ".join([f"{run.script}:" if run.script else ":", run.program.text, *(word.text for word in run.arguments)])
        for run in found.runs
    ]


def placed(process: ProcessType) -> list[tuple[str, str]]:
    return [(run.program.text, place(process.word_span(run, run.program))) for run in process.followed.runs]


@pytest.mark.parametrize("call", ["./start.sh", "bash -e start.sh", "sh start.sh", "exec ./start.sh", "/app/start.sh"])
def test_a_script_is_followed_however_it_is_called(call: str) -> None:
    assert runs(call, {"start.sh": "#!/bin/bash\nset -e\nexec gunicorn a:b\n"})[1:] == ["start.sh: gunicorn a:b"]


@pytest.mark.parametrize(
    ("command", "files", "expected"),
    [
        ("bin/x", {"bin/x": "a"}, [": bin/x", "bin/x: a"]),
        ("cd b && ./x", {"b/x": "./y", "b/y": "c"}, [": ./x", "b/x: ./y", "b/y: c"]),
        ("b/x", {"b/x": 'cd "$(dirname "$0")"\n./y', "b/y": "c"}, [": b/x", "b/x: ./y", "b/y: c"]),
        ("./x a b", {"x": '#!/bin/sh\nexec "$@"'}, [": ./x a b", "x: a b"]),
        ("./x a b", {"x": '#!/bin/sh\nshift\nexec "$@"'}, [": ./x a b", "x: $@"]),
        ("source x && b", {"x": "a"}, ["x: a", ": b"]),
        (". ./x; b $A", {"x": "cd y"}, [": b $A"]),
        ("./x", {"x": "#!/usr/bin/env python3\na"}, [": ./x"]),
        ("./x.py", {"x.py": "a"}, [": ./x.py"]),
        ("./x", {"x": "\x7fELF\0"}, [": ./x"]),
        ("./x", {"x": "./x; a"}, [": ./x", "x: ./x", "x: a"]),
        ("./x", {"x": "./y; a", "y": "./x; b"}, [": ./x", "x: ./y", "y: ./x", "y: b", "x: a"]),
        ("./x", {"x": "run() { a \"$1\"; }\nrun b\n"}, [": ./x", "x: a $1"]),
        ("./x", {"x": "sh -c './y'", "y": "a"}, [": ./x", "x: ./y", "y: a"]),
        ("./gone", {}, [": ./gone"]),
        ("../x", {"x": "a"}, [": ../x"]),
        ("honcho start", {"Procfile": "web: honcho start\nworker: a\n"},
         [": honcho start", "Procfile: honcho start", "Procfile: a"]),
        ("honcho -f P start b", {"P": "a: x\nb: ./y\n", "y": "c"}, [": honcho -f P start b", "P: ./y", "y: c"]),
    ],
)  # fmt: skip
def test_scripts(command: str, files: dict[str, str], expected: list[str]) -> None:
    assert runs(command, files) == expected


def test_places_variables_and_directories(tmp_path: Path) -> None:
    script = "#!/bin/bash\nset -euo pipefail\nexport A=1\nif [ $X ]; then\n  python manage.py migrate\nfi\ncd src\n"
    found = processes(
        tmp_path,
        {
            "Procfile": "web: B=2 newrelic-admin run-program ./start.sh\n",
            "start.sh": f"{script}exec gunicorn 'é' c:d &",
        },
    ).web
    assert found
    assert placed(found) == [
        ("./start.sh", "Procfile:1:37-1:47"),
        ("python", "start.sh:5:3-5:9"),
        ("gunicorn", "start.sh:8:6-8:14"),
    ]
    *_, migrate, server = found.followed.runs
    assert (migrate.conditional, migrate.directory, migrate.in_background) == (True, "", False)
    assert (server.conditional, server.directory, server.in_background) == (False, "src", True)
    assert server.variables == {"A": "1", "B": "2"}
    assert [word.text for word in server.wrappers] == ["newrelic-admin"]
    assert place(found.word_span(server, server.arguments[1])) == "start.sh:8:19-8:22"
    assert found.runs == found.followed.runs[:1]


def test_what_cannot_be_told_in_a_script(tmp_path: Path) -> None:
    found = processes(tmp_path, {"Procfile": "web: ./x\n", "x": "a\nsource .venv/y\nb\nc 'd\n"}).web
    assert found
    assert [run.program.text for run in found.followed.runs] == ["./x", "a", "b"]
    assert [(gap.text, place(gap.at)) for gap in found.gaps] == [
        ("'source' runs code that is only known at run time", "x:2:1-2:1"),
        ("a quote is not closed", "x:4:3-4:3"),
    ]


def test_postdeploy(tmp_path: Path) -> None:
    app_json = '{"scripts": {"postdeploy": "python manage.py x && bin/y"}}'
    found = processes(tmp_path, {"app.json": app_json, "bin/y": "a\n"}).postdeploy
    assert found
    assert placed(found) == [
        ("python", "app.json:1:29-1:35"),
        ("bin/y", "app.json:1:51-1:56"),
        ("a", "bin/y:1:1-1:2"),
    ]


def test_postdeploy_with_escapes_stands_at_its_string(tmp_path: Path) -> None:
    found = processes(tmp_path, {"app.json": '{"scripts": {"postdeploy": "a \\"b\\"; c"}}'}).postdeploy
    assert found
    assert placed(found) == [("a", "app.json:1:28-1:40"), ("c", "app.json:1:28-1:40")]


@pytest.mark.parametrize(
    "text", ["{}", '{"scripts": []}', '{"scripts": {"postdeploy": 1}}', '{"scripts": {"postdeploy": " "}}']
)
def test_no_postdeploy(tmp_path: Path, text: str) -> None:
    assert processes(tmp_path, {"app.json": text}).postdeploy is None


def test_what_has_no_end_is_not_followed_to_it() -> None:
    chain = {f"x{number}": f"./x{number + 1}; ./x{number + 1}" for number in range(50)}
    assert len(runs("./x0", chain)) < 2 ** (MAX_DEPTH + 2)
    doubling = "".join(f"f{number}() {{ f{number + 1}; f{number + 1}; }}\n" for number in range(50)) + "f0"
    assert runs("./x", {"x": doubling}) == [": ./x"]
    found = follow("a;" * (MAX_RUNS + 1))
    assert [gap.reason for gap in found.gaps] == ["it runs more than 2,000 programs"]
    assert runs("./x", {"x": "a\n" * MAX_SCRIPT}) == [": ./x"]
