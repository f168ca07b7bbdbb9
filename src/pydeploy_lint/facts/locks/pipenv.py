"""``pipenv install --deploy``: the hash of a Pipfile, and everything else that makes Pipenv refuse the deploy.

Source: Pipenv 2024.0.1 to 2026.7.1, ``Project.calculate_pipfile_hash`` and the library plette that it carries.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from typing import TYPE_CHECKING

from pydeploy_lint.facts.locks.verdict import (
    FRESH,
    LockState,
    Reason,
    Verdict,
    bounded,
    invalid,
    stale,
    undecided,
    version_key,
)
from pydeploy_lint.facts.packages.markers import canonical
from pydeploy_lint.files.formats.tables import member, table

if TYPE_CHECKING:
    from collections.abc import Iterator

PIPFILE = "Pipfile"
PIPFILE_LOCK = "Pipfile.lock"

VALIDATION = (2024,)
"""From here on a Pipfile is validated as below. Earlier versions used another library, or none."""
CANONICAL_NAMES = (2026, 4)
"""From here on package names are put in canonical form before hashing, and Python is compared by components."""
COOL_DOWN_PERIOD = (2026, 6, 2)
"""From here on ``cool-down-period`` is validated. Of the versions that Heroku ever installed, this is the first."""
MAJOR_ONLY = (2026, 7)
"""From here on ``python_version = "3"`` means any Python 3; since `CANONICAL_NAMES` it meant Python 3.0."""

SECTIONS = ("source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv")
"""The top-level tables that are no package categories."""
GROUPS = {"packages": "default", "dev-packages": "develop"}
"""The lock's names for the usual categories; every other category keeps its name."""
NO_PIN = re.compile(r"==\s*[~<>!]")
"""What is left of a version specifier behind the operator of a pin."""
OPERATORS = re.compile(r"[<>]|[!~]=")


@bounded
def freshness(pipfile: object, lock: object, version: str) -> Verdict:
    """Whether ``pipenv install --deploy`` accepts a lock.

    Args:
        pipfile: the parsed Pipfile.
        lock: the parsed Pipfile.lock.
        version: the version of Pipenv.
    """
    stored = member(lock, "_meta", "hash", "sha256")
    if not isinstance(stored, str) or not stored:
        message = "Pipfile.lock holds no hash of the Pipfile at _meta.hash.sha256, so Pipenv takes it for corrupt"
        return invalid([Reason(message, PIPFILE_LOCK, ("_meta",))])
    if not isinstance(pipfile, dict):
        return undecided("the Pipfile is not a table", PIPFILE)
    if refusals := list(refusals_of(pipfile, version)):
        if version_key(version) < VALIDATION:
            return Verdict(LockState.UNDECIDED, tuple(refusals))
        return invalid(refusals)
    if "source" not in pipfile:
        return undecided(
            "the Pipfile names no [[source]], so the hash depends on the machine's configuration of pip", PIPFILE
        )
    return _compare_hash(pipfile, table(lock), stored, canonical_names=version_key(version) >= CANONICAL_NAMES)


def _compare_hash(
    pipfile: dict[str, object], lock: dict[str, object], stored: str, *, canonical_names: bool
) -> Verdict:
    if stored == pipfile_hash(pipfile, canonical_names=canonical_names):
        # What earlier versions make of such a lock was not measured.
        damage = list(_damage(lock)) if canonical_names else []
        return invalid(damage) if damage else FRESH
    if stored == pipfile_hash(pipfile, canonical_names=not canonical_names):
        return Verdict(LockState.OTHER_HASH, tuple(_renamed(pipfile)))
    reasons = list(_differences(pipfile, lock))
    return stale(reasons or [Reason("the Pipfile has changed since Pipfile.lock was made from it", PIPFILE)])


def pipfile_hash(pipfile: dict[str, object], *, canonical_names: bool) -> str:
    """The SHA-256 that Pipenv stores in the lock.

    Args:
        pipfile: the parsed Pipfile, with a ``source``, in which `refusals_of` finds nothing.
        canonical_names: whether package names are put in canonical form first.
    """

    def packages(section: object) -> object:
        if canonical_names and isinstance(section, dict):
            return {canonical(name): package for name, package in section.items()}
        return section

    content = {
        "_meta": {"sources": pipfile["source"], "requires": pipfile.get("requires", {})},
        "default": packages(pipfile.get("packages", {})),
        "develop": packages(pipfile.get("dev-packages", {})),
    }
    content |= {name: packages(pipfile[name]) for name in _categories(pipfile) if name not in content}
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _categories(pipfile: dict[str, object]) -> list[str]:
    """The package categories beside ``packages`` and ``dev-packages``; ``default`` and ``develop`` are not hashed."""
    return [name for name in pipfile if name not in SECTIONS]


