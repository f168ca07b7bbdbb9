from __future__ import annotations

import hashlib
import json

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.facts.locks import pipenv
from pydeploy_lint.facts.locks.verdict import FRESH, LockState, Reason
from tests.facts.locks.strategies import documents, near_documents
from tests.facts.locks.vectors import vectors

VERSION = "2026.7.1"
BEFORE_CANONICAL_NAMES = "2026.0.3"
SOURCE = '[[source]]\nname = "index"\nurl = "https://index.example/simple"\nverify_ssl = true\n'


def pipfile(text: str) -> dict[str, object]:
    return tomli.loads(SOURCE + text)


def lock_of(manifest: dict[str, object], *, canonical_names: bool = True, **groups: object) -> dict[str, object]:
    stored = pipenv.pipfile_hash(manifest, canonical_names=canonical_names)
    meta = {"hash": {"sha256": stored}, "requires": manifest.get("requires", {}), "sources": manifest["source"]}
    return {"_meta": meta, **groups}


def test_agrees_with_every_hash_and_refusal_of_the_real_tool() -> None:
    agreed = 0
    cases = vectors("pipenv-hashes")
    for case in cases:
        manifest = tomli.loads(case["Pipfile"])
        refused = list(pipenv.refusals_of(manifest, VERSION))
        computed = None if refused else pipenv.pipfile_hash(manifest, canonical_names=True)
        agreed += computed == case["sha256"]
    print(f"Pipenv: {agreed} of {len(cases)} agree")
    assert agreed == len(cases) == 100


def test_lock_of_the_same_pipfile_is_fresh() -> None:
    manifest = pipfile('[packages]\nflask = "*"\n')
    assert pipenv.freshness(manifest, lock_of(manifest), VERSION) == FRESH


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (
            '[packages]\nflask = "*"\n',
            '[packages]\nflask = "*"\nsix = "*"\n',
            Reason("[packages] asks for six, which is not in Pipfile.lock", "Pipfile", ("packages", "six")),
        ),
        (
            '[packages]\nflask = "*"\n',
            '[packages]\nFlask = "<3"\n',
            Reason("[packages] asks for Flask <3, but Pipfile.lock holds 3.1.0", "Pipfile", ("packages", "Flask")),
        ),
        (
            '[packages]\nflask = "*"\n',
            '[packages]\nflask = {version = "<3"}\n',
            Reason("[packages] asks for flask <3, but Pipfile.lock holds 3.1.0", "Pipfile", ("packages", "flask")),
        ),
        (
            '[requires]\npython_version = "3.12"\n',
            '[requires]\npython_version = "3.13"\n',
            Reason(
                "[requires] python_version is 3.13, but Pipfile.lock was made with 3.12",
                "Pipfile",
                ("requires", "python_version"),
            ),
        ),
        (
            '[requires]\npython_version = "3.12"\n',
            "",
            Reason(
                "[requires] has no python_version, but Pipfile.lock was made with 3.12",
                "Pipfile",
                ("requires", "python_version"),
            ),
        ),
        (
            '[packages]\nflask = "*"\n',
            '[packages]\nflask = ">=1"\n',
            Reason("the Pipfile has changed since Pipfile.lock was made from it", "Pipfile"),
        ),
        (
            "",
            '[[source]]\nname = "other"\nurl = "https://other.example/simple"\nverify_ssl = true\n',
            Reason("[[source]] is not what Pipfile.lock was made with", "Pipfile", ("source",)),
        ),
    ],
)
def test_stale_lock_says_what_differs(before: str, after: str, reason: Reason) -> None:
    lock = lock_of(pipfile(before), default={"flask": {"version": "==3.1.0"}})
    verdict = pipenv.freshness(pipfile(after), lock, VERSION)
    assert verdict == (LockState.STALE, (reason,))


def test_names_that_only_differ_in_spelling_are_a_state_of_their_own() -> None:
    manifest = pipfile('[packages]\nDjango = "*"\nsix = "*"\n[dev-packages]\npython_dateutil = "*"\n')
    verdict = pipenv.freshness(manifest, lock_of(manifest, canonical_names=False), VERSION)
    assert verdict == (
        LockState.OTHER_HASH,
        (
            Reason("[packages] spells django as Django", "Pipfile", ("packages", "Django")),
            Reason(
                "[dev-packages] spells python-dateutil as python_dateutil",
                "Pipfile",
                ("dev-packages", "python_dateutil"),
            ),
        ),
    )


