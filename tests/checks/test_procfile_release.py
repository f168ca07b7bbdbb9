"""Apps whose database nothing migrates at a deploy; and when nothing is to be said."""

import pytest
from pydeploy_checks.procfile.release import release_without_migrate

from pydeploy_lint.finding import Severity
from pydeploy_lint.testing import Files, lint_files, place

DJANGO = {"requirements.txt": "Django\npsycopg2\n", "manage.py": ""}
FLASK = {"requirements.txt": "Flask-Migrate\npsycopg2\n"}


@pytest.mark.parametrize(
    ("files", "line"),
    [
        (DJANGO, "release: python manage.py migrate"),
        ({**DJANGO, "run.py": "import migrate\n"}, "release: python manage.py migrate"),
        ({**DJANGO, ".travis.yml": "script: ./manage.py migrate\n"}, "release: python manage.py migrate"),
        ({"requirements.txt": DJANGO["requirements.txt"], "x/manage.py": ""}, "release: python x/manage.py migrate"),
        (FLASK, "release: flask db upgrade"),
    ],
)
def test_without_migrate(files: Files, line: str) -> None:
    (finding,) = lint_files({**files, "Procfile": "web: gunicorn a\nclock: python run.py\n"}, [release_without_migrate])
    assert (place(finding.at), finding.severity) == ("Procfile:1:1-1:4", Severity.NOTE)
    assert finding.help.endswith(f"\n    {line}")


@pytest.mark.parametrize(
    "files",
    [
        {**DJANGO, "Procfile": "web: gunicorn a\nrelease: ./x\n"},
        {**DJANGO, "Procfile": "web: python manage.py migrate; gunicorn a\n"},
        {**DJANGO, "Procfile": "web: sh start.sh\n", "start.sh": "x\n"},
        {**DJANGO, "Procfile": "web: ./start\n", "start": "x\n"},
        {**DJANGO, "Procfile": "web: eval $X\n"},
        {**DJANGO, "Procfile": "web: gunicorn a\n", "app.json": '{"scripts": {"postdeploy": "./manage.py migrate"}}'},
        {**DJANGO, "Procfile": "web: gunicorn a\n", "bin/post_compile": ""},
        {**DJANGO, "Procfile": "web: gunicorn a\n", "deploy.sh": "heroku run -a b python manage.py migrate\n"},
        {
            **DJANGO,
            "Procfile": "web: gunicorn a\n",
            ".github/workflows/x.yml": "steps:\n- run: heroku run ./manage.py migrate\n",
        },
        {**DJANGO, "Procfile": "worker: python bot.py\n"},
        {"requirements.txt": "Django\n", "manage.py": "", "Procfile": "web: gunicorn a\n"},
        {"requirements.txt": "Django\npsycopg2\n", "Procfile": "web: gunicorn a\n"},
        {"requirements.txt": "Flask\npsycopg2\n", "Procfile": "web: gunicorn a\n"},
        DJANGO,
    ],
)
def test_with_migrate_or_no_database(files: Files) -> None:
    assert lint_files(files, [release_without_migrate]) == ()