def refusals_of(pipfile: dict[str, object], version: str) -> Iterator[Reason]:
    """What in a Pipfile ends Pipenv with an error, whatever is in the lock."""
    yield from _source_refusals(pipfile.get("source", []))
    for category in ("packages", "dev-packages", *_categories(pipfile)):
        yield from _package_refusals(category, pipfile.get(category, {}))
    yield from _requires_refusals(pipfile.get("requires", {}))
    yield from _settings_refusals(pipfile, version)
    hashed = {name: value for name, value in pipfile.items() if name not in ("scripts", "pipfile", "pipenv")}
    if keys := _not_in_json(hashed):
        message = f"{'.'.join(map(str, keys))} is a value that Pipenv cannot put into its hash"
        yield Reason(message, PIPFILE, keys)


def _source_refusals(sources: object) -> Iterator[Reason]:
    if not isinstance(sources, list):
        if sources or not isinstance(sources, dict | str):
            yield Reason("source is not an array of tables: write [[source]]", PIPFILE, ("source",))
        return
    for index, source in enumerate(sources):
        for key, kind, needed in (
            ("name", str, "a string"),
            ("url", str, "a string"),
            ("verify_ssl", bool, "true or false"),
        ):
            if not isinstance(source, dict) or key not in source:
                yield Reason(f"a [[source]] has no {key}", PIPFILE, ("source", index))
            elif not isinstance(source[key], kind):
                yield Reason(f"{key} of a [[source]] is not {needed}", PIPFILE, ("source", index, key))


def _damage(lock: dict[str, object]) -> Iterator[Reason]:
    """What in a lock with the right hash ends Pipenv with an error when it installs."""
    meta = table(lock, "_meta")
    for key in ("requires", "sources"):
        if key not in meta:
            yield Reason(f"Pipfile.lock has no _meta.{key}", PIPFILE_LOCK, ("_meta",))
    for reason in _source_refusals(meta.get("sources", [])):
        message = reason.message.replace("a [[source]]", "a source in Pipfile.lock")
        yield Reason(message, PIPFILE_LOCK, ("_meta", "sources"))
    for name, entry in table(lock, "default").items():
        version = member(entry, "version")
        if isinstance(version, str) and NO_PIN.match(version):
            # Pipenv itself writes so where a marker keeps it from resolving a package.
            message = f"Pipfile.lock has {name} with the version {version}, which is not a pin"
            yield Reason(message, PIPFILE_LOCK, ("default", name, "version"))


def _requires_refusals(requires: object) -> Iterator[Reason]:
    if not isinstance(requires, dict):
        yield Reason("requires is not a table", PIPFILE, ("requires",))
    for key in ("python_version", "python_full_version"):
        if not isinstance(member(requires, key), str | None):
            yield Reason(f"[requires] {key} is not a string: write it in quotes", PIPFILE, ("requires", key))


def _settings_refusals(pipfile: dict[str, object], version: str) -> Iterator[Reason]:
    for name, script in table(pipfile, "scripts").items():
        if not script or not isinstance(script, str | list | dict):
            yield Reason(f"[scripts] {name} is not a command", PIPFILE, ("scripts", name))
    prereleases = member(pipfile, "pipenv", "allow_prereleases")
    if not isinstance(prereleases, bool | None):
        message = "[pipenv] allow_prereleases is neither true nor false"
        yield Reason(message, PIPFILE, ("pipenv", "allow_prereleases"))
    period = member(pipfile, "pipenv", "cool-down-period")
    accepted = period is None or (isinstance(period, str) and re.match(r"\d+d$", period))
    if not accepted and version_key(version) >= COOL_DOWN_PERIOD:
        message = '[pipenv] cool-down-period is not a number of days, such as "30d"'
        yield Reason(message, PIPFILE, ("pipenv", "cool-down-period"))


