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
