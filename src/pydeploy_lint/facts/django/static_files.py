"""Which static files Django's collectstatic would copy, and what they refer to that is not among them.

Source: ``django.contrib.staticfiles``, ``finders.py`` and ``storage.py``, of Django 2.2 to 6.0, and ``storage.py`` of
WhiteNoise 6; collectstatic was run with Django 2.1, 2.2, 3.1, 3.2, 4.1, 4.2 and 5.2 on 2026-11-25.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urldefrag, urlsplit

from pydeploy_lint.facts.code.modules.own_modules import find_own

if TYPE_CHECKING:
    from pydeploy_lint.facts.django.evaluation.values import Value
    from pydeploy_lint.facts.django.project import Django
    from pydeploy_lint.files.files import Files
    from pydeploy_lint.files.source import Source
    from pydeploy_lint.files.tree import Tree
    from pydeploy_lint.finding import Span

HOME = "/app"
MAX_FILES = 3_000
MAX_DEPTH = 12
MAX_READ = 300
MAX_SIZE = 1_000_000
"""Characters of a file that is searched."""
FINDERS = (
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
)
WITH_STATIC = {"django.contrib.admin": "admin", "django.contrib.gis": "gis"}
"""Django's own applications that have static files, and the directory of these."""
CONTRIB = "django.contrib."
WITHOUT_STATIC = frozenset({"corsheaders", "channels", "daphne", "django_celery_beat", "storages", "whitenoise"})
"""Applications of others, by their first part, that have no static files."""
DJANGO_MANIFEST = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
WHITENOISE_MANIFEST = "whitenoise.storage.CompressedManifestStaticFilesStorage"
MANIFEST_STORAGES = (DJANGO_MANIFEST, WHITENOISE_MANIFEST)
"""The storages that replace each reference in a stylesheet by the hashed name of the file."""
URL = re.compile(r"url\(", re.IGNORECASE)
IMPORT = re.compile(r"""@import\s*["']\s*(?P<url>(?:[^'"\s][^'"\n]*)?)["']""", re.IGNORECASE)
SOURCE_MAP = {
    ".css": re.compile(r"^/\*#[ \t]sourceMappingURL=(?P<url>(?:[^\n]*[^ \t\n])?)[ \t]*\*/$", re.MULTILINE),
    ".js": re.compile(r"^//# sourceMappingURL=(?P<url>[^\n]*)$", re.MULTILINE),
}
SOURCE_MAPS_SINCE = (4, 0)
"""The version of Django that first follows references to source maps. Source: release notes of Django 4.0."""
ELSEWHERE = re.compile(r"^[A-Za-z]+:|^//")
MAX_WRITTEN = 1_000
"""Characters of an address that is looked at."""


class StaticDirectory(NamedTuple):
    """A directory of ``STATICFILES_DIRS``."""

    path: str | None
    """Relative to the app's root; None for one outside of it."""
    prefix: str
    at: Span | None


class Collected(NamedTuple):
    """What collectstatic would copy."""

    files: dict[str, str]
    """The paths in the app, by name below ``STATIC_URL``."""
    is_complete: bool
    """Whether no package brings static files of its own."""
    foreign: frozenset[str]
    """The directories that Django's own applications bring."""


class Reference(NamedTuple):
    """What a static file refers to, and is not among those that are collected."""

    name: str
    """Of the missing file, below ``STATIC_URL``."""
    written: str
    at: Span
    is_css: bool
    is_outside: bool
    """Whether it leads out of the directory of the static files, which Django forbids."""
    is_certain: bool


def static_directories(django: Django) -> list[StaticDirectory] | None:
    """The directories in ``STATICFILES_DIRS``; None where they are unknown."""
    setting = django.setting("STATICFILES_DIRS")
    if setting.is_absent and setting.is_certain:
        return []
    if setting.elements is None or not setting.is_certain:
        return None
    found = [_directory(each) for each in setting.elements]
    return [each for each in found if each] if all(found) else None


def _directory(value: Value) -> StaticDirectory | None:
    prefix, path = "", value.text
    if value.elements is not None and len(value.elements) == 2:
        prefix, path = value.elements[0].text or "", value.elements[1].text
    if path is None or not value.is_certain:
        return None
    return StaticDirectory(relative_to_app(path), prefix, value.at)


def relative_to_app(path: str) -> str | None:
    """A path on Heroku as one relative to the app's root; None for one outside of the app."""
    normal = posixpath.normpath(posixpath.join(HOME, path))
    if normal == HOME:
        return ""
    return normal.removeprefix(f"{HOME}/") if normal.startswith(f"{HOME}/") else None


