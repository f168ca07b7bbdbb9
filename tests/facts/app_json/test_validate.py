"""The validator: the same verdict as the library that knows the whole standard, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pydeploy_lint.facts.app_json.validate import Schema, load_schema, violations

SCHEMA = load_schema()
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)


def names(schema: object) -> set[str]:
    """All names of keys that a schema gives."""
    if isinstance(schema, list):
        return set().union(*map(names, schema))
    if not isinstance(schema, dict):
        return set()
    return set(schema.get("properties", ())).union(*map(names, schema.values()))


KEYS = st.sampled_from(sorted(names(SCHEMA))) | st.sampled_from(["PORT", "web", "staging", "", "0"])
SCALAR_VALUES: list[object] = [
    None, True, False, 0, 1, -1, 1.0, 1.5, -0.5, float("nan"), float("inf"), "", "secret", "x" * 30, "x" * 31,
]  # fmt: skip
SCALARS = st.sampled_from(SCALAR_VALUES)
VALUES = st.recursive(
    SCALARS, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(KEYS, inside, max_size=4), max_leaves=12
)


def manifests(schema: Schema, depth: int = 3) -> st.SearchStrategy[Any]:
    """Documents that are nearly as a schema wants them: at every place a value may be anything."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = SCHEMA["definitions"][name] if name != "#" else SCHEMA
    right: list[st.SearchStrategy[Any]] = [st.sampled_from(schema["examples"])] if "examples" in schema else []
    if depth and "items" in schema:
        right.append(st.lists(manifests(schema["items"], depth - 1), max_size=3))
    if depth and "properties" in schema:
        known = {key: manifests(part, depth - 1) for key, part in schema["properties"].items()}
        right.append(st.fixed_dictionaries({}, optional=known))
        right.append(st.dictionaries(KEYS, VALUES, max_size=2))
    if depth and isinstance(schema.get("additionalProperties"), dict):
        right.append(st.dictionaries(KEYS, manifests(schema["additionalProperties"], depth - 1), max_size=3))
    return st.one_of(*right, VALUES)


def mine(document: object) -> set[tuple[tuple[str | int, ...], str]]:
    return {(found.keys[:-1] if found.is_key else found.keys, found.keyword) for found in violations(document, SCHEMA)}


def theirs(document: object) -> set[tuple[tuple[str | int, ...], str]]:
    return {
        (tuple(error.path), "propertyNames" if "propertyNames" in error.schema_path else str(error.validator))
        for error in VALIDATOR.iter_errors(document)
    }


def places(schema: Schema, keys: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every place that the schema is about; in what may have any name, to one of that name."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = {} if name == "#" else SCHEMA["definitions"][name]
    yield keys
    for key, part in schema.get("properties", {}).items():
        yield from places(part, (*keys, key))
    if isinstance(schema.get("additionalProperties"), dict):
        yield from places(schema["additionalProperties"], (*keys, "NAME"))
    if "items" in schema:
        yield from places(schema["items"], (*keys, 0))


@pytest.mark.parametrize("keys", list(places(SCHEMA)), ids=lambda keys: ".".join(map(str, keys)))
def test_same_verdict_on_every_kind_of_value_at_every_place(keys: tuple[str | int, ...]) -> None:
    values: list[object] = [*SCALAR_VALUES, [], {}, [{}], {"NAME": 1}]
    for value in values:
        document: object = value
        for key in reversed(keys):
            document = {key: document} if isinstance(key, str) else [document]
        assert mine(document) == theirs(document)


@given(manifests(SCHEMA))
@example({"environments": {"review": {"environments": {"staging": 1}}}})
@example([])
def test_same_verdict_as_jsonschema(document: object) -> None:
    assert mine(document) == theirs(document)


def said(document: object) -> Iterable[str]:
    return [f"{'.'.join(map(str, found.keys))} {found.message}" for found in violations(document, SCHEMA)]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], " must be an object, not a list"),
        ({"env": {"PORT": 8000}}, "env.PORT must be a string or an object, not 8000"),
        ({"env": {"PORT": None}}, "env.PORT must be a string or an object, not null"),
        ({"env": {"DEBUG": {"value": True}}}, "env.DEBUG.value must be a string, not true"),
        ({"env": {"KEY": {"required": "no"}}}, "env.KEY.required must be true or false, not a string"),
        ({"env": {"KEY": {"generator": "uuid"}}}, 'env.KEY.generator must be "secret"'),
        ({"formation": {"web": {"quantity": 1.5}}}, "formation.web.quantity must be a whole number, not 1.5"),
        ({"formation": {"web": {"quantity": -1}}}, "formation.web.quantity must be at least 0"),
        ({"buildpacks": [{}]}, "buildpacks.0 has no `url`"),
        ({"name": "x" * 31}, "name must have at most 30 characters, not 31"),
        ({"environments": {"staging": {}}}, "environments.staging must be test or review"),
        ({"addon": []}, "addon is unknown"),
    ],
)
def test_messages(document: object, message: str) -> None:
    assert said(document) == [message]


def test_what_stands_further_out_comes_first() -> None:
    document = {"env": {"A": 1}, "addons": {}, "environments": {"test": {"env": {"B": 2}}}}

    assert [found.keys for found in violations(document, SCHEMA)] == [
        ("addons",),
        ("env", "A"),
        ("environments", "test", "env", "B"),
    ]


def test_a_document_may_be_nested_deeply() -> None:
    document: dict[str, object] = {"name": 1}
    for _ in range(5000):
        document = {"environments": {"test": document}}

    assert [len(found.keys) for found in violations(document, SCHEMA)] == [10_001]
