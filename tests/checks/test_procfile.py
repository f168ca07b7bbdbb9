"""The Procfile itself: absent, misnamed, misread, without web; and when nothing is to be said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydeploy_checks.procfile import file as procfile
from pydeploy_checks.procfile import servers
from pydeploy_checks.procfile import targets as processes
from pydeploy_checks.procfile.file import procfile_invalid, procfile_misnamed, procfile_missing, procfile_no_web

from pydeploy_lint.engine.check import Check, checks_in
from pydeploy_lint.finding import Finding, Severity
from pydeploy_lint.testing import Directory, Files, lint_files, place

FLASK = {"requirements.txt": "Flask\ngunicorn\n", "app.py": "from flask import Flask\napp = Flask(__name__)\n"}
DJANGO = {"requirements.txt": "Django\ngunicorn\n", "manage.py": "", "shop/wsgi.py": ""}


def found(check: Check, files: Files) -> list[Finding]:
    return list(lint_files(files, [check]))


@pytest.mark.parametrize(
    ("files", "line"),
    [
        (FLASK, "web: gunicorn app:app"),
        (
            {**FLASK, "app.py": "import flask\ndb = SQLAlchemy()\nserver = flask.Flask(__name__)\n"},
            "web: gunicorn app:server",
        ),
        (DJANGO, "web: gunicorn shop.wsgi"),
        (
            {"requirements.txt": "Django\ngunicorn\n", "back/manage.py": "", "back/shop/wsgi.py": ""},
            "web: gunicorn --chdir back shop.wsgi",
        ),
        (
            {"requirements.txt": "fastapi\nuvicorn\n", "main.py": "from fastapi import FastAPI\n"},
            "web: uvicorn main:app --host 0.0.0.0 --port $PORT",
        ),
        (
            {"requirements.txt": "dash\ngunicorn\n", "index.py": "import dash\napp = dash.Dash()\n"},
            "web: gunicorn index:server",
        ),
    ],
)
def test_missing(files: Files, line: str) -> None:
    (finding,) = found(procfile_missing, files)
    assert (place(finding.at), finding.severity) == ("Procfile", Severity.ERROR)
    assert finding.help == f"Create a file called Procfile in the root directory, with a line such as:\n    {line}"


def test_missing_server_is_named_too() -> None:
    (finding,) = found(procfile_missing, {**FLASK, "requirements.txt": "Flask\n"})
    assert finding.help.startswith("Add a line to requirements.txt:\n    gunicorn\n")


@pytest.mark.parametrize(
    "files",
    [
        {**FLASK, "Procfile": ""},
        {**FLASK, "Procfile": Directory()},
        {**FLASK, "procfile": "web: gunicorn app:app\n"},
        {**FLASK, "Procfile": "web: a\n", ".slugignore": "Procfile\n"},
        {**FLASK, "heroku.yml": ""},
        {**FLASK, "Gemfile": ""},
        {**FLASK, "package.json": '{"scripts": {"start": "node x"}}'},
        {**FLASK, "bin/post_compile": "cp deploy/Procfile .\n"},
        {**FLASK, "app.json": '{"buildpacks": [{"url": "https://github.com/x/heroku-buildpack-y"}]}'},
        {**FLASK, "app.py": "print('a script')\n"},
        {**FLASK, "requirements.txt": "requests\n"},
        {**FLASK, "requirements.txt": "Flask ; sys_platform == 'win32'\n"},
        {"app.py": FLASK["app.py"]},
    ],
)
def test_not_missing(files: Files) -> None:
    assert found(procfile_missing, files) == []


def test_node_without_start_does_not_start_it() -> None:
    assert len(found(procfile_missing, {**FLASK, "package.json": '{"scripts": {"build": "x"}}'})) == 1


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("procfile", Severity.ERROR),
        ("ProcFile", Severity.ERROR),
        ("PROCFILE", Severity.ERROR),
        ("Procfile.txt", Severity.ERROR),
        ("Profile", Severity.ERROR),
        ("Procfile ", Severity.ERROR),
        ("src/Procfile", Severity.WARNING),
    ],
)
def test_misnamed(name: str, severity: Severity) -> None:
    (finding,) = found(procfile_misnamed, {**FLASK, name: "release: x\nweb: gunicorn app:app\n"})
    assert (place(finding.at), finding.severity) == (name, severity)
    renamed = [edit.rename_to for edit in finding.fix.edits] if finding.fix else []
    assert renamed == (["Procfile"] if severity is Severity.ERROR else [])


@pytest.mark.parametrize(
    "files",
    [
        {"Procfile.dev": "web: flask run\n"},
        {".profile": "web: a\n"},
        {"procfile": "a text\n"},
        {"src/procfile": "web: a\n"},
        {"a/b/Procfile": "web: a\n"},
        {"Procfile": "web: a\n", "procfile": "web: a\n"},
        {"procfile": "web: a\n", "heroku.yml": ""},
    ],
)
def test_not_misnamed(files: Files) -> None:
    assert found(procfile_misnamed, {**FLASK, **files}) == []


@pytest.mark.parametrize(
    ("text", "at", "severity", "message"),
    [
        ("web:gunicorn a\n", "Procfile:1:1-1:15", Severity.ERROR, "line 1 has no space after the colon, so Heroku"),
        ("web:a\nweb: b\n", "Procfile:1:1-1:6", Severity.WARNING, "line 1 has no space after the colon"),
        ("clock:a\n", "Procfile:1:1-1:8", Severity.WARNING, "line 1 has no space after the colon"),
        ("web : a\n", "Procfile:1:1-1:4", Severity.ERROR, "there is a space before the colon, so the command of web"),
        ("x : a\n", "Procfile:1:1-1:2", Severity.WARNING, "there is a space before the colon"),
        ("web gunicorn a\n", "Procfile:1:1-1:4", Severity.WARNING, "line 1 has no colon; Heroku still reads 'web'"),
        (
            "web: a\n\nrelease: b\nrelease: c\n",
            "Procfile:3:1-3:8",
            Severity.WARNING,
            "release is defined twice; Heroku",
        ),
        ("web: a \\\n  --bind b \\\n  c d\n", "Procfile:1:6-1:9", Severity.WARNING, "the command of web ends with a"),
        ("web:\n", "Procfile:1:1-1:5", Severity.WARNING, "line 1 has no command after the colon"),
        ("web: a\n=======\n", "Procfile:2:1-2:8", Severity.WARNING, "line 2 is left from a merge conflict"),
    ],
)
def test_invalid(text: str, at: str, severity: Severity, message: str) -> None:
    (finding,) = found(procfile_invalid, {**FLASK, "Procfile": text})
    assert (place(finding.at), finding.severity) == (at, severity)
    assert finding.message.startswith(f"Procfile: {message}")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("web: a\r\n".encode("utf-16"), "Procfile is in UTF-16, so Heroku cannot read any process type"),
        (b"\xef\xbb\xbfweb: a\n", "Procfile is in UTF-8 with a byte order mark, so Heroku cannot read the first line"),
    ],
)
def test_encoding(data: bytes, message: str) -> None:
    (finding,) = found(procfile_invalid, {**FLASK, "Procfile": data})
    assert (place(finding.at), finding.severity) == ("Procfile", Severity.ERROR)
    assert finding.message.startswith(message)
    assert finding.fix
    assert finding.fix.edits[0].text in ("web: a\n", "web: a\r\n")


@pytest.mark.parametrize(
    "text", ["web: a\nb-c_1: d # e\n", "\r\n# c\r\nweb: a\r\n", "  web: a\n", b"\xef\xbb\xbf# c\nweb: a\n"]
)
def test_valid(text: str | bytes) -> None:
    assert found(procfile_invalid, {**FLASK, "Procfile": text}) == []


def test_space_is_inserted_after_the_colon() -> None:
    (finding,) = found(procfile_invalid, {**FLASK, "Procfile": "  web:gunicorn a\n"})
    assert finding.fix
    ((span, text, _),) = finding.fix.edits
    assert (place(span), text, finding.fix.safe) == ("Procfile:1:7-1:7", " ", False)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("", "Procfile"),
        ("# web: a\n", "Procfile"),
        ("WEB: a\n", "Procfile:1:1-1:4"),
        ("release: a\nserver: gunicorn a\n", "Procfile:2:1-2:7"),
        ("api: cd x && uvicorn a:b\n", "Procfile:1:1-1:4"),
    ],
)
def test_no_web(text: str, at: str) -> None:
    (finding,) = found(procfile_no_web, {**FLASK, "Procfile": text})
    assert (place(finding.at), finding.severity) == (at, Severity.ERROR)
    if at != "Procfile":
        assert finding.fix
        assert [(place(edit.span), edit.text) for edit in finding.fix.edits] == [(at, "web")]


@pytest.mark.parametrize(
    "text",
    [
        "worker: python bot.py\n",
        "worker: gunicorn a & python bot.py\n",
        "web: a\napi: gunicorn b\n",
        "web:gunicorn a\n",
        "x: for y in z; do a; done\n",
    ],
)
def test_web_or_no_server(text: str) -> None:
    assert found(procfile_no_web, {**FLASK, "Procfile": text}) == []


@given(st.binary(max_size=60) | st.text("web: gunicorn\n-\\'\"$&|;(){}=.:/\ufeff", max_size=60).map(str.encode))
@settings(max_examples=50, deadline=None)
def test_any_procfile_is_judged(data: bytes) -> None:
    checks = [check for module in (procfile, processes, servers) for check in checks_in(module)]
    findings = lint_files({**FLASK, "Procfile": data}, checks)
    assert all(finding.at.path in ("Procfile", "app.py") for finding in findings)
