"""One identity for every spelling of a buildpack: registry name, URN, Git URL, tarball, Dokku's shorthand."""

from __future__ import annotations

import datetime
import enum
import re
from typing import NamedTuple

from pydeploy_lint.facts.buildpacks.known import FORKS, NO_PYTHON, READS_A_LIST
from pydeploy_lint.files.credentials import masked
from pydeploy_lint.files.numbers import whole_number

GITHUB = "github.com"
PREFIX = "heroku-buildpack-"

_WORD = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_REGISTRY_NAME = re.compile(
    rf"(?:urn:(?:buildpack|cnb:registry|cnb:builder):)?(?P<owner>{_WORD})/(?P<name>{_WORD})"
    r"(?:@(?P<version>[^\s@#]+))?(?:#(?P<ref>\S*))?"
)
_URL = re.compile(
    r"(?=\S*\Z)(?:git\+)?(?:(?P<scheme>[A-Za-z][A-Za-z0-9.-]*)://)?(?:(?P<user>[^/?#\s]*)@)?(?P<host>[^/:?#@\s]+)(?::[0-9]+)?"
    r"(?:/|(?<=[^/]):)(?P<path>[^?#\s]*)(?:\?(?P<query>[^#\s]*))?(?:#(?P<ref>\S*))?"
)
_BUCKET = re.compile(r"(?P<bucket>buildpack-registry|codon-buildpacks)\.s3[a-z0-9.-]*\.amazonaws\.com")
_BUCKET_PATH = re.compile(rf"buildpacks/(?P<owner>{_WORD})/(?P<name>{_WORD}?)(?:-(?P<ref>v[0-9]+))?\.tgz")
_ARCHIVE_SUFFIX = re.compile(r"\.(?:tar\.gz|tgz|tar\.bz2|tbz|tar|zip)")
_REF_NAMESPACE = re.compile(r"(?:refs/(?:tags|heads)|tags|heads|(?:refs/remotes/)?origin)/")
_RELEASE = re.compile(r"v[0-9]+")
_ARCHIVED = re.compile(r"archive/(?P<release>v[0-9]+)")
_COMMIT = re.compile(r"[0-9a-f]{7,40}")


LAST_ARCHIVED = 265
"""Tags of releases up to this one were renamed to ``archive/vNNN``; later ones are plain."""
TAGS_RENAMED = datetime.date(2025, 2, 19)
"""When they were: heroku-buildpack-python#1752."""
LAST_RENAMED_EARLIER = 207
"""Tags up to this one had been renamed before, on a day that nobody wrote down."""


class Spelling(enum.Enum):
    """The form in which a reference is written."""

    REGISTRY = "registry name"
    GIT = "Git URL"
    ARCHIVE = "archive of a Git ref"
    BUCKET = "archive of the registry"
    OTHER = "other"


class RefKind(enum.Enum):
    """What a reference is pinned to, as far as its spelling tells."""

    NONE = "nothing"
    RELEASE = "release tag"
    ARCHIVED = "archived tag"
    COMMIT = "commit"
    BRANCH = "branch"
    VERSION = "version"
    """A version of a Cloud Native Buildpack, as in ``heroku/python@1.2.3``."""


class BuildpackReference(NamedTuple):
    """A buildpack, however it is spelled; `parse` makes one."""

    text: str
    """As written; may hold credentials, so print `shown` instead."""
    spelling: Spelling
    scheme: str = ""
    """``https``, ``git``, ``ssh``, …; empty for a registry name."""
    host: str = ""
    """In lower case; empty for a registry name."""
    owner: str = ""
    name: str = ""
    """The repository's name, such as ``heroku-buildpack-python``."""
    ref: str = ""
    """Tag, branch, commit or version, without ``refs/tags/`` and the like."""
    ref_kind: RefKind = RefKind.NONE

    @property
    def shown(self) -> str:
        """The text without credentials."""
        return masked(self.text)

    @property
    def identity(self) -> str:
        """The same for every spelling of one buildpack: the registry name where there is one, else the repository.

        Heroku's own repositories ``heroku/heroku-buildpack-NAME`` are in the registry as ``heroku/NAME``.
        """
        owner, name = self.owner.lower(), self.name.lower()
        if not name:
            return self.text
        if name.startswith(PREFIX) and (self.host == GITHUB or self.spelling in (Spelling.REGISTRY, Spelling.BUCKET)):
            # heroku-community is the registry's name for what Heroku keeps up without supporting it.
            owner = "heroku" if owner == "heroku-community" else owner
            return f"{owner}/{name.removeprefix(PREFIX)}"
        return f"{self.host}/{owner}/{name}"

    @property
    def is_registry_name(self) -> bool:
        """Whether it is written as a name of the registry, such as ``heroku/python``."""
        return self.spelling is Spelling.REGISTRY

    @property
    def is_pinned(self) -> bool:
        """Whether it asks for a tag, branch, commit or version."""
        return self.ref_kind is not RefKind.NONE

    @property
    def is_official_python(self) -> bool:
        """Whether this is Heroku's Python buildpack, in any spelling and at any ref."""
        return self.identity == "heroku/python"

    @property
    def is_python_fork(self) -> bool:
        """Whether this is a copy of Heroku's Python buildpack: the same name elsewhere, or a known other name."""
        name = self.name.lower()
        return not self.is_official_python and (name == f"{PREFIX}python" or name in FORKS)

    @property
    def is_python(self) -> bool:
        """Whether this is Heroku's Python buildpack or a copy of it."""
        return self.is_official_python or self.is_python_fork

    @property
    def installs_no_python(self) -> bool:
        """Whether it surely installs no Python: one of Heroku's other ones, or a known one for something else."""
        name = self.name.lower()
        if self.is_python or name in READS_A_LIST:
            return False
        return self.identity.partition("/")[0] == "heroku" or name in NO_PYTHON

    @property
    def is_retired_bucket(self) -> bool:
        """Whether it is in the store that the registry's own one replaced: nobody puts new releases there."""
        return self.spelling is Spelling.BUCKET and self.host.startswith("codon-buildpacks.")

    @property
    def secured(self) -> str:
        """The same buildpack from where Heroku can fetch it safely: its name in the registry, or over HTTPS."""
        if self.spelling is Spelling.BUCKET:
            return f"{self.owner}/{self.name.removeprefix(PREFIX)}"
        return f"https{self.text[len(self.scheme) :]}"

    def has_tag_on(self, date: datetime.date) -> bool:
        """Whether the tag of a release of the Python buildpack is of the form that it had on a date.

        Before the tags were renamed, either form is taken for right where the day of the renaming is not known.
        """
        if self.release is None:
            return False
        number, archived = whole_number(self.release[1:]), self.ref_kind is RefKind.ARCHIVED
        if not 0 < number <= LAST_ARCHIVED:
            return not archived
        if date >= TAGS_RENAMED:
            return archived
        return number <= LAST_RENAMED_EARLIER or not archived

    @property
    def release(self) -> str | None:
        """The release it is pinned to, such as ``v250``, under its old or its new tag."""
        if self.ref_kind is RefKind.RELEASE:
            return self.ref
        return self.ref.removeprefix("archive/") if self.ref_kind is RefKind.ARCHIVED else None


