"""Programs, scripts and modules that are not there; and when nothing is to be said."""

import pytest
from pydeploy_checks.procfile.targets import procfile_module_missing, procfile_program_missing

from pydeploy_lint.engine.check import Check
from pydeploy_lint.finding import Finding, Severity
from pydeploy_lint.testing import Files, lint_files, place

FROZEN = "asgiref==3.8\nDjango==5.2\nsqlparse==0.5\n"


def found(check: Check, files: Files) -> list[Finding]:
    return list(lint_files(files, [check]))


def lock(*groups: str) -> str:
    """A poetry.lock of gunicorn in some groups."""
    names = ", ".join(f'"{group}"' for group in groups)
    return f'[[package]]\nname = "gunicorn"\nversion = "23.0"\ngroups = [{names}]\n\n[metadata]\nlock-version = "2.1"\n'


@pytest.mark.parametrize(
    ("files", "command", "at", "severity", "message"),
    [
        (
            {"poetry.lock": lock("dev")},
            "gunicorn a",
            "Procfile:1:6-1:14",
            Severity.ERROR,
            "web runs gunicorn, but gunicorn is only in the group 'dev', which Heroku does not install",
        ),
        (
            {"poetry.lock": lock("main")},
            "celery -A a worker",
            "Procfile:1:6-1:12",
            Severity.ERROR,
            "web runs celery, but celery is not in poetry.lock",
        ),
        (
            {"requirements.txt": "Flask\n", "x/a.py": ""},
            "cd x && A=1 gunicorn a",
            "Procfile:1:18-1:26",
            Severity.WARNING,
            "web runs gunicorn, but gunicorn is not listed in requirements.txt: unless another package",
        ),
        (
            {"requirements.txt": "gunicorn\n"},
            "newrelic-admin run-program gunicorn a",
            "Procfile:1:6-1:20",
            Severity.WARNING,
            "web runs newrelic-admin, but newrelic is not listed",
        ),
        (
            {"requirements.txt": FROZEN},
            "python -m uvicorn a",
            "Procfile:1:16-1:23",
            Severity.WARNING,
            "web runs uvicorn, but uvicorn is not listed",
        ),
        (
            {"requirements.txt": "Flask\ngunicorn\n"},
            "rq worker",
            "Procfile:1:6-1:8",
            Severity.WARNING,
            "web runs rq, but rq is not listed in requirements.txt: unless another package brings it along",
        ),
        (
            {"requirements.txt": "fastapi\n"},
            "uvicorn main:app",
            "Procfile:1:6-1:13",
            Severity.WARNING,
            "web runs uvicorn, but uvicorn is not listed in requirements.txt: unless another package brings it along",
        ),
        (
            {"poetry.lock": lock("main")},
            "uv run gunicorn a",
            "Procfile:1:6-1:8",
            Severity.ERROR,
            "web runs uv, which Heroku does not install for this app",
        ),
        (
            {"poetry.lock": lock("main")},
            "poetry run gunicorn a",
            "Procfile:1:6-1:12",
            Severity.ERROR,
            "web runs poetry, which Heroku installs for the build only",
        ),
        (
            {"requirements.txt": "gunicorn ; sys_platform == 'win32'\n"},
            "uv run --no-sync gunicorn a",
            "Procfile:1:6-1:8",
            Severity.ERROR,
            "web runs uv, which Heroku does not install for this app",
        ),
        (
            {"requirements.txt": "", "x/app.py": ""},
            "python -u app.py",
            "Procfile:1:16-1:22",
            Severity.ERROR,
            "web runs app.py, which is not in the app",
        ),
        (
            {"requirements.txt": "", "x/Start.sh": ""},
            "cd x && sh start.sh",
            "Procfile:1:17-1:25",
            Severity.ERROR,
            "web runs x/start.sh, which is not in the app",
        ),
        (
            {"requirements.txt": ""},
            "./start",
            "Procfile:1:6-1:13",
            Severity.ERROR,
            "web runs start, which is not in the app",
        ),
    ],
)
def test_program_missing(files: Files, command: str, at: str, severity: Severity, message: str) -> None:
    (finding,) = found(procfile_program_missing, {**files, "Procfile": f"web: {command}\n"})
    assert (place(finding.at), finding.severity) == (at, severity)
    assert finding.message.startswith(message)