def test_older_pipenv_wants_the_hash_of_the_names_as_written() -> None:
    manifest = pipfile('[packages]\nDjango = "*"\n')
    assert pipenv.freshness(manifest, lock_of(manifest, canonical_names=False), BEFORE_CANONICAL_NAMES) == FRESH
    newer = pipenv.freshness(manifest, lock_of(manifest), BEFORE_CANONICAL_NAMES)
    assert newer.state is LockState.OTHER_HASH


def test_without_source_the_machine_decides() -> None:
    lock = {"_meta": {"hash": {"sha256": "0" * 64}}}
    verdict = pipenv.freshness(tomli.loads('[packages]\nsix = "*"\n'), lock, VERSION)
    assert verdict.state is LockState.UNDECIDED
    assert verdict.reasons[0].message.startswith("the Pipfile names no [[source]]")


@pytest.mark.parametrize(
    "lock", [{}, [], None, {"_meta": {"hash": {"sha256": None}}}, {"_meta": {"hash": {"sha256": ""}}}]
)
def test_lock_without_hash_is_invalid(lock: object) -> None:
    verdict = pipenv.freshness(pipfile(""), lock, VERSION)
    message = "Pipfile.lock holds no hash of the Pipfile at _meta.hash.sha256, so Pipenv takes it for corrupt"
    assert verdict == (LockState.INVALID, (Reason(message, "Pipfile.lock", ("_meta",)),))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            '[[source]]\nurl = "https://index.example"\nverify_ssl = true\n',
            Reason("a [[source]] has no name", "Pipfile", ("source", 0)),
        ),
        (
            '[[source]]\nname = "x"\nurl = "https://index.example"\nverify_ssl = "true"\n',
            Reason("verify_ssl of a [[source]] is not true or false", "Pipfile", ("source", 0, "verify_ssl")),
        ),
        ('source = ["x"]\n', Reason("a [[source]] has no name", "Pipfile", ("source", 0))),
        (
            '[source]\nname = "x"\n',
            Reason("source is not an array of tables: write [[source]]", "Pipfile", ("source",)),
        ),
        ('title = "x"\n', Reason("title is not a table", "Pipfile", ("title",))),
        (
            "[requires]\npython_version = 3.12\n",
            Reason(
                "[requires] python_version is not a string: write it in quotes",
                "Pipfile",
                ("requires", "python_version"),
            ),
        ),
        ("requires = 1\n", Reason("requires is not a table", "Pipfile", ("requires",))),
        (
            "[packages]\nsix = true\n",
            Reason(
                "six in [packages] is neither a version nor a table that describes a package",
                "Pipfile",
                ("packages", "six"),
            ),
        ),
        (
            "[docs]\nsix = {editable = 1}\n",
            Reason("editable of six in [docs] is not true or false", "Pipfile", ("docs", "six", "editable")),
        ),
        (
            "[packages]\nsix = {since = 2020-01-01}\n",
            Reason(
                "packages.six.since is a value that Pipenv cannot put into its hash",
                "Pipfile",
                ("packages", "six", "since"),
            ),
        ),
        ('[scripts]\nx = ""\n', Reason("[scripts] x is not a command", "Pipfile", ("scripts", "x"))),
        (
            '[pipenv]\ncool-down-period = "x"\n',
            Reason(
                '[pipenv] cool-down-period is not a number of days, such as "30d"',
                "Pipfile",
                ("pipenv", "cool-down-period"),
            ),
        ),
        (
            "[pipenv]\nallow_prereleases = 1\n",
            Reason("[pipenv] allow_prereleases is neither true nor false", "Pipfile", ("pipenv", "allow_prereleases")),
        ),
    ],
)
def test_pipfile_that_pipenv_refuses(text: str, reason: Reason) -> None:
    manifest = tomli.loads(text)
    assert reason in pipenv.refusals_of(manifest, VERSION)
    lock = {"_meta": {"hash": {"sha256": "0" * 64}}}
    assert pipenv.freshness(manifest, lock, VERSION).state is LockState.INVALID
    assert pipenv.freshness(manifest, lock, "2023.12.1").state is LockState.UNDECIDED or "cool-down" in reason.message


