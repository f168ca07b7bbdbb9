"""How sure it is that a package which cannot be imported stops the app."""

import pytest
from pydeploy_checks.django.project import project
from pydeploy_checks.packages.pins import package_incompatible

from pydeploy_lint.finding import Severity
from pydeploy_lint.testing import Files, lint_files

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
START, USE = "the app does not start", "the app fails as soon as it uses it"
BOTO = "boto==2.49.0\n"
VIA = f"{BOTO}    --hash=sha256:ab\n    # via\n    #   -r requirements.in\n    #   smart-open\nsix==1.17.0\n"
APP = {".python-version": "3.12\n", "Procfile": "web: gunicorn app:app\n", "app.py": "import flask\n"}
LATER = {**APP, "app.py": "def upload():\n    import boto\n"}


@pytest.mark.parametrize(
    ("files", "severity", "outcome"),
    [
        ({**APP, "requirements.txt": BOTO, "app.py": "import boto\n"}, ERROR, START),
        ({**APP, "requirements.txt": BOTO}, WARNING, USE),
        ({**APP, "requirements.txt": VIA}, NOTE, USE),
        ({**APP, "requirements.txt": BOTO.strip() + "  # via smart-open\n"}, NOTE, USE),
        ({**APP, "requirements.txt": VIA.replace("    #   smart-open\n", "")}, WARNING, USE),
        ({**APP, "requirements.txt": f"{BOTO}six==1.17.0  # via boto\n"}, WARNING, USE),
        ({**LATER, "requirements.txt": VIA}, WARNING, USE),
        (
            project('INSTALLED_APPS = ["rest_framework_simplejwt"]\n', "djangorestframework-simplejwt==4.7.2\n"),
            ERROR,
            START,
        ),
        (project("", "djangorestframework-simplejwt==4.7.2\n"), WARNING, USE),
    ],
)
def test_what_cannot_be_imported(files: Files, severity: Severity, outcome: str) -> None:
    [found] = lint_files(files, [package_incompatible])
    assert (found.severity, found.certain, found.message.partition("on Python ")[2][5:]) == (
        severity,
        severity is ERROR,
        outcome,
    )


FLASK = {**APP, "app.py": "import flask_restx\nfrom flask import Flask\n"}
DRF = "djangorestframework ==3.15.2 cannot be imported with Django 6.1"
DJANGO = project('INSTALLED_APPS = ["rest_framework"]\n', "")


@pytest.mark.parametrize(
    ("files", "requirements", "named"),
    [
        (FLASK, "flask\nflask-restx==1.1.0\n", "flask-restx ==1.1.0 cannot be imported with Werkzeug 3"),
        (FLASK, "flask==3.1.2\nflask-restx==1.1.0\n", "flask-restx ==1.1.0 cannot be imported with Werkzeug 3"),
        (FLASK, "flask==2.2.5\nwerkzeug==2.2.3\nflask-restx==1.1.0\n", None),
        (FLASK, "flask\nflask-restx==1.3.0\n", None),
        (
            DJANGO,
            "django\ndjangorestframework==3.15.2\n",
            DRF,
        ),
        (DJANGO, "django==5.2.8\ndjangorestframework==3.15.2\n", None),
        (DJANGO, "django>=5.2,<6\ndjangorestframework==3.15.2\n", None),
    ],
)
def test_a_companion_that_is_too_new(files: Files, requirements: str, named: str | None) -> None:
    found = lint_files({**files, "requirements.txt": requirements}, [package_incompatible])

    assert [each.message.partition(",")[0] for each in found] == [named] * (named is not None)


@pytest.mark.parametrize(
    ("werkzeug", "consequence"),
    [
        ("", "cannot be imported with Werkzeug 3, which pip takes if nothing bounds it: on Python 3.12 the app"),
        ("werkzeug==3.1.3\n", "cannot be imported with Werkzeug 3: on Python 3.12 the app"),
    ],
)
def test_what_is_asked_for_is_not_what_pip_takes_by_itself(werkzeug: str, consequence: str) -> None:
    [found] = lint_files(
        {**FLASK, "requirements.txt": f"flask\n{werkzeug}flask-restx==1.1.0\n"}, [package_incompatible]
    )

    assert found.message.startswith(f"flask-restx ==1.1.0 {consequence}")


@pytest.mark.parametrize(
    ("flask", "offered", "fix"),
    [
        ("flask", True, "Add Flask<3 to requirements.txt"),
        ("flask==3.1.2", False, "Upgrade flask-socketio to 5.3.0"),
    ],
)
def test_a_companion_that_is_pinned_to_another_version_is_no_way_out(flask: str, offered: bool, fix: str) -> None:
    app = {**APP, "app.py": "import flask_socketio\n", "requirements.txt": f"{flask}\nflask-socketio==5.2.0\n"}

    [found] = lint_files(app, [package_incompatible])

    assert ("Flask<3" in found.help) == offered
    assert found.fix is not None
    assert found.fix.description == fix
