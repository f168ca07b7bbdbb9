"""Servers that Heroku does not reach, and servers for development; and when nothing is to be said."""

import pytest
from pydeploy_checks.procfile.servers import procfile_dev_server, procfile_port

from pydeploy_lint.finding import Severity
from pydeploy_lint.testing import Files, lint_files, place

APP = {"requirements.txt": ""}


@pytest.mark.parametrize(
    ("command", "at", "message"),
    [
        ("uvicorn a:b", "Procfile:1:6-1:13", "uvicorn listens on port 8000, its default, where"),
        ("uvicorn a:b --host 0.0.0.0 --port 80", "Procfile:1:40-1:42", "uvicorn listens on port 80, where"),
        ("uvicorn a:b --port $PORT", "Procfile:1:25-1:30", "uvicorn listens on 127.0.0.1 only, its default, where"),
        ("uvicorn a:b --port $PORT --host ::1", "Procfile:1:25-1:30", "uvicorn listens on ::1 only, where"),
        ("gunicorn a -b localhost:$PORT", "Procfile:1:20-1:35", "gunicorn listens on localhost only, where"),
        ("gunicorn a -b :80 -b 127.0.0.1:$PORT", "Procfile:1:20-1:23", "gunicorn listens on port 80, where"),
        ("hypercorn a:b", "Procfile:1:6-1:15", "hypercorn listens on port 8000, its default, where"),
        ("daphne a:b -p $PORT", "Procfile:1:20-1:25", "daphne listens on 127.0.0.1 only, its default, where"),
        ("waitress-serve a:b", "Procfile:1:6-1:20", "waitress-serve listens on port 8080, its default, where"),
        ("streamlit run a.py", "Procfile:1:6-1:15", "streamlit listens on port 8501, its default, where"),
        ("fastapi dev", "Procfile:1:6-1:13", "fastapi listens on 127.0.0.1 only, its default, where"),
        ("python manage.py runserver", "Procfile:1:6-1:12", "runserver listens on port 8000, its default, where"),
        ("sh -c 'cd x && uvicorn a:b'", "Procfile:1:21-1:28", "uvicorn listens on port 8000, its default, where"),
    ],
)
def test_port(command: str, at: str, message: str) -> None:
    (finding,) = lint_files({**APP, "Procfile": f"web: {command}\n"}, [procfile_port])
    assert (place(finding.at), finding.severity) == (at, Severity.ERROR)
    assert finding.message.startswith(message)


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("uvicorn a:b", "uvicorn … --host 0.0.0.0 --port $PORT"),
        ("gunicorn a -b :80", "gunicorn … --bind 0.0.0.0:$PORT"),
        ("waitress-serve a:b", "waitress-serve … --host 0.0.0.0 --port $PORT"),
        ("streamlit run a.py", "streamlit run … --server.address 0.0.0.0 --server.port $PORT"),
        ("./manage.py runserver", "python manage.py runserver 0.0.0.0:$PORT"),
    ],
)
def test_way_out(command: str, line: str) -> None:
    (finding,) = lint_files({**APP, "Procfile": f"web: {command}\n"}, [procfile_port])
    assert finding.help.endswith(f"\n    {line}")


@pytest.mark.parametrize(
    ("command", "files"),
    [
        ("gunicorn a", {}),
        ("gunicorn a -b 0.0.0.0:$PORT", {}),
        ("gunicorn a -b :8000 -b :$PORT", {}),
        ("gunicorn a -b unix:/tmp/x", {}),
        ("gunicorn a -b $BIND", {}),
        ("gunicorn a", {"gunicorn.conf.py": "import os\nbind = ':' + os.environ['PORT']\n"}),
        ("fastapi run", {}),
        ("uvicorn a:b --host $HOST --port $PORT", {}),
        ("UVICORN_HOST=0.0.0.0 UVICORN_PORT=$PORT uvicorn a:b", {}),
        ("uvicorn a:b --port $PORT", {"app.json": '{"env": {"UVICORN_HOST": "0.0.0.0"}}'}),
        ("uvicorn a:b", {".profile": "export UVICORN_PORT=$PORT UVICORN_HOST=0.0.0.0\n"}),
        ("bin/start-nginx uvicorn a:b", {}),
        ("uvicorn a:b & nginx", {}),
        ("python app.py & uvicorn a:b", {}),
        ("uvicorn a:b; uvicorn c:d", {}),
        ("sh setup.sh && streamlit run a.py", {}),
        ("python app.py", {}),
        ("if x; then uvicorn a:b; fi", {}),
    ],
)
def test_reached_or_unknown(command: str, files: Files) -> None:
    assert lint_files({**APP, **files, "Procfile": f"web: {command}\n"}, [procfile_port]) == ()


