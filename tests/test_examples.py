"""Every check's examples show what its page says: that is what makes the pages true."""

import pytest

from pydeploy_lint.engine.check import Check, Example
from pydeploy_lint.engine.registry import load_registry
from pydeploy_lint.testing import findings_of, place

REGISTRY = load_registry()
BAD = [(check, example) for check in REGISTRY.checks.values() for example in check.bad]
GOOD = [(check, example) for check in REGISTRY.checks.values() for example in check.good]
WITHOUT_BAD_EXAMPLE = {
    # A file without permissions cannot be written down as text, nor can a repository; see test_bad_input.py.
    "unreadable-file",
    "file-untracked",
}


def name(value: object) -> str | None:
    return value.name if isinstance(value, Check) else None


def test_no_built_in_plug_in_is_refused() -> None:
    assert REGISTRY.failures == ()


@pytest.mark.parametrize(("check", "example"), BAD, ids=name)
def test_bad_example(check: Check, example: Example) -> None:
    assert tuple(sorted(place(finding.at) for finding in findings_of(check, example))) == tuple(sorted(example.at))


@pytest.mark.parametrize(("check", "example"), GOOD, ids=name)
def test_good_example(check: Check, example: Example) -> None:
    assert findings_of(check, example) == []


@pytest.mark.parametrize("check", REGISTRY.checks.values(), ids=name)
def test_every_check_has_examples(check: Check) -> None:
    assert check.good
    assert check.bad or check.name in WITHOUT_BAD_EXAMPLE
