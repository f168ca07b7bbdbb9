"""The schema of app.json: a valid schema, of documented keys, by which real files are right, and mistakes are not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pydeploy_lint.facts.app_json import validate
from pydeploy_lint.facts.app_json.validate import load_schema

SCHEMA = Path(validate.__file__).with_name("app.schema.json")
VALIDATOR = jsonschema.Draft7Validator(load_schema())
CHECKED = {
    "$ref", "type", "enum", "minimum", "maxLength", "items", "properties", "required", "propertyNames",
    "additionalProperties",
}  # fmt: skip
SAID = {
    "$schema", "$id", "title", "description", "default", "examples", "definitions", "deprecated", "deprecationMessage",
}  # fmt: skip


def parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema, and the schemas inside."""
    yield schema
    for name in ("properties", "definitions"):
        for part in schema.get(name, {}).values():
            yield from parts(part)
    for name in ("items", "additionalProperties", "propertyNames"):
        if isinstance(part := schema.get(name), dict):
            yield from parts(part)


def check_jsonschema(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", *arguments]
    return subprocess.run(command, capture_output=True, check=False, encoding="utf-8")


def test_the_schema_is_one() -> None:
    assert check_jsonschema("--check-metaschema", str(SCHEMA)).returncode == 0


def test_check_jsonschema_judges_by_it(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text('{"env": {"WEB_CONCURRENCY": "2"}}')
    bad.write_text('{"env": {"WEB_CONCURRENCY": 2}}')

    assert check_jsonschema("--schemafile", str(SCHEMA), str(good)).returncode == 0
    assert "$.env.WEB_CONCURRENCY: 2 is not of type" in check_jsonschema("--schemafile", str(SCHEMA), str(bad)).stdout


def test_it_uses_no_keyword_that_the_program_does_not_know() -> None:
    assert {keyword for part in parts(load_schema()) for keyword in part} <= CHECKED | SAID


def test_every_key_is_explained_where_it_is_no_reference() -> None:
    keys = [(name, key) for part in parts(load_schema()) for name, key in part.get("properties", {}).items()]

    assert len(keys) > 30
    assert [name for name, key in keys if "$ref" not in key and not key.keys() >= {"title", "description"}] == []


def test_every_example_is_right() -> None:
    schema = load_schema()
    examples = [(example, part) for part in parts(schema) for example in part.get("examples", [])]

    assert len(examples) > 30
    for example, part in examples:
        VALIDATOR.evolve(schema=part).validate(example)


def test_keys_of_the_documentation() -> None:
    """As the Dev Center had them on 2025-05-27, and Heroku CI's two scripts."""
    schema = load_schema()

    assert schema["properties"].keys() == {
        "$schema", "addons", "buildpacks", "description", "env", "environments", "formation", "image", "keywords",
        "logo", "name", "repository", "scripts", "stack", "success_url", "website",
    }  # fmt: skip
    assert schema["properties"]["scripts"]["properties"].keys() == {"postdeploy", "pr-predestroy", "test-setup", "test"}
    assert schema["definitions"]["config-var"]["properties"].keys() == {
        "description", "value", "required", "generator",
    }  # fmt: skip


@pytest.mark.parametrize(
    "manifest",
    [
        {},
        {"name": "{{ project_name }}", "scripts": {}, "buildpacks": [], "stack": "heroku-18", "success_url": "/"},
        {
            "addons": [
                "cloudamqp",
                "heroku-postgresql:basic --version=15",
                {"plan": "heroku-redis", "as": "REDIS_CACHE"},
            ]
        },
        {"addons": [{"plan": "heroku-postgresql", "options": {"version": "16", "rollback": True}}]},
        {"env": {"value": "PRODUCTION", "DEBUG": "", "DSN": {}, "KEY": {"generator": "secret", "required": False}}},
        {"formation": {"web": {"quantity": 1}, "celery-beat": {"quantity": 0, "size": "Standard-1X"}, "test": {}}},
        {"scripts": {"postdeploy": "flask db upgrade", "pr-predestroy": {"command": "./drop", "size": "eco"}}},
        {
            "addons": ["cloudamqp"],
            "environments": {
                "review": {"addons": ["bucketeer"], "env": {"ENV": {"value": "STAGING"}}},
                "test": {"scripts": {"test-setup": "./prepare", "test": "./manage.py test"}, "buildpacks": []},
            },
        },
    ],
)
def test_right_manifests(manifest: object) -> None:
    """Shapes that public repositories have."""
    VALIDATOR.validate(manifest)