def test_only_web_has_to_be_reached() -> None:
    assert lint_files({**APP, "Procfile": "web: gunicorn a\nworker: uvicorn a:b\n"}, [procfile_port]) == ()


@pytest.mark.parametrize(
    ("command", "at", "what"),
    [
        ("flask --app x run -p $PORT", "Procfile:1:6-1:23", "flask run"),
        ("python -m flask run", "Procfile:1:16-1:25", "flask run"),
        ("fastapi dev x.py", "Procfile:1:6-1:17", "fastapi dev"),
        ("python x/manage.py runserver", "Procfile:1:6-1:34", "manage.py runserver"),
        ("./manage.py runserver_plus", "Procfile:1:6-1:32", "manage.py runserver_plus"),
        ("python manage.py migrate && python manage.py runserver", "Procfile:1:34-1:60", "manage.py runserver"),
    ],
)
def test_development_server(command: str, at: str, what: str) -> None:
    (finding,) = lint_files({**APP, "Procfile": f"web: {command}\n"}, [procfile_dev_server])
    assert (place(finding.at), finding.severity) == (at, Severity.WARNING)
    assert finding.message.startswith(f"web runs {what}, a development server")


@pytest.mark.parametrize("line", ["web: gunicorn a", "web: fastapi run", "dev: flask run", "web: flask db upgrade"])
def test_no_development_server(line: str) -> None:
    assert lint_files({**APP, "Procfile": f"{line}\n"}, [procfile_dev_server]) == ()


@pytest.mark.parametrize(
    ("command", "at", "after"),
    [
        ("uvicorn a:b --port '$PORT'", "Procfile:1:25-1:32", "uvicorn a:b --port $PORT"),
        ("gunicorn a -b '0.0.0.0:$PORT'", "Procfile:1:20-1:35", "gunicorn a -b 0.0.0.0:$PORT"),
        (
            "python manage.py runserver '0.0.0.0:$PORT'",
            "Procfile:1:33-1:48",
            "python manage.py runserver 0.0.0.0:$PORT",
        ),
        ("uvicorn a:b --port \\$PORT", "Procfile:1:25-1:31", None),
    ],
)
def test_a_port_that_the_shell_does_not_replace(command: str, at: str, after: str | None) -> None:
    procfile = f"web: {command}\n"
    (finding,) = lint_files({**APP, "Procfile": procfile}, [procfile_port])
    assert (place(finding.at), finding.severity) == (at, Severity.ERROR)
    assert "gets the text" in finding.message
    if after is None:
        return
    assert finding.fix is not None
    assert not finding.fix.safe
    (edit,) = finding.fix.edits
    written = procfile[(edit.span.column or 0) - 1 : (edit.span.end_column or 0) - 1]
    assert procfile.replace(written, edit.text or "") == f"web: {after}\n"


@pytest.mark.parametrize("command", ['uvicorn a:b --host 0.0.0.0 --port "$PORT"', "sh -c 'gunicorn a -b :$PORT'"])
def test_a_port_in_quotes_that_the_shell_replaces(command: str) -> None:
    assert list(lint_files({**APP, "Procfile": f"web: {command}\n"}, [procfile_port])) == []


STREAMLIT = {"requirements.txt": "streamlit==1.40.0\n", "app.py": "import streamlit\n"}
CONFIG = ".streamlit/config.toml"


@pytest.mark.parametrize(
    ("command", "config", "at"),
    [
        ("streamlit run app.py", "[server]\nport = 8501\n", f"{CONFIG}:2:8-2:12"),
        ("streamlit run app.py", "[theme]\nbase = 'dark'\n", "Procfile:1:6-1:15"),
        ("streamlit run app.py", "[server\n", None),
        ("streamlit run app.py --server.port $PORT", "[server]\nport = 8501\n", None),
        ("STREAMLIT_SERVER_PORT=$PORT streamlit run app.py", "[server]\nport = 8501\n", None),
        ("sh setup.sh && streamlit run app.py", "[server]\nport = 8501\n", None),
    ],
)
def test_the_port_in_a_committed_configuration_of_streamlit(command: str, config: str, at: str | None) -> None:
    found = lint_files({**STREAMLIT, "Procfile": f"web: {command}\n", CONFIG: config}, [procfile_port])
    assert [place(each.at) for each in found] == ([] if at is None else [at])