def parse(text: str) -> BuildpackReference:
    """Read a reference to a buildpack; what is none of the known forms becomes one with no name."""
    text = text.strip()
    if match := _REGISTRY_NAME.fullmatch(text):
        return _registry_name(text, match)
    match = _URL.fullmatch(text)
    if match is None or not (match["scheme"] or match["user"] or "." in match["host"].strip(".")):
        return BuildpackReference(text, Spelling.OTHER)
    scheme = (match["scheme"] or ("ssh" if match["user"] else "")).lower()
    host = match["host"].lower().removeprefix("www.")
    segments = [segment for segment in match["path"].split("/") if segment]
    return _bucket(text, scheme, host, segments) or _repository(text, scheme, host, segments, match["ref"] or "")


def _registry_name(text: str, match: re.Match[str]) -> BuildpackReference:
    owner, name = match["owner"], match["name"]
    if not name.lower().startswith(PREFIX):
        name = PREFIX + name
    ref, kind = (match["version"], RefKind.VERSION) if match["version"] else _ref(match["ref"] or "")
    return BuildpackReference(text, Spelling.REGISTRY, "", "", owner, name, ref, kind)


def _bucket(text: str, scheme: str, host: str, segments: list[str]) -> BuildpackReference | None:
    if re.fullmatch(r"s3[a-z0-9.-]*\.amazonaws\.com", host) and segments:
        host, segments = f"{segments[0]}.s3.amazonaws.com", segments[1:]
    match = _BUCKET_PATH.fullmatch("/".join(segments))
    bucket = _BUCKET.fullmatch(host)
    if not match or not bucket:
        return None
    ref, kind = _ref(match["ref"] or "")
    return BuildpackReference(text, Spelling.BUCKET, scheme, host, match["owner"], PREFIX + match["name"], ref, kind)


def _repository(text: str, scheme: str, host: str, segments: list[str], fragment: str) -> BuildpackReference:
    if host == "api.github.com":
        segments = segments[1:]
    if host in ("api.github.com", "codeload.github.com", "ssh.github.com"):
        host = GITHUB
    if host != GITHUB:
        *owners, name = segments or [""]
        ref, kind = _ref(fragment)
        return BuildpackReference(
            text, Spelling.GIT, scheme, host, "/".join(owners), name.removesuffix(".git"), ref, kind
        )
    owner, name, *rest = [*segments, "", ""][: max(2, len(segments))]
    spelling = Spelling.GIT
    if len(rest) > 1:
        if rest[0] != "tree":
            spelling = Spelling.ARCHIVE
        parts = rest[2:-1] if rest[:2] == ["releases", "download"] else rest[1:]
        fragment = _ARCHIVE_SUFFIX.sub("", "/".join(parts)) if rest[0] == "archive" else "/".join(parts)
    ref, kind = _ref(fragment)
    return BuildpackReference(text, spelling, scheme, host, owner, name.removesuffix(".git"), ref, kind)


def _ref(ref: str) -> tuple[str, RefKind]:
    ref = _REF_NAMESPACE.sub("", ref, count=1) if _REF_NAMESPACE.match(ref) else ref
    if not ref:
        return "", RefKind.NONE
    for pattern, kind in ((_RELEASE, RefKind.RELEASE), (_ARCHIVED, RefKind.ARCHIVED), (_COMMIT, RefKind.COMMIT)):
        if pattern.fullmatch(ref):
            return ref, kind
    return ref, RefKind.BRANCH