@pytest.mark.parametrize(
    ("required", "python", "accepted"),
    [
        ("3.12", "3.12.4", True),
        ("3.12", "3.13.0", False),
        ("3.12.4", "3.12.4", True),
        ("3.12.3", "3.12.4", False),
        ("3.12.1.0", "3.12.1", True),
        ("3", "3.12.4", True),
        (" 3.12", "3.12.4", True),
        (">=3.12,<3.13", "3.12.4", True),
        (">=3.13", "3.12.4", False),
        ("!=3.12.4", "3.12.4", False),
        ("==3.12.*", "3.12.4", False),
        ("^3.12", "3.12.4", False),
        ("3.12.*", "3.12.4", False),
        ("3.x", "3.12.4", False),
        (">=3.x", "3.12.4", False),
    ],
)
def test_python_is_compared_as_pipenv_does(required: str, python: str, accepted: bool) -> None:
    assert pipenv.accepts_python(required, python, VERSION) is accepted


def test_python_in_earlier_versions() -> None:
    assert not pipenv.accepts_python("3", "3.12.4", "2026.5.1")
    assert pipenv.accepts_python("3.12", "3.12.4", BEFORE_CANONICAL_NAMES)
    assert not pipenv.accepts_python(">=3.12", "3.12.4", BEFORE_CANONICAL_NAMES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('python_version = "3.12"\npython_full_version = "3.12.4"', ("python_full_version", "3.12.4")),
        ('python_version = "3.12"\npython_full_version = ""', ("python_version", "3.12")),
        ('python_version = "*"', None),
        ('python_version = ""', None),
        ("", None),
    ],
)
def test_required_python(text: str, expected: tuple[str, str] | None) -> None:
    assert pipenv.required_python(pipfile("[requires]\n" + text)) == expected


@given(
    near_documents({"source": [], "packages": {}, "requires": {"python_version": "3"}, "pipenv": {}, "scripts": {}}),
    st.one_of(documents, near_documents({"_meta": {"hash": {"sha256": "0"}, "requires": {}}, "default": {}})),
    st.sampled_from([VERSION, "2023.12.1", "", "x"]),
)
def test_never_raises(manifest: object, lock: object, version: str) -> None:
    verdict = pipenv.freshness(manifest, lock, version)
    assert (verdict.state is LockState.FRESH) != bool(verdict.reasons)


def test_deep_nesting_is_undecided() -> None:
    deep: dict[str, object] = {}
    for _ in range(100_000):
        deep = {"x": deep}
    manifest = pipfile("") | {"packages": {"six": deep}}
    assert pipenv.freshness(manifest, {"_meta": {"hash": {"sha256": "0"}}}, VERSION).state is LockState.UNDECIDED


def test_the_hash_is_of_plain_json() -> None:
    manifest = pipfile('[packages]\nsix = "*"\n')
    expected = {
        "_meta": {"sources": manifest["source"], "requires": {}},
        "default": {"six": "*"},
        "develop": {},
    }
    text = json.dumps(expected, sort_keys=True, separators=(",", ":"))
    assert pipenv.pipfile_hash(manifest, canonical_names=True) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (
            {"sources": [{"url": "https://index.example/simple", "verify_ssl": True}]},
            "a source in Pipfile.lock has no name",
        ),
        ({"sources": None}, "Pipfile.lock has no _meta.sources"),
        ({"requires": None}, "Pipfile.lock has no _meta.requires"),
    ],
)
def test_lock_that_lost_lines(damage: dict[str, object], message: str) -> None:
    manifest = pipfile("")
    lock = lock_of(manifest)
    meta = {**lock["_meta"], **damage} if isinstance(lock["_meta"], dict) else {}
    lock["_meta"] = {key: value for key, value in meta.items() if value is not None}
    verdict = pipenv.freshness(manifest, lock, VERSION)
    assert (verdict.state, verdict.reasons[0].message) == (LockState.INVALID, message)


def test_pin_that_is_none() -> None:
    # Pipenv 2026.7.1 locks six = {version = "~=1.16.0", markers = "sys_platform == 'win32'"} like that on Linux.
    manifest = pipfile("")
    lock = lock_of(manifest, default={"six": {"version": "==~=1.16.0"}})
    reason = Reason(
        "Pipfile.lock has six with the version ==~=1.16.0, which is not a pin",
        "Pipfile.lock",
        ("default", "six", "version"),
    )
    assert pipenv.freshness(manifest, lock, VERSION) == (LockState.INVALID, (reason,))
    assert pipenv.freshness(manifest, lock_of(manifest, default={"six": {"version": "==1.16.0"}}), VERSION) == FRESH
