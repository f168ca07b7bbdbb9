"""Which Python version is asked for, by which file, and what it stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.facts.fact import fact
from pydeploy_lint.facts.python.version_file import VersionFile, read_python_version_file, read_runtime_txt
from pydeploy_lint.files.names import PIPFILE_LOCK, PYTHON_VERSION, RUNTIME_TXT
from pydeploy_lint.files.source import FileProblem
from pydeploy_lint.finding import Span
from pydeploy_lint.heroku.policy import Status, series_of

if TYPE_CHECKING:
    from pydeploy_lint.facts.python.pipfile_lock import LockRequest
    from pydeploy_lint.files.files import Files
    from pydeploy_lint.heroku.policy import Policy

DEFAULT_ORIGIN = "default"
"""The origin of a version that no file asks for, in the first build of an app."""
CACHED_ORIGIN = "cached"
"""The origin of a version that no file asks for, in a later build: the Python of the build before, in its cache."""


class VersionRequest(NamedTuple):
    """The Python version that the build is asked for."""

    version: str
    """``3.13`` or ``3.13.2``."""
    origin: str
    """The file that asks for it, or `DEFAULT_ORIGIN` or `CACHED_ORIGIN`."""

    @property
    def because(self) -> str:
        """Why this version, to follow its number: `` because of .python-version``."""
        if self.origin == DEFAULT_ORIGIN:
            return ", the default for new apps"
        return ", as in the last build" if self.origin == CACHED_ORIGIN else f" because of {self.origin}"

    @property
    def series(self) -> str:
        """Such as ``3.13``."""
        return series_of(self.version)

    @property
    def pinned(self) -> bool:
        """Whether an exact patch is asked for."""
        return self.version.count(".") == 2


class Python:
    """Which Python version an app asks for, and which one it gets."""

    def __init__(self, files: Files, policy: Policy, manager: str | None, last: str | None = None) -> None:
        self._files = files
        self._policy = policy
        self._manager = manager
        self._last = last

    def asking_for(self, version: str) -> Python:
        """The same as if a ``.python-version`` asked for a version."""
        return _Asking(self._files, self._policy, self._manager, VersionRequest(version, PYTHON_VERSION))

    @fact
    def runtime_txt(self) -> VersionFile | None:
        """The ``runtime.txt``, which takes precedence over every other version file."""
        source = self._files.source(RUNTIME_TXT)
        return read_runtime_txt(source, self._policy) if source else None

    @fact
    def misspelled_files(self) -> tuple[str, ...]:
        """Files that were meant to be ``.python-version``, in the order in which the build looks for them."""
        return tuple(name for name in self._policy.rules.misspelled_version_files if self._files.tree.is_file(name))

    @fact
    def python_version_file(self) -> VersionFile | None:
        """The ``.python-version``, whether or not the build gets to look at it; None where the release knows none."""
        source = self._files.source(PYTHON_VERSION) if self._policy.rules.reads_python_version_file else None
        return read_python_version_file(source, self._policy) if source else None

    @fact
    def lock_request(self) -> LockRequest | None:
        """What the Pipfile.lock says of Python, where the build uses Pipenv."""
        source = self._files.source(PIPFILE_LOCK) if self._manager == "pipenv" else None
        if source is None:
            return None
        from pydeploy_lint.facts.python.pipfile_lock import LockRequest, read_lock_request

        request = read_lock_request(source)
        # The build passes over it before it looks at its form.
        other = request.field == "python_version" and request.version not in self._policy.latest_patches
        return LockRequest() if other and self._policy.rules.pipfile_lock_ignores_other_series else request

    @fact
    def origin(self) -> str:
        """The file that decides the Python version; the first that is there, whatever is in it.

        `DEFAULT_ORIGIN` or `CACHED_ORIGIN` where there is none.
        """
        if self.runtime_txt:
            return RUNTIME_TXT
        if self.misspelled_files:
            return self.misspelled_files[0]
        if self.python_version_file:
            return PYTHON_VERSION
        if self.lock_request and self.lock_request != (None, None, None, None):
            return PIPFILE_LOCK
        return CACHED_ORIGIN if self._last else DEFAULT_ORIGIN

    @property
    def is_asked(self) -> bool:
        """Whether a file asks for a Python version."""
        return self.origin not in (DEFAULT_ORIGIN, CACHED_ORIGIN)

    @fact
    def request(self) -> VersionRequest | None:
        """The Python version that the build is asked for; None where it cannot tell, and stops."""
        origin = self.origin
        if origin == DEFAULT_ORIGIN:
            return VersionRequest(self._policy.default_series, DEFAULT_ORIGIN)
        if origin == CACHED_ORIGIN and self._last:
            keeps_series = self._policy.rules.keeps_series_of_last_build
            return VersionRequest(series_of(self._last) if keeps_series else self._last, CACHED_ORIGIN)
        if origin == PIPFILE_LOCK:
            version = self.lock_request and self.lock_request.version
        else:
            line = self.version_file and self.version_file.accepted
            version = line and line.version
        return VersionRequest(version, origin) if version else None

    @property
    def version_file(self) -> VersionFile | None:
        """The file that decides the Python version, if it is one for just that."""
        return {RUNTIME_TXT: self.runtime_txt, PYTHON_VERSION: self.python_version_file}.get(self.origin)

    @fact
    def request_at(self) -> Span:
        """Where the Python version is asked for; the file that is missing, where nothing asks for one."""
        if self.origin == PIPFILE_LOCK:
            return self._lock_request_at
        line = self.version_file and self.version_file.accepted
        return line.at if line else Span(PYTHON_VERSION)

    @property
    def _lock_request_at(self) -> Span:
        try:
            document = self._files.document(PIPFILE_LOCK)
        except FileProblem as problem:
            return problem.at
        field = self.lock_request and self.lock_request.field
        return document.span("_meta", "requires", field) if document and field else Span(PIPFILE_LOCK)

    @fact
    def version(self) -> str | None:
        """The exact version that the build downloads; None where it stops before it knows."""
        if self.request is None or self._policy.status(self.request.series) in (Status.END_OF_LIFE, Status.UNKNOWN):
            return None
        return self.request.version if self.request.pinned else self._policy.latest_patches.get(self.request.series)


class _Asking(Python):
    """A version that no file asks for yet."""

    def __init__(self, files: Files, policy: Policy, manager: str | None, request: VersionRequest) -> None:
        super().__init__(files, policy, manager)
        self.__dict__.update(origin=request.origin, request=request, request_at=Span(request.origin))
