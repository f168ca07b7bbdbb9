"""From where a lock has the packages that the build installs, as far as that needs more than a public index."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.packages.installed.install_set import Installed
from pydeploy_lint.facts.packages.markers import canonical
from pydeploy_lint.files.formats.tables import array, member, table, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydeploy_lint.facts.packages.installed.install_set import Declared, InstallSet
    from pydeploy_lint.files.formats.documents import Document
    from pydeploy_lint.finding import Span

VCS_KEYS = ("git", "hg", "svn", "bzr")
"""The keys under which uv and Pipenv name a repository."""
ADDRESS_KEYS = (*VCS_KEYS, "url", "file")
USER = re.compile(r"//[^/@]+@")


class Origin(NamedTuple):
    """An address that the installation needs."""

    subject: str
    """The package that is there, or ``packages`` for an index."""
    url: str
    place: Callable[[], Span]
    is_index: bool = False
    needs_login: bool = False
    """Whether the project says that the index lets nobody in without a password, and the address has none."""


def origins(manager: str, lock: Document, install_set: InstallSet, pyproject: Document | None) -> Iterator[Origin]:
    """The addresses of the packages that are surely installed, and of the indexes that they come from.

    Args:
        manager: ``pipenv``, ``poetry`` or ``uv``.
        lock: its lock file.
        install_set: what is installed from it.
        pyproject: the pyproject.toml, in which uv's indexes are; None where there is none.
    """
    installed = {each.name: each for each in install_set.declared if each.installed is Installed.YES}
    if manager == "pipenv":
        yield from _of_pipenv(lock, installed)
        return
    indexes: dict[str, Callable[[], Span]] = {}
    for entry in tables(lock.get("package")):
        declared = installed.get(canonical(str(entry.get("name"))))
        source = table(entry, "source")
        if declared is None or not source or declared.specifier not in ("", f"=={entry.get('version')}"):
            continue
        address = _address(source, poetry=manager == "poetry")
        if address:
            yield Origin(declared.name, address, declared.place)
        index = source.get("registry") or (source.get("url") if source.get("type") == "legacy" else None)
        if isinstance(index, str):
            indexes.setdefault(index, declared.place)
    closed = _closed_indexes(pyproject) if manager == "uv" else set()
    for url, place in indexes.items():
        yield Origin("packages", url, place, is_index=True, needs_login=url.rstrip("/") in closed)


def _address(source: dict[str, object], *, poetry: bool) -> str | None:
    if poetry:
        found = source.get("url") if source.get("type") in ("git", "url") else None
    else:
        found = next((source[key] for key in ADDRESS_KEYS if key in source), None)
    return found if isinstance(found, str) else None


def _closed_indexes(pyproject: Document | None) -> set[str]:
    """The indexes that uv is told to enter with a password only, and whose addresses have none."""
    found = pyproject.get("tool", "uv", "index") if pyproject else None
    return {
        str(index.get("url")).rstrip("/")
        for index in tables(found)
        if index.get("authenticate") == "always" and not USER.search(str(index.get("url")))
    }


def _of_pipenv(lock: Document, installed: dict[str, Declared]) -> Iterator[Origin]:
    sources = array(lock.get("_meta", "sources"))
    used: set[object] = set()
    for name, entry in table(lock.get("default")).items():
        declared = installed.get(canonical(name))
        if declared is None:
            continue
        address = _address(table(entry), poetry=False)
        if address:
            yield Origin(declared.name, address, declared.place)
        else:
            used.add(member(entry, "index") or member(sources[0] if sources else None, "name"))
    for index, source in enumerate(sources):
        url = member(source, "url")
        if isinstance(url, str) and member(source, "name") in used:

            def place(position: int = index) -> Span:
                return lock.span("_meta", "sources", position, "url")

            yield Origin("packages", url, place, is_index=True)