@pytest.mark.parametrize(
    ("files", "help_text"),
    [
        ({"App.py": ""}, "There is 'App.py': upper and lower case make a difference."),
        ({"x/app.py": ""}, "There is x/app.py; begin the command with `cd x && `, or write the whole path."),
        (
            {"app.py": "", ".slugignore": "*.py\n"},
            "It is here, but does not get to Heroku, because of '*.py' in .slugignore.",
        ),
        ({}, "Correct the path, which is relative to the root directory of the app, or commit the file."),
    ],
)
def test_what_to_do_about_a_script(files: Files, help_text: str) -> None:
    app = {"requirements.txt": "", **files, "Procfile": "web: python app.py\n"}
    (finding,) = found(procfile_program_missing, app)
    assert finding.help == help_text


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"poetry.lock": lock("main")}, "gunicorn a"),
        ({"requirements.txt": "Gunicorn\n"}, "gunicorn a"),
        ({"requirements.txt": "mlflow\n"}, "gunicorn a"),
        ({"requirements.txt": "flask-celeryext\n"}, "celery -A a worker"),
        ({"requirements.txt": "Flask-Migrate\n"}, "alembic upgrade head"),
        ({"requirements.txt": "git+https://example.com/x\n"}, "gunicorn a"),
        ({"requirements.txt": "-r https://example.com/x.txt\n"}, "gunicorn a"),
        ({"requirements.txt": "Flask\n", "bin/post_compile": ""}, "gunicorn a"),
        ({"requirements.txt": "uv\n"}, "uv run x"),
        ({"requirements.txt": ""}, "./venv/bin/gunicorn a"),
        ({"requirements.txt": "Flask\n"}, "$PROGRAM a"),
        ({"requirements.txt": "Flask\n"}, "if x; then gunicorn a; fi"),
        ({"requirements.txt": "Flask\n"}, "node server.js"),
        ({"requirements.txt": ""}, "bin/start-nginx"),
        ({"requirements.txt": ""}, "python -c 'import x'"),
        ({"requirements.txt": ""}, "python $SCRIPT.py"),
        ({"requirements.txt": ""}, "cd $X && python app.py"),
        ({"requirements.txt": ""}, "python /tmp/app.py"),
        ({"requirements.txt": "", "app.py/x": ""}, "python app.py"),
        ({"requirements.txt": "", "bin/pre_compile": ""}, "python app.py"),
        ({"app.py": ""}, "gunicorn app"),
        ({"requirements.txt": "", ".gitmodules": ""}, "python x/app.py"),
        ({"requirements.txt": ""}, "git clone https://example.com/x && cd x && python app.py"),
    ],
)
def test_program_not_missing(files: Files, command: str) -> None:
    assert found(procfile_program_missing, {**files, "Procfile": f"web: {command}\n"}) == []


MODULES = {"requirements.txt": "gunicorn\nuvicorn\n"}


