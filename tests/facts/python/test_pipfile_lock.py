"""What a Pipfile.lock says of Python, as jq would read it."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pydeploy_lint.facts.python.pipfile_lock import LockRequest, read_lock_request
from pydeploy_lint.files.source import Source
from pydeploy_lint.heroku.steps import STOPS

INVALID_JSON = LockRequest(failure_reason="pipfile-lock::invalid-json")
NO_SINGLE_DOCUMENT = LockRequest(failure_reason="pipfile-lock::invalid-version", found="")


def read(text: str | bytes) -> LockRequest:
    return read_lock_request(Source("Pipfile.lock", text if isinstance(text, bytes) else text.encode()))


def requires(**fields: object) -> str:
    return json.dumps({"_meta": {"requires": fields}})


def invalid(found: str, field: str = "python_version") -> LockRequest:
    return LockRequest(field=field, failure_reason="pipfile-lock::invalid-version", found=found)


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        (requires(python_version="3.13"), LockRequest("3.13", "python_version")),
        (requires(python_version="3.12", python_full_version="3.13.2"), LockRequest("3.13.2", "python_full_version")),
        (requires(python_version="3.12", python_full_version=None), LockRequest("3.12", "python_version")),
        (requires(python_version="3.12", python_full_version=False), LockRequest("3.12", "python_version")),
        (requires(python_version="3.12", python_full_version=""), invalid("", "python_full_version")),
        (requires(python_version="3.13\n\n"), LockRequest("3.13", "python_version")),
        (requires(python_version="3.1\0003"), LockRequest("3.13", "python_version")),
        (requires(python_version="3.13 "), invalid("3.13 ")),
        (requires(python_version="null"), LockRequest()),
        ('{"_meta": {"requires": {"python_version": 3.10}}}', LockRequest("3.10", "python_version")),
        (requires(python_version=3), invalid("3")),
        (requires(python_version=False), invalid("false")),
        (requires(python_version=["3.13"]), invalid('["3.13"]')),
        (requires(), LockRequest()),
        ("{}", LockRequest()),
        ("null", LockRequest()),
        ('{"_meta": null}', LockRequest()),
        ("\ufeff{}", LockRequest()),
        ('{"_meta": {"requires": {"python_version": NaN}}}', LockRequest()),
        ('{"_meta": {}, "_meta": {"requires": {"python_version": "3.13"}}}', LockRequest("3.13", "python_version")),
        (b'{"a": "\xff"}', LockRequest()),
        ("", NO_SINGLE_DOCUMENT),
        (" \n", NO_SINGLE_DOCUMENT),
        ("\ufeff", NO_SINGLE_DOCUMENT),
        ("{} {}", NO_SINGLE_DOCUMENT),
        ("[]", INVALID_JSON),
        ('"3.13"', INVALID_JSON),
        ('{"_meta": []}', INVALID_JSON),
        ('{"_meta": {"requires": "3.13"}}', INVALID_JSON),
        ("{} []", INVALID_JSON),
        ("{}, x", INVALID_JSON),
        ('{"a": 1,}', INVALID_JSON),
        ('{"a": "\t"}', INVALID_JSON),
        ('{"a": "\\ud800"}', INVALID_JSON),
        ('{"a": "\\ud83d\\ude00"}', LockRequest()),
        ("<<<<<<< HEAD\n{}", INVALID_JSON),
        ('{"a": ' + "[" * 300 + "]" * 300 + "}", INVALID_JSON),
        ('{"a": ' + "[" * 200 + "]" * 200 + "}", LockRequest()),
        ('{"a": "' + "[" * 300 + '"}', LockRequest()),
    ],
)
def test_a_request(text: str | bytes, request_: LockRequest) -> None:
    assert read(text) == request_


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["_meta", "requires", "python_version", "python_full_version"]), inner)
        ),
    )
)
@example({"_meta": {"requires": {"python_version": {"python_version": None}}}})
def test_every_document_has_one_verdict(document: object) -> None:
    request = read(json.dumps(document))

    assert request.version is None or request.failure_reason is None
    assert request.failure_reason is None or request.failure_reason in STOPS


@given(st.binary(max_size=80))
def test_every_file_has_one_verdict(data: bytes) -> None:
    request = read(data)

    assert request.version is None or request.failure_reason is None