def collected(files: Files, django: Django) -> Collected | None:
    """What collectstatic would copy; None where that is unknown."""
    finders, apps = django.setting("STATICFILES_FINDERS"), django.setting("INSTALLED_APPS")
    directories = static_directories(django)
    has_finders = finders.is_certain and (finders.is_absent or _texts(finders) <= set(FINDERS))
    if directories is None or not has_finders or not apps.is_certain or apps.elements is None:
        return None
    found: dict[str, str] = {}
    is_complete, foreign = True, set[str]()
    for each in directories:
        if each.path is None:
            return None
        _add(files.tree, found, each.path, each.prefix)
    for value in apps.elements:
        if value.text is None or not value.is_certain:
            return None
        name = value.text.partition(".apps.")[0]
        own = find_own(files.tree, name, (django.directory, ""))
        if own.files and not own.lacks:
            _add(files.tree, found, posixpath.join(posixpath.dirname(own.files[-1]), "static"), "")
        elif name.startswith(CONTRIB):
            foreign |= {WITH_STATIC[name]} if name in WITH_STATIC else set()
        elif name.partition(".")[0] not in WITHOUT_STATIC:
            is_complete = False
    return Collected(found, is_complete, frozenset(foreign)) if len(found) < MAX_FILES else None


def _texts(value: Value) -> set[str]:
    return {each.text or "" for each in value.elements or ()}


def _add(tree: Tree, found: dict[str, str], directory: str, prefix: str) -> None:
    waiting = [(directory, prefix, 0)]
    while waiting and len(found) < MAX_FILES:
        path, name, depth = waiting.pop()
        for each in tree.names(path):
            inner, inner_name = posixpath.join(path, each), posixpath.join(name, each)
            if tree.is_file(inner):
                found.setdefault(inner_name, inner)
            elif depth < MAX_DEPTH and tree.is_directory(inner):
                waiting.append((inner, inner_name, depth + 1))


def missing_references(
    files: Files, django: Django, everything: Collected, version: tuple[int, ...] | None
) -> Iterator[Reference]:
    """What stylesheets and scripts refer to that collectstatic does not find.

    Args:
        files: the app's files.
        django: the project.
        everything: what is collected.
        version: the least version of Django that is installed; None where it is unknown.
    """
    address = django.setting("STATIC_URL").text or ""
    address = address if address.startswith("/") or "://" in address else f"/{address}"
    names = set(everything.files)
    directories = {parent for name in names for parent in _parents(name)}
    with_maps = version is not None and version >= SOURCE_MAPS_SINCE
    paths = [
        (name, path)
        for name, path in everything.files.items()
        if name.endswith((".css", ".js") if with_maps else ".css")
    ]
    for name, path in paths[:MAX_READ]:
        source = files.readable_source(path)
        if source is None or len(source.data) > MAX_SIZE or source.undecodable is not None:
            continue
        for written, start, end in _references(source, name, with_maps):
            target = _target(written, name, address)
            if target is None or target in names or target in directories:
                continue
            first = target.partition("/")[0]
            if first in everything.foreign:
                continue
            is_certain = everything.is_complete and bool(everything.files)
            at, is_outside = source.span(start, end), target.startswith("../")
            yield Reference(target, written, at, name.endswith(".css"), is_outside, is_certain or is_outside)


def _references(source: Source, name: str, with_maps: bool) -> Iterator[tuple[str, int, int]]:
    text = source.text
    if name.endswith(".css"):
        yield from _urls(text)
        yield from ((match["url"], match.start(), match.end()) for match in IMPORT.finditer(text))
    if with_maps and "sourceMappingURL" in text:
        for match in SOURCE_MAP[name[name.rindex(".") :]].finditer(text):
            yield match["url"], match.start(), match.end()


def _urls(text: str) -> Iterator[tuple[str, int, int]]:
    """What ``url(...)`` names, up to the first bracket, as Django reads it before version 6.0, quotes or not.

    What is in quotes and has brackets, such as SVG, is left out: newer versions read it up to the last quote.
    """
    done, close = 0, -1
    for match in URL.finditer(text):
        start = match.end()
        if start <= done:
            continue
        if close < start:
            close = text.find(")", start)
        if close < 0:
            return
        quote = text[start] if text[start] in "'\"" else ""
        written = text[start + len(quote) : min(close, start + MAX_WRITTEN)].lstrip()
        if "\n" in written or close - start > MAX_WRITTEN:
            done = close if ELSEWHERE.search(written) else done
            continue
        done = close
        if quote and not written.endswith(quote):
            done = max(done, text.find(f"{quote})", close, close + MAX_WRITTEN * 10))
        else:
            yield (written[:-1] if written.endswith(("'", '"')) else written), match.start(), close + 1


def _target(written: str, name: str, address: str) -> str | None:
    """The name of a file that a reference means; None where Django does not follow it."""
    if ELSEWHERE.search(written) or (written.startswith("/") and not written.startswith(address)):
        return None
    path = urldefrag(written)[0]
    if not path:
        return None
    joined = path[len(address) :] if path.startswith("/") else posixpath.join(posixpath.dirname(name), path)
    try:
        clean = urlsplit(unquote(joined)).path.strip()
    except ValueError:
        return None
    if not clean or clean.endswith("/"):
        return None
    return posixpath.normpath(clean)


def _parents(name: str) -> Iterator[str]:
    while name := posixpath.dirname(name):
        yield name