@pytest.mark.parametrize(
    ("files", "command", "at", "severity", "message"),
    [
        (
            {"App.py": "app = 1\n"},
            "gunicorn app:app",
            "Procfile:1:15-1:22",
            Severity.ERROR,
            "gunicorn cannot import 'app': there is no module 'app' in the root directory",
        ),
        (
            {"shop/__init__.py": ""},
            "gunicorn shop.wsgi",
            "Procfile:1:15-1:24",
            Severity.ERROR,
            "gunicorn cannot import 'shop.wsgi': shop has no 'wsgi'",
        ),
        (
            {"src/app.py": ""},
            "uvicorn app:app",
            "Procfile:1:14-1:21",
            Severity.WARNING,
            "uvicorn cannot import 'app': there is no module 'app' in the root directory",
        ),
        (
            {"x/b.py": ""},
            "gunicorn --chdir x a:app",
            "Procfile:1:25-1:30",
            Severity.ERROR,
            "gunicorn cannot import 'a': there is no module 'a' in x, or in the root directory",
        ),
        (
            {"app.py": ""},
            "gunicorn app.py",
            "Procfile:1:15-1:21",
            Severity.ERROR,
            "gunicorn cannot import 'app.py': app.py is a module, and has no 'py' inside",
        ),
        (
            {"x/app.py": ""},
            "gunicorn x/app:app",
            "Procfile:1:15-1:24",
            Severity.ERROR,
            "gunicorn cannot import 'x/app': it is a path, and not the name of a module",
        ),
        (
            {"app.py": "app = 1\n"},
            "gunicorn app",
            "Procfile:1:15-1:18",
            Severity.ERROR,
            "gunicorn takes 'application' from app, but app.py does not define it",
        ),
        (
            {"manage.py": ""},
            "python manage.py migrate && mkdir x; gunicorn app",
            "Procfile:1:52-1:55",
            Severity.ERROR,
            "gunicorn cannot import 'app'",
        ),
        (
            {"gunicorn.conf.py": 'wsgi_app = "app:main"\n', "app.py": "app = 1\n"},
            "gunicorn",
            "gunicorn.conf.py:1:12-1:22",
            Severity.ERROR,
            "gunicorn takes 'main' from app, but app.py does not define it",
        ),
    ],
)
def test_module_missing(files: Files, command: str, at: str, severity: Severity, message: str) -> None:
    (finding,) = found(procfile_module_missing, {**MODULES, **files, "Procfile": f"web: {command}\n"})
    assert (place(finding.at), finding.severity) == (at, severity)
    assert finding.message.startswith(message)


def test_a_config_var_may_put_a_directory_on_the_path() -> None:
    (finding,) = found(procfile_module_missing, {**MODULES, "src/app.py": "", "Procfile": "web: gunicorn app:app\n"})
    assert (finding.severity, finding.certain) == (Severity.WARNING, False)


@pytest.mark.parametrize(
    ("files", "command", "help_text"),
    [
        ({"App.py": ""}, "gunicorn app:x", "There is App.py: upper and lower case make a difference on Heroku."),
        ({"app.py": ""}, "gunicorn app.py", "Write app:app."),
        ({"app.py": "db = SQLAlchemy()\nserver: F = f.Flask()\n"}, "gunicorn app.py", "Write app:server."),
        ({"app.py": "server = Flask()\n"}, "gunicorn app", "Name the object after a colon, as in app:server."),
        (
            {"shop/shop/wsgi.py": ""},
            "gunicorn shop.wsgi",
            "It is in shop, from where nothing is imported unless the config var PYTHONPATH names that directory. "
            "Begin the command with `cd shop && `.",
        ),
        ({"x/app.py": ""}, "gunicorn ./x/app.py:server", "Write x.app:app."),
        ({"app.py": ""}, "gunicorn app:x", "Name the object after a colon, as in app:app."),
        (
            {"app.py": "x = 1\n", ".slugignore": "app.*\n"},
            "gunicorn app:x",
            "It is here, but does not get to Heroku, because of 'app.*' in .slugignore.",
        ),
        ({}, "gunicorn app:x", "Name the module by its path from the root directory, with dots."),
    ],
)
def test_what_to_do_about_a_module(files: Files, command: str, help_text: str) -> None:
    (finding,) = found(procfile_module_missing, {**MODULES, **files, "Procfile": f"web: {command}\n"})
    assert finding.help == help_text


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"app.py": "app = 1\n"}, "gunicorn app:app"),
        ({"requirements.txt": "gunicorn\nsuperset\n"}, "gunicorn superset.app:create_app"),
        ({"requirements.txt": "gunicorn\napache-superset\n"}, "gunicorn superset:app"),
        ({"requirements.txt": "gunicorn\ndjango-shop\n"}, "gunicorn shop.wsgi"),
        ({"requirements.txt": "gunicorn\n-e .\n", "setup.py": ""}, "gunicorn app:app"),
        ({"src/app/__init__.py": "", "pyproject.toml": ""}, "gunicorn app:app"),
        ({"src/app.py": "", "app.json": '{"env": {"PYTHONPATH": "src"}}'}, "gunicorn app:app"),
        ({"bin/post_compile": ""}, "gunicorn app:app"),
        ({}, "cd $X && gunicorn app:app"),
        ({".gitmodules": ""}, "gunicorn app:app"),
        ({}, "sh setup.sh && gunicorn app:app"),
        ({"requirements.txt": "gunicorn\n", "app.py": "from x import *\n"}, "gunicorn app:app"),
    ],
)
def test_module_not_missing(files: Files, command: str) -> None:
    assert found(procfile_module_missing, {**MODULES, **files, "Procfile": f"web: {command}\n"}) == []


