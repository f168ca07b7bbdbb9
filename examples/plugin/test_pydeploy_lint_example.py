"""Tests of the check, with the kit that pydeploy-lint ships."""

from pydeploy_lint_example import development_server

from pydeploy_lint.testing import findings_of, lint_files, place


def test_the_examples_on_its_page_are_true() -> None:
    for example in development_server.bad + development_server.good:
        assert tuple(place(finding.at) for finding in findings_of(development_server, example)) == example.at


def test_every_server_is_reported_where_it_stands() -> None:
    app = {"Procfile": "web: gunicorn app:app\npreview: python manage.py runserver\nadmin: flask run\n"}

    findings = lint_files(app, [development_server])

    assert [place(finding.at) for finding in findings] == ["Procfile:2:17-2:36", "Procfile:3:8-3:17"]
    assert findings[0].message.startswith("Procfile starts a development server, 'manage.py runserver'")


def test_an_app_without_a_procfile_is_left_alone() -> None:
    assert not lint_files({"requirements.txt": ""}, [development_server])
