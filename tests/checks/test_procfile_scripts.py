"""Scripts that a dyno cannot run, what is not there, and command lines that cannot be understood."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from pydeploy_checks.procfile.file import procfile_misnamed
from pydeploy_checks.procfile.options import procfile_shell_syntax, procfile_target_invalid
from pydeploy_checks.procfile.scripts import procfile_script_fails, procfile_script_line_endings
from pydeploy_checks.procfile.subcommands import procfile_subcommand_missing
from pydeploy_checks.procfile.targets import procfile_program_missing
from pydeploy_checks.procfile.unknown_options import procfile_unknown_option
from pydeploy_checks.procfile.workers import procfile_worker_class

from pydeploy_lint.api import lint
from pydeploy_lint.engine.check import Check
from pydeploy_lint.finding import Severity
from pydeploy_lint.testing import Files, lint_files, place, write_tree

MEINHELD = {"app.json": '{"env": {"GUNICORN_CMD_ARGS": "-k meinheld.gmeinheld.MeinheldWorker"}}'}
FILES = {"requirements.txt": "Flask\ngunicorn\n", "app.py": "app = 1\n"}
LOCK = '[[package]]\nname = "gunicorn"\nversion = "23.0"\ngroups = ["main"]\n\n[metadata]\nlock-version = "2.1"\n'


def found(command: str, checks: list[Check], more: Files | None = None) -> list[tuple[str, str, Severity]]:
    files = {**FILES, "Procfile": f"web: {command}\n", **(more or {})}
    return [(place(each.at), each.message, each.severity) for each in lint_files(files, checks)]


@pytest.mark.parametrize(
    ("command", "more", "words"),
    [
        ("start.sh", {"start.sh": "#!/bin/sh\n"}, "not on the PATH"),
        ("manage.py runserver", {"manage.py": ""}, "not on the PATH"),
        ("cd api && run.sh", {"api/run.sh": ""}, "not on the PATH"),
        ("./run", {"run": "#!/usr/bin/env bash\r\ngunicorn app:app\r\n"}, "CRLF"),
        ("bin/start", {"bin/start": "#!/bin/bash\r\n"}, "CRLF"),
        (".venv/bin/gunicorn app:app", {}, "virtual environment"),
        ("env/bin/python app.py", {}, "virtual environment"),
        ("/home/me/site/venv/bin/gunicorn app:app", {}, "virtual environment"),
        ("/Users/me/site/start.sh", {}, "developer's machine"),
        ("venv/Scripts/gunicorn app:app", {}, "virtual environment"),
        ("/usr/local/bin/gunicorn app:app", {}, "/app/.heroku/python/bin"),
        ("python /home/me/site/app.py", {}, "developer's machine"),
        ("gunicorn --chdir=/Users/me/site app:app", {}, "developer's machine"),
        ("cd /home/me/site && gunicorn app:app", {}, "developer's machine"),
        ("source venv/bin/activate && gunicorn app:app", {}, "developer's machine"),
        (". .venv/bin/activate && gunicorn app:app", {}, "developer's machine"),
        ("./app.py", {}, "names no interpreter"),
        ("sh a.sh", {"a.sh": "b.sh\n", "b.sh": "#!/bin/sh\n"}, "b.sh"),
    ],
)
def test_script_fails(command: str, more: Files, words: str) -> None:
    ((_, message, severity),) = found(command, [procfile_script_fails], more)
    assert words in message
    assert severity is Severity.ERROR


@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("./start.sh", {"start.sh": "#!/bin/sh\n"}),
        ("bash start.sh", {"start.sh": "#!/bin/sh\r\n"}),
        ("./start.sh", {"start.sh": "#!/bin/sh\r\n", ".gitattributes": "*.sh text eol=lf\n"}),
        ("gunicorn app:app", {"gunicorn": "#!/bin/sh\n"}),
        ("/app/.heroku/python/bin/gunicorn app:app", {}),
        ("$HOME/start.sh", {"start.sh": "#!/bin/sh\n"}),
        ("bin/start-stunnel gunicorn app:app", {}),
        ("vendor/thing/run", {}),
        ("start.sh || true", {"start.sh": ""}),
        ("envoy/bin/run", {}),
    ],
)
def test_script_runs(command: str, more: Files) -> None:
    assert found(command, [procfile_script_fails], more) == []


def test_line_endings_for_a_shell() -> None:
    crlf = {"start.sh": "set -e\r\ngunicorn app:app\r\n"}
    ((at, _, severity),) = found("bash start.sh", [procfile_script_line_endings], crlf)
    assert (at, severity) == ("Procfile:1:11-1:19", Severity.WARNING)
    assert found("bash start.sh", [procfile_script_line_endings], {"start.sh": "set -e\n"}) == []


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@index.example", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


@pytest.mark.parametrize(
    ("command", "mode", "count"), [("./start.sh", "-", 1), ("./start.sh", "+", 0), ("sh start.sh", "-", 0)]
)
def test_mode(tmp_path: Path, command: str, mode: str, count: int) -> None:
    script = {"start.sh": "#!/bin/sh\nexec gunicorn app:app\n"}
    write_tree(tmp_path, {**FILES, **script, "Procfile": f"release: {command}\n"})
    (tmp_path / "start.sh").chmod(0o755 if mode == "+" else 0o644)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "update-index", f"--chmod={mode}x", "start.sh")
    for staged in (False, True):
        report = lint(str(tmp_path), staged=staged)
        messages = [each.message for each in report.findings if each.check == "procfile-script-fails"]
        assert len(messages) == count
        assert all("not executable in git" in message and "the release fails" in message for message in messages)


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("gunicorn app:app --port $PORT", "--port"),
        ("gunicorn app:app --host=0.0.0.0", "--host"),
        ("gunicorn --reload-dir src app:app", "--reload-dir"),
        ("gunicorn app:app --thread 2 --prort 1", "--prort"),
        ("uvicorn app:app -b 0.0.0.0:$PORT", "-b"),
        ("uvicorn app:app --bind 0.0.0.0:$PORT", "--bind"),
        ("uvicorn app:app -p $PORT --host 0.0.0.0", "-p"),
        ("hypercorn app:app --port $PORT", "--port"),
        ("waitress-serve --bind 0.0.0.0:$PORT app:app", "--bind"),
        ("daphne app:app --host 0.0.0.0 -p $PORT", "--host"),
        ("granian app:app --bind 0.0.0.0:$PORT", "--bind"),
        ("streamlit run app.py --port $PORT", "--port"),
        ("python -m uvicorn app:app --worker-class x", "--worker-class"),
        ("fastapi run app.py --bind 0.0.0.0", "--bind"),
        ("flask run --bind 0.0.0.0", "--bind"),
    ],
)
def test_unknown_option(command: str, option: str) -> None:
    ((_, message, severity),) = found(command, [procfile_unknown_option])
    assert f"with {option}, an option it does not have" in message
    assert severity is Severity.ERROR


@pytest.mark.parametrize(
    ("command", "options"),
    [
        (
            "gunicorn app:app --worker 3",
            "--worker-class, --worker-connections, --worker-tmp-dir or --workers",
        ),
        ("hypercorn app:app --worker 3", "--worker-class or --workers"),
    ],
)
def test_ambiguous_option(command: str, options: str) -> None:
    """As gunicorn 27.0.1 and Hypercorn 0.18.0 said when they were started like that."""
    ((_, message, severity),) = found(command, [procfile_unknown_option])
    assert f"with --worker, which can mean {options}: the process ends with a usage message" in message
    assert severity is Severity.ERROR


@pytest.mark.parametrize(
    "command",
    [
        "gunicorn app:app -b 0.0.0.0:$PORT --workers=3 --log-file - --access-logfile=- --preload -t 60",
        "gunicorn app:app --worker-cl sync --log-l debug --thread 4 --max-requests-jitter 5",
        "gunicorn app:app $GUNICORN_OPTIONS --timeout 30 -w4",
        "uvicorn app:app --host 0.0.0.0 --port $PORT --proxy-headers --forwarded-allow-ips '*' --no-access-log",
        "hypercorn app:app --bind 0.0.0.0:$PORT --worker-class uvloop -k asyncio",
        "daphne -b 0.0.0.0 -p $PORT app:app -v2",
        "waitress-serve --port=$PORT --threads=8 --no-ipv6 app:app",
        "streamlit run app.py --server.port $PORT --server.headless true --browser.gatherUsageStats false",
        "flask --app app --debug run -h 0.0.0.0 -p $PORT",
        "granian --interface asgi app:app --host 0.0.0.0 --port $PORT --no-ws --workers 2",
        "sanic app --anything",
        "gunicorn app:app --port 5 || true",
    ],
)
def test_known_option(command: str) -> None:
    assert found(command, [procfile_unknown_option]) == []


@pytest.mark.parametrize(
    "command",
    ["gunicorn app:create_app()", "gunicorn app:make('prod') -w 2", "gunicorn 'app:app", "uvicorn a:b --port ${PORT"],
)
def test_shell_syntax(command: str) -> None:
    ((_, message, severity),) = found(command, [procfile_shell_syntax])
    assert "syntax error" in message
    assert severity is Severity.ERROR


@pytest.mark.parametrize(
    "command", ["gunicorn 'app:create_app()'", "(cd a; gunicorn b)", "gunicorn \"a:b(c='d')\"", "f() { a; }; f"]
)
def test_no_syntax_error(command: str) -> None:
    assert found(command, [procfile_shell_syntax]) == []


@pytest.mark.parametrize(
    "command",
    [
        "gunicorn app: app",
        "gunicorn app:",
        "gunicorn app :app",
        "uvicorn main: app --port $PORT",
        "uvicorn main",
        "daphne site.asgi",
        "gunicorn app:app.server",
        "gunicorn 'app:make(CONFIG)'",
        "uvicorn 'main:make()'",
        "waitress-serve 'app:make()'",
    ],
)
def test_invalid_target(command: str) -> None:
    assert [each[2] for each in found(command, [procfile_target_invalid])] == [Severity.ERROR]


@pytest.mark.parametrize(
    "command",
    [
        "gunicorn app:app x",
        "uvicorn main:site.app",
        "gunicorn 'a:make(\"x\", n=-1, d={})'",
        "gunicorn site.wsgi",
        "hypercorn main",
        "uvicorn main:app",
        "gunicorn $X",
    ],
)
def test_valid_target(command: str) -> None:
    assert found(command, [procfile_target_invalid]) == []


@pytest.mark.parametrize(
    ("command", "more", "severity"),
    [
        ("pipenv run gunicorn app:app", {}, Severity.ERROR),
        ("poetry run gunicorn app:app", {}, Severity.ERROR),
        ("pdm run gunicorn app:app", {}, Severity.ERROR),
        ("sh a.sh", {"a.sh": "set -e\npipenv run gunicorn app:app\n"}, Severity.ERROR),
        ("gunicorn app:app", {"app.json": '{"scripts": {"postdeploy": "uv run seed.py"}}'}, Severity.ERROR),
        (
            "poetry run gunicorn app:app",
            {"requirements.txt": "gunicorn\ngit+https://index.example/x\n"},
            Severity.WARNING,
        ),
    ],
)
def test_package_manager_is_not_there(command: str, more: Files, severity: Severity) -> None:
    got = found(command, [procfile_program_missing], more)
    assert [each[2] for each in got] == [severity]


def test_pipenv_stays() -> None:
    lock = '{"_meta": {"hash": {}}, "default": {"gunicorn": {"version": "==23.0"}}, "develop": {}}'
    files = {
        "Pipfile": "[packages]\ngunicorn = '*'\n",
        "Pipfile.lock": lock,
        "Procfile": "web: pipenv run gunicorn app:app\n",
    }
    assert not lint_files(files, [procfile_program_missing])


@pytest.mark.parametrize("requirements", ["fastapi[standard]==0.121.0\n", "fastapi[all]\n", "fastapi-cli\n"])
def test_the_program_of_fastapi_comes_with_fastapi(requirements: str) -> None:
    files = {**FILES, "Procfile": "web: fastapi run app.py\n", "requirements.txt": requirements}
    assert lint_files(files, [procfile_program_missing, procfile_subcommand_missing]) == ()


@pytest.mark.parametrize(
    ("command", "more", "severity"),
    [
        ("flask db upgrade", {}, Severity.WARNING),
        ("flask --app shop db upgrade", {}, Severity.WARNING),
        ("python -m flask db upgrade && gunicorn app:app", {}, Severity.WARNING),
        ("flask db upgrade", {"poetry.lock": LOCK, "requirements.txt": None}, Severity.ERROR),
        ("fastapi run app.py", {"requirements.txt": "fastapi\nuvicorn\n"}, Severity.WARNING),
        ("fastapi run app.py", {"requirements.txt": "fastapi[standard]\n"}, None),
        ("fastapi run app.py", {"requirements.txt": "fastapi\nfastapi-cli\n"}, None),
        (
            "fastapi run app.py",
            {"poetry.lock": LOCK + '[[package]]\nname = "fastapi"\nversion = "0.121.0"\n', "requirements.txt": None},
            Severity.ERROR,
        ),
        ("flask db upgrade", {"requirements.txt": "Flask-Migrate\n"}, None),
        ("flask run", {}, None),
        ("streamlit app.py", {}, Severity.ERROR),
        ("streamlit run app.py", {}, None),
        ("flask db upgrade", {"app.py": "cli = AppGroup('db')\n"}, None),
    ],
)
def test_subcommand(command: str, more: dict[str, str | None], severity: Severity | None) -> None:
    files = {**FILES, "Procfile": f"web: {command}\n", **more}
    tree = {name: text for name, text in files.items() if text is not None}
    got = [each.severity for each in lint_files(tree, [procfile_subcommand_missing])]
    assert got == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("command", "more", "severity"),
    [
        ("gunicorn -k gevent app:app", {}, Severity.WARNING),
        ("gunicorn --worker-class=eventlet app:app", {}, Severity.WARNING),
        ("gunicorn -kgevent app:app", {"poetry.lock": LOCK, "requirements.txt": None}, Severity.ERROR),
        ("gunicorn app:app", {"gunicorn.conf.py": "worker_class = 'uvicorn.workers.UvicornWorker'\n"
        ""}, Severity.WARNING),
        ("gunicorn -c deploy/g.py app:app", {"deploy/g.py": "worker_class = 'gevent'\n"}, Severity.WARNING),
        ("GUNICORN_CMD_ARGS='-k gevent -w 2' gunicorn app:app", {}, Severity.WARNING),
        ("gunicorn app:app", MEINHELD, Severity.WARNING),
        ("gunicorn -k egg:meinheld#gunicorn_worker app:app", {}, Severity.WARNING),
        ("gunicorn -k uvicorn_worker.UvicornWorker app:app", {"requirements.txt": "gunicorn\nuvicorn\n"
        ""}, Severity.WARNING),
        ("gunicorn -k eventlet app:app", {"requirements.txt": "gunicorn==26.0\neventlet\n"}, Severity.ERROR),
        ("gunicorn -k asgi app:app", {"requirements.txt": "gunicorn==23.0\n"}, Severity.ERROR),
        ("gunicorn -k asgi app:app", {"requirements.txt": "gunicorn\n"}, None),
        ("gunicorn -k gthread app:app", {}, None),
        ("gunicorn -k gevent app:app", {"requirements.txt": "gunicorn[gevent]\n"}, None),
        ("gunicorn -k gevent app:app", {"requirements.txt": "gunicorn\ngevent-websocket\n"}, None),
        ("gunicorn -k uvicorn.workers.UvicornWorker app:app", {"requirements.txt": "gunicorn\n"
        "fastapi[standard]\n"}, None),
        ("gunicorn -k app.Worker app:app", {}, None),
        ("gunicorn -k $WORKER app:app", {}, None),
    ],
)  # fmt: skip
def test_worker_class(command: str, more: dict[str, str | None], severity: Severity | None) -> None:
    files = {**FILES, "Procfile": f"web: {command}\n", **more}
    tree = {name: text for name, text in files.items() if text is not None}
    got = [each.severity for each in lint_files(tree, [procfile_worker_class])]
    assert got == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("hook", "count"),
    [
        ("python manage.py migrate\n", 1),
        ("cp procfile Procfile\n", 0),
        ("./make_files.sh all\n", 0),
        ("echo hello\n", 1),
    ],
)
def test_misnamed_with_a_hook(hook: str, count: int) -> None:
    files = {"requirements.txt": "gunicorn\n", "procfile": "web: gunicorn a\n", "bin/post_compile": hook}
    assert len(lint_files(files, [procfile_misnamed])) == count
