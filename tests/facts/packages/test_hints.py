"""What is advised where nothing says what to install: only what helps."""

from pathlib import Path

import pytest
from pydeploy_checks.django.project import project
from pydeploy_checks.packages.managers import missing_package_manager

from pydeploy_lint.facts.packages.hints import hints
from pydeploy_lint.files.tree import WorkingTree
from pydeploy_lint.finding import Edit, Finding
from pydeploy_lint.testing import Files, lint_files, write_tree

WANTED = ["Pipfile.lock", "requirements.txt", "poetry.lock", "uv.lock"]
PROJECT = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["flask"]\n'
FLASK = "import os\n\nfrom flask import Flask\n\nimport helpers\n\napp = Flask(__name__)\n"


def commands(root: Path, files: Files) -> list[str]:
    write_tree(root, files)
    return [command for hint in hints(WorkingTree(str(root)), WANTED) for command in hint.commands]


def finding(files: Files) -> Finding:
    [found] = lint_files({".python-version": "3.13\n", **files}, [missing_package_manager])
    return found


@pytest.mark.parametrize(
    ("files", "path"),
    [
        ({"requirements/prod.txt": "", "requirements/dev.txt": ""}, "requirements/prod.txt"),
        ({"requirements/production.txt": "", "requirements/base.txt": ""}, "requirements/production.txt"),
        ({"requirements/base.txt": "", "requirements/test.txt": ""}, "requirements/base.txt"),
        ({"requirements/requirements.txt": ""}, "requirements/requirements.txt"),
        ({"requirements-prod.txt": "", "requirements-dev.txt": ""}, "requirements-prod.txt"),
        ({"prod_requirements.txt": "", "requirements_test.txt": ""}, "prod_requirements.txt"),
        ({"requirements-base.txt": "", "dev-requirements.txt": ""}, "requirements-base.txt"),
        ({"reqs/heroku.txt": "", "reqs/lint.txt": ""}, "reqs/heroku.txt"),
    ],
)
def test_the_requirements_for_production_are_included(files: dict[str, str], path: str, tmp_path: Path) -> None:
    assert commands(tmp_path, files) == [f"echo '-r {path}' > requirements.txt", "git add requirements.txt"]


@pytest.mark.parametrize(
    "name",
    [
        "dev-requirements.txt", "requirements-dev.txt", "requirements_test.txt", "requirements-lint.txt",
        "requirements/dev.txt", "requirements/tests.txt", "requirements.dev.txt", "requirements-docs.txt",
        "test-requirements.txt", "requirements/local.txt", "requirements-ci.txt", "requirements-gpu.txt",
    ],
)  # fmt: skip
def test_other_requirements_are_never_offered(name: str, tmp_path: Path) -> None:
    assert commands(tmp_path, {name: "pytest\n"}) == []


@pytest.mark.parametrize("name", ["requirements", "Requirements.txt", "poetry.lock", "reqirements.txt"])
def test_a_directory_is_never_renamed(name: str, tmp_path: Path) -> None:
    assert commands(tmp_path, {f"{name}/dev.txt": ""}) == []


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("requirments.txt", "requirements.txt"),
        ("Requirements.txt", "requirements.txt"),
        ("requirements.txt.txt", "requirements.txt"),
        ("requirement.txt", "requirements.txt"),
        ("requirements", "requirements.txt"),
        ("Pipfile.lok", "Pipfile.lock"),
        ("Poetry.lock", "poetry.lock"),
    ],
)
def test_a_misspelled_name_is_corrected(name: str, right: str, tmp_path: Path) -> None:
    assert commands(tmp_path, {name: "flask\n"}) == [f"git mv {name} {right}"]


def test_requirements_that_are_to_be_compiled(tmp_path: Path) -> None:
    assert commands(tmp_path, {"requirements.in": "flask\n", "requirements-dev.in": "pytest\n"}) == [
        "pip install pip-tools",
        "pip-compile --output-file=requirements.txt requirements.in",
        "git add requirements.txt",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PROJECT, ["uv lock", "git add uv.lock"]),
        ('[tool.poetry.dependencies]\npython = "^3.13"\n', ["poetry lock", "git add poetry.lock"]),
        (f"{PROJECT}[tool.poetry]\npackage-mode = false\n", ["poetry lock", "git add poetry.lock"]),
        ("[tool.ruff]\nline-length = 100\n", []),
        ("[tool.ruff\n", []),
    ],
)
def test_a_project_is_locked_with_its_own_tool(text: str, expected: list[str], tmp_path: Path) -> None:
    assert commands(tmp_path, {"pyproject.toml": text}) == expected


def test_a_subdirectory_can_be_pushed() -> None:
    found = finding({"backend/requirements.txt": "", "tests/requirements.txt": ""})
    assert found.help == (
        "backend/requirements.txt is in a subdirectory, where Heroku does not look; if backend is the app, push it "
        "alone:\n    git subtree push --prefix backend heroku main"
    )
    assert found.fix is None


def test_what_the_code_imports_is_listed() -> None:
    found = finding(
        {
            "app.py": FLASK,
            "helpers.py": "import yaml\nfrom . import x\ntry:\n    import uvloop\nexcept ImportError:\n    pass\n",
            "shop/__init__.py": "import requests, json\n",
            "tests/test_app.py": "import pytest\n",
            "test_more.py": "import hypothesis\n",
            "Procfile": "web: gunicorn app:app\n",
        }
    )

    assert "    printf '%s\\n' flask gunicorn pyyaml requests > requirements.txt" in found.help.lower()
    assert found.fix
    assert not found.fix.safe
    [edit] = found.fix.edits
    assert edit.text is not None
    assert edit.text.lower() == "flask\ngunicorn\npyyaml\nrequests\n"


def test_an_app_without_imports_needs_an_empty_file() -> None:
    found = finding({"app.py": "import os\n"})

    assert "    touch requirements.txt" in found.help
    assert found.fix
    assert found.fix.edits == (Edit.write("requirements.txt", ""),)


def test_the_fix_includes_the_file() -> None:
    found = finding({"app.py": FLASK, "requirements/prod.txt": "flask\n"})

    assert found.fix
    assert found.fix.edits == (Edit.write("requirements.txt", "-r requirements/prod.txt\n"),)


def test_what_the_settings_name_is_needed_too() -> None:
    settings = (
        'INSTALLED_APPS = ["django.contrib.admin", "corsheaders", "shop", "unheard_of"]\n'
        'MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware"]\n'
        'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}\n'
    )
    files = {**project(settings), "shop/__init__.py": ""}
    files.pop("requirements.txt")
    assert "    printf '%s\\n' django django-cors-headers psycopg2-binary whitenoise >" in finding(files).help.lower()