@pytest.mark.parametrize(
    ("command", "files", "at"),
    [
        ("gunicorn --chdir backend app:app", {}, "Procfile:1:23-1:30"),
        ("gunicorn --chdir=Backend app:app", {"backend/app.py": "app = 1\n"}, "Procfile:1:15-1:30"),
        ("gunicorn --chdir backend app:app", {"backend/app.py": "app = 1\n"}, None),
        ("gunicorn --chdir backend app:app", {"bin/post_compile": "mkdir backend\n"}, None),
        ("gunicorn --chdir $HOME app:app", {"app.py": "app = 1\n"}, None),
    ],
)
def test_a_directory_that_is_not_there(command: str, files: Files, at: str | None) -> None:
    app = {"requirements.txt": "gunicorn==23.0.0\n", "Procfile": f"web: {command}\n", **files}
    findings = found(procfile_module_missing, app)
    assert [place(each.at) for each in findings] == ([] if at is None else [at])
    assert all("cannot change to" in each.message for each in findings)


@pytest.mark.parametrize(
    ("command", "files", "message"),
    [
        ("docker compose up", {}, "web runs docker, which is not on a dyno: the process ends with 'docker:"),
        ("heroku local web", {}, "web runs heroku, which is not on a dyno: the process ends with 'heroku:"),
        ("sudo gunicorn a", {}, "web runs sudo, which is not on a dyno: the process ends with 'sudo:"),
        ("heroku local web", {"app.json": '{"buildpacks": [{"url": "heroku-community/cli"}]}'}, None),
        ("docker compose up || gunicorn a", {}, None),
    ],
)
def test_programs_of_developers_machines(command: str, files: Files, message: str | None) -> None:
    app = {"requirements.txt": "gunicorn==23.0.0\n", "Procfile": f"web: {command}\n", **files}
    findings = found(procfile_program_missing, app)
    assert [each.message.startswith(message or "") for each in findings] == ([] if message is None else [True])


@pytest.mark.parametrize(
    ("command", "files", "at"),
    [
        ("cd backend && gunicorn app:app", {}, "Procfile:1:9-1:16"),
        ("cd backend && gunicorn app:app", {"backend/app.py": "app = 1\n"}, None),
        ("cd backend; gunicorn app:app", {}, None),
        ("mkdir -p backend && cd backend && gunicorn app:app", {}, None),
        ("cd $DIRECTORY && gunicorn app:app", {}, None),
        ("cd backend && gunicorn app:app", {"bin/post_compile": "mkdir backend\n"}, None),
        ("sh start.sh", {"start.sh": "cd backend && gunicorn app:app\n"}, "start.sh:1:4-1:11"),
        ("cd a && sh start.sh", {"a/start.sh": "gunicorn app:app\n"}, None),
    ],
)
def test_a_directory_to_change_to(command: str, files: Files, at: str | None) -> None:
    app = {"requirements.txt": "gunicorn==23.0.0\n", "Procfile": f"web: {command}\n", **files}
    findings = found(procfile_program_missing, app)
    assert [place(each.at) for each in findings] == ([] if at is None else [at])
    message = "web changes to backend, which is not in the app: the process ends before it runs gunicorn"
    assert all(each.message == message for each in findings)
