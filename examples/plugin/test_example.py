"""Tests of the check and the fact, with the kit that pydeploy-lint ships."""

from pathlib import Path

from pydeploy_lint_example.checks import docker_python
from pydeploy_lint_example.facts import docker_images

from pydeploy_lint.testing import findings_of, lint_files, open_app, place, write_tree


def test_the_examples_on_its_page_are_true() -> None:
    for example in docker_python.bad + docker_python.good:
        assert tuple(place(finding.at) for finding in findings_of(docker_python, example)) == example.at


def test_every_stage_is_reported_where_it_stands() -> None:
    app = {
        ".python-version": "3.14\n",
        "requirements.txt": "",
        "Dockerfile": "FROM python:3.13 AS build\nFROM python:3.12-slim\n",
    }

    findings = lint_files(app, [docker_python])

    assert [place(finding.at) for finding in findings] == ["Dockerfile:1:6-1:17", "Dockerfile:2:6-2:22"]
    assert findings[0].message == "the Dockerfile runs python:3.13, but Heroku installs Python 3.14"


def test_an_app_without_a_dockerfile_is_left_alone() -> None:
    assert not lint_files({"requirements.txt": ""}, [docker_python])


def test_the_fact_is_computed_once(tmp_path: Path) -> None:
    write_tree(tmp_path, {"requirements.txt": "", "Dockerfile": "from python:3.14\n"})
    app = open_app(tmp_path)

    assert [image for image, _ in docker_images(app)] == ["python:3.14"]
    assert docker_images(app) is docker_images(app)
