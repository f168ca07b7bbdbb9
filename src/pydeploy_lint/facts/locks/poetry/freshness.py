"""``poetry sync`` and ``poetry install``: the content hash of a pyproject.toml, and the locks that Poetry refuses.

Source: ``Locker`` of Poetry 1.8.5, 2.2.1, 2.3.4 and 2.4.1.
"""

from __future__ import annotations

import hashlib
import json
import re

from pydeploy_lint.facts.locks.poetry.differences import differences
from pydeploy_lint.facts.locks.verdict import (
    FRESH,
    LockState,
    Reason,
    Verdict,
    bounded,
    invalid,
    stale,
    version_key,
)
from pydeploy_lint.files.formats.tables import array, member, table

PYPROJECT = "pyproject.toml"
POETRY_LOCK = "poetry.lock"

PROJECT_TABLE = (2,)
"""From here on Poetry reads ``[project]``, and hashes it."""
DEPENDENCY_GROUPS = (2, 3)
"""From here on it hashes ``[dependency-groups]``."""

GROUPS_IN_LOCK = (2, 1)
"""From this version of the format on a lock says in which groups a package is."""
PACKAGE_KEYS = ("name", "version", "optional", "python-versions")
"""What Poetry reads of each package in a lock, whether it installs it or not."""

LEGACY_KEYS = ("dependencies", "source", "extras", "dev-dependencies")
PROJECT_KEYS = ("requires-python", "dependencies", "optional-dependencies")
MAKER = re.compile(r"Poetry ([^ ]+)")


@bounded
def freshness(pyproject: object, lock: object, first_line: str, version: str) -> Verdict:
    """Whether Poetry installs from a lock.

    Args:
        pyproject: the parsed pyproject.toml.
        lock: the parsed poetry.lock.
        first_line: that of poetry.lock, in which Poetry says its version.
        version: the version of Poetry that is to install.
    """
    if refusal := _refusal_of(lock):
        return invalid([refusal])
    stored = member(lock, "metadata", "content-hash")
    try:
        by_one, by_two, by_groups = (
            content_hash(pyproject, version=generation) for generation in ((1,), PROJECT_TABLE, DEPENDENCY_GROUPS)
        )
    except TypeError:
        return invalid(
            [Reason("pyproject.toml holds a date among its dependencies, which Poetry cannot hash", PYPROJECT)]
        )
    installer = version_key(version)
    if installer >= DEPENDENCY_GROUPS:
        accepted = [by_groups, by_two] if _made_before_groups(first_line) else [by_groups]
    else:
        accepted = [by_two if installer >= PROJECT_TABLE else by_one]
    if stored in accepted:
        incomplete = _incomplete_package(table(lock), installer)
        return invalid([incomplete]) if incomplete else FRESH
    makers = {by_groups: "2.3 or later", by_two: "2.0 to 2.2", by_one: "1.x"}
    if stored in makers:
        message = f"poetry.lock was made by Poetry {makers[stored]}, which hashes otherwise than Poetry {version}"
        return Verdict(LockState.OTHER_HASH, (Reason(message, POETRY_LOCK, ("metadata", "content-hash")),))
    reasons = list(differences(table(pyproject), table(lock)))
    return stale(reasons or [Reason("pyproject.toml has changed since poetry.lock was made from it", PYPROJECT)])


def _refusal_of(lock: object) -> Reason | None:
    """What in a lock ends Poetry with an error, whatever is in the pyproject.toml."""
    lock_version = member(lock, "metadata", "lock-version")
    if not isinstance(lock_version, str):
        return Reason("poetry.lock has no metadata.lock-version, so Poetry does not use it", POETRY_LOCK, ("metadata",))
    if not (1,) <= version_key(lock_version) < (3,):
        message = f"poetry.lock is of lock-version {lock_version}, which Poetry does not read"
        return Reason(message, POETRY_LOCK, ("metadata", "lock-version"))
    if not isinstance(member(lock, "metadata", "content-hash"), str):
        return Reason(
            "poetry.lock has no metadata.content-hash, so Poetry takes it for stale", POETRY_LOCK, ("metadata",)
        )
    if not isinstance(member(lock, "package"), list):
        return Reason("poetry.lock has no list of packages", POETRY_LOCK)
    return None


def _incomplete_package(lock: dict[str, object], version: tuple[int, ...]) -> Reason | None:
    """A package in a lock that lacks what Poetry reads of each, as after a bad merge."""
    metadata = table(lock, "metadata")
    with_groups = version >= PROJECT_TABLE and version_key(str(metadata["lock-version"])) >= GROUPS_IN_LOCK
    needed = (*PACKAGE_KEYS, "groups") if with_groups else PACKAGE_KEYS
    for index, package in enumerate(array(lock["package"])):
        missing = [key for key in needed if member(package, key) is None]
        if not missing and member(package, "files") is None and not metadata.keys() & {"files", "hashes"}:
            kind = member(package, "source", "type")
            missing = [] if kind in ("git", "directory", "url") else ["files"]
        if missing:
            name = member(package, "name")
            what = name if isinstance(name, str) else "a [[package]]"
            return Reason(f"{what} in poetry.lock has no {missing[0]}", POETRY_LOCK, ("package", index))
    return None


def _made_before_groups(first_line: str) -> bool:
    """Whether the lock says that it was made by a Poetry older than 2.3."""
    maker = MAKER.search(first_line)
    if not maker:
        return False
    from packaging.version import Version

    try:
        return Version(maker[1]) < Version("2.3.0")
    except ValueError:
        return False


def content_hash(pyproject: object, *, version: tuple[int, ...]) -> str:
    """The SHA-256 that Poetry stores in the lock.

    Args:
        pyproject: the parsed pyproject.toml.
        version: that of Poetry.

    Raises:
        TypeError: a date stands among the hashed values.
    """
    poetry = table(pyproject, "tool", "poetry")
    content: dict[str, object] = {}
    if version >= PROJECT_TABLE:
        project = table(pyproject, "project")
        if present := {key: project[key] for key in PROJECT_KEYS if key in project}:
            content["project"] = present
    if version >= DEPENDENCY_GROUPS and (groups := member(pyproject, "dependency-groups")):
        content["dependency-groups"] = groups
    legacy = {key: poetry[key] for key in (*LEGACY_KEYS, "group") if key in poetry}
    if content:
        content["tool"] = {"poetry": legacy}
    else:
        content = dict.fromkeys(LEGACY_KEYS) | legacy
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
