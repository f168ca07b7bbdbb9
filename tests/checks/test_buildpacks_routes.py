"""What builds the app: the list of buildpacks, the stack, heroku.yml and project.toml."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.engine.result import AppReport
from pydeploy_lint.finding import Severity
from pydeploy_lint.report.common.summary import summary
from pydeploy_lint.report.plan.plan import plan
from pydeploy_lint.testing import Files, judge_app, open_app, place, write_tree

CHECKS = load_registry().checks.values()
FLASK = {
    ".python-version": "3.13\n",
    "requirements.txt": "Flask==3.1.0\ngunicorn==23.0.0\n",
    "Procfile": "web: gunicorn app:app\n",
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
}
MONOREPO = "https://github.com/lstoll/heroku-buildpack-monorepo"
SUBDIR = "https://github.com/timanovsky/subdir-heroku-buildpack"
MULTI_PROCFILE = "heroku-community/multi-procfile"
DOCKER = {"heroku.yml": "build:\n  docker:\n    web: Dockerfile\n", "Dockerfile": "FROM python:3.13\n"}


def app_json(*buildpacks: str, env: Mapping[str, Any] | None = None, **others: Any) -> dict[str, str]:
    """An app.json with a list of buildpacks."""
    value = {"env": env or {}, "buildpacks": [{"url": url} for url in buildpacks], **others}
    return {"app.json": json.dumps(value, indent=1)}


def inside(directory: str, files: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{directory}/{path}": text for path, text in files.items()}


def judge(root: Path, files: Files, settings: Mapping[str, str] | None = None) -> AppReport:
    write_tree(root, files)
    return judge_app(root, CHECKS, {"buildpack": "v351", **(settings or {})})


def loud(report: AppReport) -> list[tuple[str, str]]:
    """The check and the place of each finding that is more than a note."""
    return [
        (each.check, place(each.at).rpartition("-")[0]) for each in report.findings if each.severity > Severity.NOTE
    ]


@pytest.mark.parametrize(
    "buildpacks",
    [
        ("heroku/nodejs",),
        ("https://github.com/heroku/heroku-buildpack-nodejs.git#v200",),
        ("heroku/ruby", "heroku/nodejs"),
        ("heroku-community/apt", "https://github.com/heroku/heroku-buildpack-google-chrome"),
        ("heroku-community/nginx", "urn:buildpack:heroku/go"),
    ],
)
def test_a_list_without_python_is_an_error(buildpacks: tuple[str, ...], tmp_path: Path) -> None:
    report = judge(tmp_path, {**FLASK, **app_json(*buildpacks)})

    [found] = [each for each in report.findings if each.check == "no-python-buildpack"]
    assert found.severity is Severity.ERROR
    assert found.at.path == "app.json"
    assert "heroku/python" in found.message
    assert "web (gunicorn)" in found.message
    assert f"heroku buildpacks:add {buildpacks[-1]}\n" in found.help.replace("'", "")
    assert "heroku buildpacks:add heroku/python\n" in found.help
    assert report.build.built_by == "other-buildpacks"
    assert report.build.package_manager is None
    assert summary(report)[1].startswith("Heroku would build this app without Python: 1 error")


@pytest.mark.parametrize(
    "buildpacks",
    [
        ("heroku/python",),
        ("heroku/nodejs", "https://github.com/heroku/heroku-buildpack-python"),
        ("https://github.com/someone/heroku-buildpack-python",),
        ("https://github.com/scalingo/python-buildpack", "heroku/nodejs"),
    ],
)
def test_any_python_buildpack_will_do(buildpacks: tuple[str, ...], tmp_path: Path) -> None:
    report = judge(tmp_path, {**FLASK, **app_json(*buildpacks)})

    assert not [each for each in report.findings if each.check == "no-python-buildpack"]
    assert report.build.package_manager == "pip"


@pytest.mark.parametrize(
    "buildpacks",
    [
        ("https://github.com/example-org/heroku-buildpack-snake",),
        ("heroku/nodejs", "https://github.com/example-org/anaconda"),
        ("https://github.com/heroku/heroku-buildpack-multi",),
        ("https://github.com/heroku/heroku-buildpack-inline",),
    ],
)
def test_what_nobody_knows_may_install_python(buildpacks: tuple[str, ...], tmp_path: Path) -> None:
    report = judge(tmp_path, {**FLASK, **app_json(*buildpacks)})

    [found] = [each for each in report.findings if each.check == "no-python-buildpack"]
    assert (found.severity, found.certain) == (Severity.NOTE, False)
    assert report.build.built_by == "heroku/python"


def test_a_node_app_with_some_python_beside_it_is_fine(tmp_path: Path) -> None:
    files = {"requirements.txt": "mkdocs==1.6\n", "Procfile": "web: node server.js\n", **app_json("heroku/nodejs")}
    report = judge(tmp_path, files)

    assert [each.severity for each in report.findings if each.check == "no-python-buildpack"] == [Severity.NOTE]


def test_what_is_no_python_app_stays_none(tmp_path: Path) -> None:
    report = judge(tmp_path, {"package.json": "{}", "Procfile": "web: node .\n", **app_json("heroku/nodejs")})

    assert report.build.failure_reason == "detect"


def test_the_printed_list_goes_before_app_json(tmp_path: Path) -> None:
    files = {**FLASK, **app_json("heroku/nodejs"), "list.txt": "=== shop Buildpack URL\n\nheroku/python\n"}
    report = judge(tmp_path, files, {"buildpacks": "list.txt"})

    [found] = [each for each in report.findings if each.check == "no-python-buildpack"]
    assert (found.severity, found.at.path) == (Severity.WARNING, "app.json")
    assert report.build.package_manager == "pip"


def test_a_printed_list_without_python(tmp_path: Path) -> None:
    files = {**FLASK, "list.txt": "=== shop Buildpack URLs\n\n1. heroku/nodejs\n2. heroku/ruby\n"}
    report = judge(tmp_path, files, {"buildpacks": "list.txt"})

    assert loud(report) == [("no-python-buildpack", "list.txt:3:4")]
    assert report.build.built_by == "other-buildpacks"


def test_the_list_for_tests_only_is_a_warning(tmp_path: Path) -> None:
    environments = {"test": {"buildpacks": [{"url": "heroku/nodejs"}]}}
    report = judge(tmp_path, {**FLASK, **app_json("heroku/python", environments=environments)})

    assert [check for check, _ in loud(report)] == ["no-python-buildpack"]
    assert report.build.package_manager == "pip"


@pytest.mark.parametrize(
    ("mover", "variable"),
    [
        (MONOREPO, "APP_BASE"),
        (f"{MONOREPO}.git", "APP_BASE"),
        ("https://github.com/someone/heroku-buildpack-monorepo#main", "APP_BASE"),
        ("lstoll/monorepo", "APP_BASE"),
        (SUBDIR, "PROJECT_PATH"),
        ("https://github.com/someone/subdir-heroku-buildpack.git", "PROJECT_PATH"),
    ],
)
@pytest.mark.parametrize("directory", ["backend", "apps/shop/api"])
def test_the_directory_that_a_buildpack_makes_the_root(
    mover: str, variable: str, directory: str, tmp_path: Path
) -> None:
    files = {**inside(directory, FLASK), **app_json(mover, "heroku/python", env={variable: f"/{directory}/"})}
    report = judge(tmp_path, files)

    assert loud(report) == []
    assert (report.build.failure_reason, report.build.package_manager) == (None, "pip")
    assert report.build.python_version_requested == "3.13"


def test_findings_stand_where_the_files_are(tmp_path: Path) -> None:
    service = {
        **FLASK,
        ".python-version": "# ours\n'3.13'\n",
        "poetry.lock": "",
        "Procfile": "web: gunicorn shop:app\n",
    }
    files = {
        **inside("backend", service),
        **app_json(MONOREPO, "heroku/python", env={"APP_BASE": {"value": "backend"}}),
    }
    report = judge(tmp_path, files)

    assert report.build.failure_reason == "package-manager::multiple-found"
    assert {check: at for check, at in loud(report) if check != "conflicting-package-managers"} == {
        "python-version-invalid": "backend/.python-version:2:1",
    }
    [invalid] = [each for each in report.findings if each.check == "python-version-invalid"]
    assert invalid.source_line == "'3.13'"
    assert invalid.fix
    assert [edit.span.path for edit in invalid.fix.edits] == ["backend/.python-version"]


def test_a_suppression_in_a_moved_file_counts(tmp_path: Path) -> None:
    service = {**FLASK, "requirements.txt": "# pydeploy-lint: ignore[packages] known\nFlask @ file:///C:/x.whl\n"}
    files = {**inside("backend", service), **app_json(MONOREPO, "heroku/python", env={"APP_BASE": "backend"})}
    report = judge(tmp_path, files)

    assert [each.finding.at.path for each in report.suppressed] == ["backend/requirements.txt"]


@pytest.mark.parametrize(
    "value",
    [
        {".env": "APP_BASE=backend\n"},
        {".env.example": "export APP_BASE='backend'\n"},
        {"bin/setup": "#!/bin/sh\nheroku config:set DEBUG=0 APP_BASE=backend --app shop\n"},
        {"Makefile": "deploy:\n\theroku config:set APP_BASE=backend\n"},
        {".env": "APP_BASE=backend\n", "bin/setup": "#!/bin/sh\nheroku config:set APP_BASE=backend/\n"},
    ],
)
def test_the_value_may_stand_in_another_file(value: dict[str, str], tmp_path: Path) -> None:
    env = {"APP_BASE": {"description": "what to build"}}
    report = judge(tmp_path, {**inside("backend", FLASK), **app_json(MONOREPO, "heroku/python", env=env), **value})

    assert (report.build.built_by, report.build.package_manager) == ("heroku/python", "pip")


@pytest.mark.parametrize(
    "value",
    [
        {},
        {".env": "APP_BASE=\n"},
        {".env": "APP_BASE=$DIRECTORY\n"},
        {"deploy.sh": "#!/bin/sh\nheroku config:set APP_BASE=shop\nheroku config:set APP_BASE=backend\n"},
        {".env": "APP_BASE=../elsewhere\n"},
    ],
)
def test_an_unknown_directory_is_said_and_nothing_is_judged(value: dict[str, str], tmp_path: Path) -> None:
    files = {**inside("shop", FLASK), **inside("backend", FLASK), **app_json(MONOREPO, "heroku/python"), **value}
    report = judge(tmp_path, files)

    assert [(each.check, each.severity, each.certain) for each in report.findings] == [
        ("buildpack-root", Severity.NOTE, False)
    ]
    assert "such as backend or shop" in report.findings[0].help
    assert (report.build.built_by, report.build.failure_reason) == ("undecided", None)
    assert "cannot tell which directory" in summary(report)[1]


def test_a_directory_that_does_not_exist(tmp_path: Path) -> None:
    files = {**inside("shop", FLASK), **app_json(MONOREPO, "heroku/python", env={"APP_BASE": "sohp"})}
    report = judge(tmp_path, files)

    [found] = report.findings
    assert (found.check, found.severity) == ("buildpack-root", Severity.ERROR)
    assert "'sohp'" in found.message


@pytest.mark.parametrize("root", [{}, {"requirements.txt": "PyYAML==6.0.2\n"}])
def test_python_before_the_move_is_deleted_by_it(root: dict[str, str], tmp_path: Path) -> None:
    files = {
        ".python-version": "3.13\n",
        **root,
        **inside("backend", FLASK),
        **app_json("heroku/python", MONOREPO, env={"APP_BASE": "backend"}),
    }
    report = judge(tmp_path, files)

    [found] = [each for each in report.findings if each.check == "buildpack-order"]
    assert found.severity is Severity.ERROR
    assert "monorepo" in found.message
    commands = [line.split()[2] for line in found.help.splitlines() if "buildpacks:add" in line]
    assert commands == [MONOREPO, "heroku/python"]
    assert report.build.failure_reason == (None if root else "package-manager::none-found")


@pytest.mark.parametrize("between", [(SUBDIR,), ("heroku/nodejs", SUBDIR), (SUBDIR, "heroku/nodejs")])
def test_a_second_python_after_a_move_is_fine(between: tuple[str, ...], tmp_path: Path) -> None:
    files = {**FLASK, **inside("server", {**FLASK, ".python-version": "3.12\n"})}
    files |= app_json("heroku/python", *between, "heroku/python", env={"PROJECT_PATH": "server"})
    report = judge(tmp_path, files)

    assert loud(report) == []
    assert report.build.python_version_requested == "3.12"


def test_a_second_python_in_one_stretch_is_not(tmp_path: Path) -> None:
    files = {**FLASK, **inside("server", FLASK)}
    files |= app_json("heroku/python", SUBDIR, "heroku/python", "heroku/python", env={"PROJECT_PATH": "server"})

    assert ("duplicate-buildpack", Severity.ERROR) in [
        (each.check, each.severity) for each in judge(tmp_path, files).findings
    ]


def test_the_procfile_that_a_buildpack_copies(tmp_path: Path) -> None:
    files = {
        **FLASK,
        "Procfile": "web: node server.js\n",
        "backend/Procfile": "web: gunicorn nothing:app\n",
        **app_json(MULTI_PROCFILE, "heroku/python", env={"PROCFILE": "backend/Procfile"}),
    }
    report = judge(tmp_path, files)

    assert [at for _, at in loud(report)] == ["backend/Procfile:1:15"]


def test_an_unknown_procfile_is_not_judged(tmp_path: Path) -> None:
    files = {**FLASK, "Procfile": "web: gunicorn nothing:app\n", **app_json(MULTI_PROCFILE, "heroku/python")}
    report = judge(tmp_path, files)

    assert loud(report) == []
    assert [each.check for each in report.findings if not each.certain] == ["buildpack-root"]


def test_a_procfile_that_does_not_exist(tmp_path: Path) -> None:
    without = {path: text for path, text in FLASK.items() if path != "Procfile"}
    files = {**without, **app_json(MULTI_PROCFILE, "heroku/python", env={"PROCFILE": "back/Procfile"})}

    found = [each for each in judge(tmp_path, files).findings if each.check == "buildpack-root"]
    assert [each.severity for each in found] == [Severity.ERROR]


BROKEN = {"requirements.txt": "", "poetry.lock": "", ".python-version": "2.7\n", "app.py": "print(\n"}


@pytest.mark.parametrize(
    "files",
    [
        {"app.json": '{"stack": "container"}'},
        {"app.json": '{"stack": "container", "buildpacks": [{"url": "heroku/python"}]}', "Procfile": "web: x\n"},
        DOCKER,
        {**DOCKER, "app.json": '{"addons": ["heroku-postgresql:essential-0"]}'},
        {"heroku.yml": "setup:\n  addons:\n    - plan: heroku-postgresql\nbuild:\n  # ours\n  docker:\n    web: .\n"},
        {"heroku.yml": "build: {docker: {web: Dockerfile}}\n"},
        {"heroku.yml": '"build":\n    config:\n        A: b\n    "docker":\n        web: Dockerfile\n'},
    ],
)
def test_a_container_is_not_judged(files: dict[str, str], tmp_path: Path) -> None:
    report = judge(tmp_path, {**BROKEN, **files})

    assert [(each.check, each.severity) for each in report.findings] == [("container-build", Severity.NOTE)]
    assert (report.build.built_by, report.build.failure_reason) == ("container", None)
    assert report.build.python_version is None
    assert "container image" in summary(report)[1]
    [section] = plan(open_app(tmp_path), report)
    assert [line.label for line in section.lines] == ["build"]


@pytest.mark.parametrize(
    ("files", "settings"),
    [
        (DOCKER, {"stack": "heroku-24"}),
        ({**DOCKER, "app.json": '{"stack": "heroku-24"}'}, {}),
        ({"heroku.yml": "setup:\n  docker:\n    web: x\n"}, {}),
        ({"heroku.yml": "build:\n  languages:\n    - python\nrun:\n  docker: x\n"}, {}),
        ({"heroku.yml": "# build:\n#   docker:\n"}, {}),
        ({"Dockerfile": "FROM python:3.13\n", "docker-compose.yml": "services: {}\n"}, {}),
    ],
)
def test_what_is_built_by_a_buildpack_all_the_same(
    files: dict[str, str], settings: dict[str, str], tmp_path: Path
) -> None:
    report = judge(tmp_path, {**BROKEN, **files}, settings)

    assert report.build.failure_reason == "package-manager::multiple-found"
    assert report.build.certain


def test_a_procfile_beside_heroku_yml_leaves_it_open(tmp_path: Path) -> None:
    report = judge(tmp_path, {**BROKEN, **DOCKER, "Procfile": "web: gunicorn app:app\n"})

    assert {each.certain for each in report.findings} == {False}
    assert max(each.severity for each in report.findings) is Severity.WARNING
    assert not report.build.certain
    assert summary(report)[1].startswith("Heroku may reject this push")


def test_an_app_json_of_a_container_is_still_read_by_heroku(tmp_path: Path) -> None:
    report = judge(tmp_path, {**BROKEN, "app.json": '{"stack": "container", "env": {"PORT": 1}}'})

    assert [each.check for each in report.findings] == ["container-build", "app-json-invalid"]


BUILDER = {"project.toml": '[io.buildpacks]\nbuilder = "heroku/builder:24"\n'}


@pytest.mark.parametrize(
    "files", [BUILDER, {"app.json": '{"stack": "cnb"}'}, {"project.toml": '[build]\nbuilder="x"\n'}]
)
def test_a_cloud_native_build_is_said(files: dict[str, str], tmp_path: Path) -> None:
    report = judge(tmp_path, {**FLASK, **files})

    assert [(each.check, each.severity, each.certain) for each in report.findings] == [
        ("cloud-native-build", Severity.NOTE, False)
    ]
    assert report.build.built_by == "cloud-native"
    assert "Cloud Native Buildpack" in summary(report)[1]


@pytest.mark.parametrize(
    ("files", "severity", "words"),
    [
        ({"runtime.txt": "python-3.13\n"}, Severity.WARNING, "rejects any runtime.txt"),
        ({"requirements.txt": None, "Pipfile.lock": "{}"}, Severity.WARNING, "does not know Pipenv"),
        ({"Pipfile.lock": "{}"}, Severity.NOTE, "ignores Pipfile.lock"),
        ({"uv.lock": "version = 1\n"}, Severity.WARNING, "one package manager"),
        ({"requirements.txt": None}, Severity.WARNING, "needs a requirements.txt"),
        ({"bin/post_compile": "true\n"}, Severity.NOTE, "ignores bin/post_compile"),
        ({"nltk.txt": "punkt\n"}, Severity.NOTE, "ignores nltk.txt"),
        ({"src/manage.py": ""}, Severity.NOTE, "does not run collectstatic"),
        ({"manage.py": ""}, Severity.NOTE, "asks for no database"),
        ({".python_version": "3.13\n"}, Severity.NOTE, "ignores '.python_version'"),
    ],
)
def test_what_a_cloud_native_build_does_otherwise(
    files: dict[str, Any], severity: Severity, words: str, tmp_path: Path
) -> None:
    merged = {path: text for path, text in {**FLASK, **BUILDER, **files}.items() if text is not None}
    report = judge(tmp_path, merged)

    [found] = [each for each in report.findings if each.check == "cloud-native-build"]
    assert found.severity is severity
    assert words in found.help
    assert report.build.failure_reason is None
    assert not [each for each in report.findings if each.severity is Severity.ERROR]


def test_a_stack_that_is_named_goes_before_a_builder(tmp_path: Path) -> None:
    report = judge(tmp_path, {**FLASK, **BUILDER}, {"stack": "heroku-24"})

    assert report.build.package_manager == "pip"


def test_the_plan_begins_as_the_build_does(tmp_path: Path) -> None:
    report = judge(tmp_path, FLASK)

    assert plan(open_app(tmp_path), report)[0].lines[0].text == "-----> Python app detected"


def test_the_plan_names_the_directory(tmp_path: Path) -> None:
    files = {**inside("backend", FLASK), **app_json(MONOREPO, "heroku/python", env={"APP_BASE": "backend"})}
    report = judge(tmp_path, files)
    lines = [line for section in plan(open_app(tmp_path), report) for line in section.lines]

    assert [line.text.split(",")[0] for line in lines if line.label == "directory"] == ["backend"]
    assert [line.at.path for line in lines if line.label == "python" and line.at] == ["backend/.python-version"]


def test_the_plan_stops_at_a_tag_that_does_not_exist(tmp_path: Path) -> None:
    report = judge(tmp_path, {**FLASK, **app_json("https://github.com/heroku/heroku-buildpack-python#v201")})
    lines = plan(open_app(tmp_path), report)[0].lines

    assert [(line.label, line.stops) for line in lines] == [("stop", True)]
    assert "archive/v201" in lines[0].text


@pytest.mark.parametrize(
    "command",
    [
        "heroku create --stack heroku-20",
        "heroku create shop --stack=heroku-20 --region eu",
        "heroku apps:create -s heroku-20",
        "heroku create shop \\\n  --buildpack heroku/python \\\n  --stack heroku-20",
        "heroku stack:set heroku-20 --app shop",
    ],
)
def test_a_script_with_an_old_stack(command: str, tmp_path: Path) -> None:
    report = judge(tmp_path, {**FLASK, "bin/setup": f"#!/bin/sh\n{command}\n"})

    assert [check for check, _ in loud(report)] == ["unsupported-stack"]
    assert report.build.failure_reason is None


@pytest.mark.parametrize(
    "command",
    [
        "heroku create --stack heroku-24",
        "heroku create",
        "# heroku create --stack heroku-20",
        "heroku stack:set container",
    ],
)
def test_a_script_with_a_stack_in_service(command: str, tmp_path: Path) -> None:
    assert loud(judge(tmp_path, {**FLASK, "bin/setup": f"#!/bin/sh\n{command}\n"})) == []


@pytest.mark.parametrize(
    ("files", "path", "language"),
    [
        ({"package.json": "{}\n"}, "package.json", "Node.js"),
        ({"package.json": "{}\n", "Gemfile": ""}, "Gemfile", "Ruby"),
        ({"project.clj": ""}, "project.clj", "Clojure"),
        ({"package.json": "{}\n", **app_json("heroku/nodejs", "heroku/python")}, None, ""),
        ({"package.json": "{}\n", **DOCKER, "app.json": '{"stack": "container"}'}, None, ""),
        ({"composer.json": "{}\n"}, None, ""),
    ],
)
def test_languages_that_are_detected_before_python(
    files: Files, path: str | None, language: str, tmp_path: Path
) -> None:
    report = judge(tmp_path, {**FLASK, **files})
    found = [each for each in report.findings if each.check == "buildpack-detect-order"]
    assert [(place(each.at), each.severity, each.certain) for each in found] == (
        [(path, Severity.NOTE, False)] if path else []
    )
    assert all(f"the one for {language} alone" in each.message for each in found)