def _package_refusals(category: str, packages: object) -> Iterator[Reason]:
    if not isinstance(packages, dict):
        yield Reason(f"{category} is not a table", PIPFILE, (category,))
        return
    for name, package in packages.items():
        if isinstance(package, dict):
            for key, kind, needed in (
                ("editable", bool, "true or false"),
                ("version", str, "a string"),
                ("extras", list, "an array"),
            ):
                if key in package and not isinstance(package[key], kind):
                    yield Reason(f"{key} of {name} in [{category}] is not {needed}", PIPFILE, (category, name, key))
        elif isinstance(package, bool) or not isinstance(package, str | int | float):
            message = f"{name} in [{category}] is neither a version nor a table that describes a package"
            yield Reason(message, PIPFILE, (category, name))


def _not_in_json(value: object, *, in_array: bool = False) -> tuple[str | int, ...] | None:
    """The path to the first date, or truth value in an array: neither can Pipenv's TOML library put into JSON."""
    if isinstance(value, datetime.date | datetime.time) or (in_array and isinstance(value, bool)):
        return ()
    inside: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    for key, inner in inside:
        keys = _not_in_json(inner, in_array=isinstance(value, list))
        if keys is not None:
            return (key, *keys)
    return None


def _renamed(pipfile: dict[str, object]) -> Iterator[Reason]:
    """The package names that are not in canonical form."""
    for category in ("packages", "dev-packages", *_categories(pipfile)):
        for name in table(pipfile, category):
            if name != canonical(name):
                yield Reason(f"[{category}] spells {canonical(name)} as {name}", PIPFILE, (category, name))


def _differences(pipfile: dict[str, object], lock: dict[str, object]) -> Iterator[Reason]:
    """Where a Pipfile and a lock of another Pipfile visibly part."""
    for category in ("packages", "dev-packages", *_categories(pipfile)):
        locked = {canonical(name): entry for name, entry in table(lock, GROUPS.get(category, category)).items()}
        for name, package in table(pipfile, category).items():
            keys = (category, name)
            if canonical(name) not in locked:
                yield Reason(f"[{category}] asks for {name}, which is not in Pipfile.lock", PIPFILE, keys)
                continue
            wanted = member(package, "version") if isinstance(package, dict) else package
            version = member(locked[canonical(name)], "version")
            if isinstance(wanted, str) and isinstance(version, str) and _excludes(wanted, version):
                message = f"[{category}] asks for {name} {wanted}, but Pipfile.lock holds {version.lstrip('=')}"
                yield Reason(message, PIPFILE, keys)
    recorded = table(lock, "_meta", "requires")
    for key in ("python_version", "python_full_version"):
        asked, locked_python = member(pipfile, "requires", key), recorded.get(key)
        if asked != locked_python and isinstance(asked, str | None):
            was = f"was made with {locked_python}" if locked_python else "was made without it"
            now = f"[requires] {key} is {asked}" if asked else f"[requires] has no {key}"
            yield Reason(f"{now}, but Pipfile.lock {was}", PIPFILE, ("requires", key))
    if member(lock, "_meta", "sources") != pipfile["source"]:
        yield Reason("[[source]] is not what Pipfile.lock was made with", PIPFILE, ("source",))


def _excludes(specifier: str, pinned: str) -> bool:
    """Whether a version, as ``==1.2``, is certainly outside a version specifier."""
    if specifier.strip() in ("", "*"):
        return False
    from packaging.specifiers import SpecifierSet

    try:
        return not SpecifierSet(specifier).contains(pinned.lstrip("="), prereleases=True)
    except ValueError:
        return False


def required_python(pipfile: object) -> tuple[str, str] | None:
    """The key in ``[requires]`` by which Pipenv checks Python, and its value; None where it checks nothing."""
    for key in ("python_full_version", "python_version"):
        value = member(pipfile, "requires", key)
        if isinstance(value, str) and value:
            return None if value == "*" else (key, value)
    return None


def accepts_python(required: str, python: str, version: str) -> bool:
    """Whether Pipenv deploys with a Python.

    Args:
        required: the value that `required_python` names.
        python: the full version of the interpreter, such as ``3.13.5``.
        version: the version of Pipenv.
    """
    if version_key(version) < CANONICAL_NAMES:
        return required in python
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    actual = Version(python)
    try:
        if OPERATORS.search(required):
            return actual in SpecifierSet(required)
        wanted = Version(required)
    except ValueError:
        return False
    components = required.count(".") + 1
    if components >= 3:
        return actual == wanted
    if components == 1 and version_key(version) >= MAJOR_ONLY:
        return actual.major == wanted.major
    return (actual.major, actual.minor) == (wanted.major, wanted.minor)
