"""The servers' command lines: targets, and where they bind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.facts.processes.command import Undecided, read_command
from pydeploy_lint.facts.processes.servers import SERVERS, Service, read_bindings, read_service


def service(command: str) -> Service:
    found = read_service(read_command(command)[-1])
    assert found
    return found


def bindings(command: str) -> list[tuple[str | None, str | None]]:
    return [(binding.host, binding.port) for binding, _ in read_bindings(service(command))]


@pytest.mark.parametrize(
    ("command", "name", "target"),
    [
        ("gunicorn a:b", "gunicorn", "a:b"),
        ("gunicorn -w 4 --log-file - --preload -k gevent -Ra:b", "gunicorn", None),
        ("gunicorn -w 4 --log-file - --preload -k gevent a:b", "gunicorn", "a:b"),
        ("gunicorn --threads=2 -w3 a:b --reload", "gunicorn", "a:b"),
        ("gunicorn --unknown --bind x a:b", "gunicorn", "a:b"),
        ("/app/.heroku/python/bin/gunicorn a:b", "gunicorn", "a:b"),
        ("uvicorn --factory a:b --no-access-log", "uvicorn", "a:b"),
        ("python -m uvicorn a:b", "uvicorn", "a:b"),
        ("hypercorn a:b", "hypercorn", "a:b"),
        ("daphne -p 1 a:b", "daphne", "a:b"),
        ("python -m waitress --call a:b", "waitress-serve", "a:b"),
        ("granian --interface asgi a:b", "granian", "a:b"),
        ("fastapi run main.py", "fastapi", None),
        ("flask --app x run", "flask", None),
        ("streamlit run x.py", "streamlit", None),
        ("python manage.py runserver", "runserver", None),
        ("./manage.py runserver_plus 8000", "runserver", None),
        ("django-admin runserver", "runserver", None),
    ],
)
def test_service(command: str, name: str, target: str | None) -> None:
    found = service(command)
    assert (found.server.name, found.target and found.target.text) == (name, target)


@pytest.mark.parametrize(
    "command", ["flask db upgrade", "python manage.py migrate", "python app.py", "fastapi", "node x"]
)
def test_no_service(command: str) -> None:
    assert read_service(read_command(command)[-1]) is None


ALL, LOCAL = "0.0.0.0", "127.0.0.1"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("gunicorn a", [(ALL, "$PORT")]),
        ("gunicorn a -b :$PORT", [(ALL, "$PORT")]),
        ("gunicorn a -b=0.0.0.0:8000", [(ALL, "8000")]),
        ("gunicorn a -b127.0.0.1:${PORT:-5000}", [(LOCAL, "$PORT")]),
        ("gunicorn a --bind [::]:$PORT --bind localhost:1", [("[::]", "$PORT"), ("localhost", "1")]),
        ("gunicorn a --bind $HOST:$PORT", [(None, "$PORT")]),
        ("gunicorn a --bind 0.0.0.0:$X", [(ALL, None)]),
        ("gunicorn a --bind unix:/tmp/x", [(None, None)]),
        ("gunicorn a --bind 8000", [(None, None)]),
        ("gunicorn --paste x.ini", []),
        ("uvicorn a:b", [(LOCAL, "8000")]),
        ("uvicorn a:b --host 0.0.0.0 --port $PORT", [(ALL, "$PORT")]),
        ("uvicorn a:b --port=80", [(LOCAL, "80")]),
        ("uvicorn a:b --uds x", []),
        ("UVICORN_HOST=:: UVICORN_PORT=$PORT uvicorn a:b", [("::", "$PORT")]),
        ("hypercorn a:b -b 0.0.0.0:$PORT", [(ALL, "$PORT")]),
        ("hypercorn a:b", [(LOCAL, "8000")]),
        ("hypercorn a:b -c x.toml", []),
        ("daphne a:b -p $PORT -b 0.0.0.0 -v2", [(ALL, "$PORT")]),
        ("daphne a:b -p 8001 --port $PORT", [(LOCAL, "$PORT")]),
        ("daphne a:b -e ssl:1", []),
        ("waitress-serve a:b", [(ALL, "8080")]),
        ("waitress-serve --listen=*:$PORT a:b", [("*", "$PORT")]),
        ("waitress-serve --port $PORT a:b", [(ALL, "$PORT")]),
        ("granian a:b", [(LOCAL, "8000")]),
        ("fastapi run", [(ALL, "$PORT")]),
        ("fastapi dev", [(LOCAL, "$PORT")]),
        ("streamlit run a.py", [(ALL, "8501")]),
        ("streamlit run a.py --server.port=$PORT --server.address localhost", [("localhost", "$PORT")]),
        ("flask run", [(LOCAL, "5000")]),
        ("flask run -h 0.0.0.0 -p $PORT", [(ALL, "$PORT")]),
        ("python manage.py runserver", [(LOCAL, "8000")]),
        ("python manage.py runserver $PORT", [(LOCAL, "$PORT")]),
        ("python manage.py runserver 0:$PORT --noreload", [("0", "$PORT")]),
        ("python manage.py runserver 0.0.0.0:8000", [(ALL, "8000")]),
    ],
)
def test_bindings(command: str, expected: list[tuple[str | None, str | None]]) -> None:
    assert bindings(command) == expected


@given(
    st.sampled_from([f"{server.name} {server.subcommand or ''}" for server in SERVERS if server.name != "runserver"]),
    st.lists(
        st.sampled_from(["-b", "--bind", "--port=$PORT", "-p", "--", "-", "=", "--=", "a:b", "-x1", "8000", "--host"])
    ),
)
def test_any_options_are_read(program: str, options: list[str]) -> None:
    try:
        found = service(" ".join([program, *options]))
    except Undecided:
        raise AssertionError("plain words are always decided") from None
    words = [*found.arguments, *(value for values in found.options.values() for value in values)]
    assert {(word.start, word.end) for word in words} <= {(word.start, word.end) for word in found.run.arguments}
    assert all(binding.port is None or binding.port for binding, _ in read_bindings(found))
