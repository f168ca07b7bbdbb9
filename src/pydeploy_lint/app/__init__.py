"""The facts of an app: what its files say, each read once, when it is first asked for, with its place in the file.

Facts are seen through a policy, because releases of the buildpack differ in which files they look at; they know
nothing of severity. A fact that cannot be had raises `FileProblem`, which leaves undecided what depends on it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pydeploy_lint.app.version_file import VersionFile, read_python_version_file, read_runtime_txt
from pydeploy_lint.finding import Span
from pydeploy_lint.heroku.policy import DEFAULT_STACK, Mode, Policy, Status
from pydeploy_lint.suppress import Outcome
from pydeploy_lint.text import FileProblem, Source
from pydeploy_lint.tree import Tree, Withheld

if TYPE_CHECKING:
    from pydeploy_lint.app.managers import Hint
    from pydeploy_lint.app.pipfile_lock import LockRequest
    from pydeploy_lint.buildpacks.declaration import BuildpackList
    from pydeploy_lint.django import Django
    from pydeploy_lint.documents import Document
    from pydeploy_lint.install.install_set import InstallSet
    from pydeploy_lint.install.provisioning import DatabaseProvisioning
    from pydeploy_lint.install.requirements import Requirements
    from pydeploy_lint.install.requirements.statements import Requirement
    from pydeploy_lint.lock.verdict import Verdict
    from pydeploy_lint.options import Options
    from pydeploy_lint.processes import Processes

PYTHON_VERSION = ".python-version"
RUNTIME_TXT = "runtime.txt"
PIPFILE_LOCK = "Pipfile.lock"
APP_JSON = "app.json"
DEFAULT = "default"


class VersionRequest(NamedTuple):
    """The Python version that the build is asked for."""

    version: str
    """``3.13`` or ``3.13.2``."""
    origin: str
    """The file that asks for it, or `DEFAULT`."""

    @property
    def series(self) -> str:
        """Such as ``3.13``."""
        return ".".join(self.version.split(".")[:2])

    @property
    def pinned(self) -> bool:
        """Whether an exact patch is asked for."""
        return self.version.count(".") == 2


class App:
    """An app as one release of the buildpack would see it."""

    def __init__(self, tree: Tree, policy: Policy, options: Options) -> None:
        self.tree = tree
        self.policy = policy
        self.options = options
        self.problems: list[FileProblem] = []
        self.outcome = Outcome()
        """What became of the findings; known when the checks have run."""
        self._documents: dict[str, Document | None] = {}

    @classmethod
    def open(cls, tree: Tree, options: Options) -> App:
        """An app as the options want it judged.

        Where they name no stack, it is that of ``app.json``; where they name no release, the one the app is pinned to.

        Raises:
            UnknownRelease: there is no such release of the buildpack.
        """
        policy = Policy(options.as_of, release=options.buildpack, stack=options.stack or DEFAULT_STACK)
        app = cls(tree, policy, options)
        declared = None if options.stack else app.declared_stack
        app = app.under(policy.with_stack(declared)) if declared else app
        return app.under(app.policy.with_release(app.pinned_release)) if app.pinned_release else app

    def under(self, policy: Policy) -> App:
        """The same app under other rules; what was read is not read again."""
        app = App(self.tree, policy, self.options)
        app.problems, app._documents = self.problems, self._documents
        return app

    def source(self, path: str) -> Source | None:
        """The text of a file; None where there is no regular file.

        Raises:
            FileProblem: it cannot be read.
        """
        listing = self.options.buildpacks
        if listing and path == listing.path:
            # It may be no file of the app, and is shown like one.
            return listing
        return self.tree.source(path)

    def document(self, path: str) -> Document | None:
        """A file in JSON, by its name, or else in TOML; None where there is no regular file.

        Raises:
            FileProblem: it cannot be read, or is not valid.
        """
        if path not in self._documents:
            from pydeploy_lint.documents import read_json, read_toml

            source = self.source(path)
            read = read_json if path.endswith((".json", PIPFILE_LOCK)) else read_toml
            self._documents[path] = read(source) if source else None
        return self._documents[path]

    def note(self, problem: FileProblem) -> None:
        """Remember what keeps a fact from being had; each once."""
        if not any(known.at == problem.at and known.message == problem.message for known in self.problems):
            self.problems.append(problem)

    # --- The app as a whole

    @cached_property
    def detected(self) -> bool:
        """Whether the build takes this for a Python app."""
        return any(
            self.tree.is_directory(name) if name.endswith("/") else self.tree.exists(name)
            for name in self.policy.detect_names
        )

    @cached_property
    def declared_stack(self) -> str | None:
        """The stack that ``app.json`` names; None where it names none, or cannot be read."""
        try:
            document = self.document(APP_JSON)
        except FileProblem as problem:
            self.note(problem)
            return None
        stack = document and document.get("stack")
        return stack if isinstance(stack, str) else None

    @property
    def stack_at(self) -> Span:
        """Where the stack is named; the app as a whole, where an option names it."""
        document = self.document(APP_JSON) if not self.options.stack and self.declared_stack else None
        return document.span("stack") if document else Span(".")

    def declared_config_var(self, name: str) -> str | None:
        """The value that ``app.json`` gives a config var; None where it gives none, or cannot be read."""
        try:
            document = self.document(APP_JSON)
        except FileProblem as problem:
            self.note(problem)
            return None
        value = document and (document.get("env", name, "value") or document.get("env", name))
        return value if isinstance(value, str) else None

    @property
    def file_names(self) -> tuple[str, ...]:
        """The files that the build, or the platform, looks for in the root."""
        return (
            *self.policy.manager_files.values(),
            "Pipfile",
            PYTHON_VERSION,
            RUNTIME_TXT,
            "manage.py",
            "Procfile",
            APP_JSON,
            "nltk.txt",
        )

    @cached_property
    def withheld(self) -> dict[str, Withheld]:
        """The files that are there and do not get to Heroku, where that makes a difference."""
        names = ["manage.py", "Procfile", "nltk.txt"]
        if not self.manager_files:
            names += [*self.policy.manager_files.values(), "Pipfile"]
        if self.version_source == DEFAULT:
            names += [PYTHON_VERSION, RUNTIME_TXT]
        absent = [name for name in names if self.tree.kind(name) is None]
        return {name: self.tree.withheld[name] for name in absent if name in self.tree.withheld}

    @cached_property
    def virtual_environments(self) -> tuple[str, ...]:
        """The directories that the build takes for a virtual environment."""
        return tuple(name for name in (".venv", "venv") if self.tree.is_file(f"{name}/pyvenv.cfg"))

    @cached_property
    def nearest_manage_py(self) -> str | None:
        """The ``manage.py`` with which the build runs Django's commands."""
        from pydeploy_lint.app.build_environment import nearest_manage_py

        return nearest_manage_py(self.tree)

    @cached_property
    def skips_collectstatic(self) -> str | None:
        """Why the build will not collect Django's static files; None where nothing in the files keeps it from it."""
        from pydeploy_lint.app.build_environment import skips_collectstatic

        return skips_collectstatic(self)

    @property
    def made_by(self) -> str:
        """The end of a sentence about a missing file, where a hook or a buildpack may make it; else empty."""
        return f", unless {self.file_makers[0]} makes one" if self.file_makers else ""

    @cached_property
    def file_makers(self) -> tuple[str, ...]:
        """The hook and the buildpacks that may create or delete files before the build looks for them."""
        from pydeploy_lint.app.build_environment import file_makers

        return tuple(file_makers(self))

    # --- The package manager

    @property
    def package_manager_hints(self) -> list[Hint]:
        """What was perhaps meant to tell the package manager."""
        from pydeploy_lint.app.managers import hints

        return hints(self.tree, list(self.policy.manager_files.values()))

    @cached_property
    def lacks_pipfile_lock(self) -> bool:
        """Whether there is a Pipfile without a Pipfile.lock."""
        return self.tree.is_file("Pipfile") and not self.tree.is_file(PIPFILE_LOCK)

    @cached_property
    def manager_files(self) -> dict[str, str]:
        """The file of each package manager that the build finds, in the order in which it looks."""
        found = {manager: file for manager, file in self.policy.manager_files.items() if self.tree.is_file(file)}
        if self.lacks_pipfile_lock and self.policy.pipfile_without_lock is not Mode.ERROR:
            return {"pipenv": "Pipfile", **found}
        return found

    @cached_property
    def setup_py_only(self) -> bool:
        """Whether a ``setup.py`` is all that could tell what to install."""
        return not self.manager_files and not self.lacks_pipfile_lock and self.tree.is_file("setup.py")

    @cached_property
    def package_manager(self) -> str | None:
        """The package manager that the build uses; None where it cannot tell, and stops."""
        if self.lacks_pipfile_lock and self.policy.pipfile_without_lock is Mode.ERROR:
            return None
        if len(self.manager_files) > 1 and self.policy.multiple_package_managers is Mode.ERROR:
            return None
        if self.setup_py_only and self.policy.setup_py_only is not Mode.ERROR:
            return "pip"
        return next(iter(self.manager_files), None)

    @property
    def install_command(self) -> str | None:
        """The command with which the build installs the dependencies; None where it does not get there."""
        manager = self.package_manager
        if manager is None:
            return None
        fallback = self.setup_py_only if manager == "pip" else manager == "pipenv" and self.lacks_pipfile_lock
        return self.policy.install_command(manager, fallback=fallback)

    # --- The Python version

    @cached_property
    def runtime_txt(self) -> VersionFile | None:
        """The ``runtime.txt``, which goes before every other version file."""
        source = self.source(RUNTIME_TXT)
        return read_runtime_txt(source, self.policy) if source else None

    @cached_property
    def misspelled_version_files(self) -> tuple[str, ...]:
        """Files that were meant to be ``.python-version``, in the order in which the build looks for them."""
        return tuple(name for name in self.policy.misspelled_version_files if self.tree.is_file(name))

    @cached_property
    def python_version_file(self) -> VersionFile | None:
        """The ``.python-version``, whether or not the build gets to look at it; None where the release knows none."""
        source = self.source(PYTHON_VERSION) if self.policy.reads_python_version_file else None
        return read_python_version_file(source, self.policy) if source else None

    @cached_property
    def lock_request(self) -> LockRequest | None:
        """What the Pipfile.lock says of Python, where the build uses Pipenv."""
        source = self.source(PIPFILE_LOCK) if self.package_manager == "pipenv" else None
        if source is None:
            return None
        from pydeploy_lint.app.pipfile_lock import read_lock_request

        return read_lock_request(source)

    @cached_property
    def version_source(self) -> str:
        """The file that decides the Python version, or `DEFAULT`; the first that is there, whatever is in it."""
        if self.runtime_txt:
            return RUNTIME_TXT
        if self.misspelled_version_files:
            return self.misspelled_version_files[0]
        if self.python_version_file:
            return PYTHON_VERSION
        if self.lock_request and self.lock_request != (None, None, None, None):
            return PIPFILE_LOCK
        return DEFAULT

    @cached_property
    def request(self) -> VersionRequest | None:
        """The Python version that the build is asked for; None where it cannot tell, and stops."""
        origin = self.version_source
        if origin == DEFAULT:
            return VersionRequest(self.policy.default_series, DEFAULT)
        if origin == PIPFILE_LOCK:
            version = self.lock_request and self.lock_request.version
        else:
            line = self.version_file and self.version_file.accepted
            version = line and line.version
        return VersionRequest(version, origin) if version else None

    @property
    def version_file(self) -> VersionFile | None:
        """The file that decides the Python version, if it is one for just that."""
        return {RUNTIME_TXT: self.runtime_txt, PYTHON_VERSION: self.python_version_file}.get(self.version_source)

    @cached_property
    def request_at(self) -> Span:
        """Where the Python version is asked for; the file that is missing, where nothing asks for one."""
        if self.version_source == PIPFILE_LOCK:
            return self._lock_request_at
        line = self.version_file and self.version_file.accepted
        return line.at if line else Span(PYTHON_VERSION)

    @property
    def _lock_request_at(self) -> Span:
        try:
            document = self.document(PIPFILE_LOCK)
        except FileProblem as problem:
            return problem.at
        field = self.lock_request and self.lock_request.field
        return document.span("_meta", "requires", field) if document and field else Span(PIPFILE_LOCK)

    @cached_property
    def python_version(self) -> str | None:
        """The exact version that the build downloads; None where it stops before it knows."""
        if self.request is None or self.policy.status(self.request.series) in (Status.END_OF_LIFE, Status.UNKNOWN):
            return None
        return self.request.version if self.request.pinned else self.policy.latest_patches.get(self.request.series)

    # --- The buildpacks

    @cached_property
    def buildpack_lists(self) -> list[BuildpackList]:
        """What is said about the app's buildpacks, in the printed output of ``heroku buildpacks`` and in its files."""
        from pydeploy_lint.buildpacks.places import find_lists

        return find_lists(self, self.options.buildpacks)

    @cached_property
    def pinned_release(self) -> str | None:
        """The release of the buildpack that the app asks for; None where it is unknown, or an option names another."""
        from pydeploy_lint.buildpacks.pin import pinned_release

        release = None if self.options.buildpack else pinned_release(self.buildpack_lists)
        return release if release and self.policy.knows_release(release) else None

    @cached_property
    def unpinned(self) -> App:
        """The app as Heroku's current release would see it; itself, unless it is judged by the one it is pinned to."""
        if self.options.buildpack or not self.policy.pinned:
            return self
        return self.under(self.policy.with_release(None))

    # --- What is installed

    @cached_property
    def requirements(self) -> Requirements | None:
        """The requirements file with all that it includes; None where the build does not install from one."""
        file = self.manager_files.get("pip")
        if self.package_manager != "pip" or file is None:
            return None
        from pydeploy_lint.install.requirements import read_requirements

        return read_requirements(self.tree, file)

    @cached_property
    def certain_requirements(self) -> list[Requirement]:
        """What the requirements file asks for on Heroku for sure; none where the build does not install from one."""
        from pydeploy_lint.install.pip import certain

        return certain(self.requirements.requirements, self.python_version) if self.requirements else []

    @cached_property
    def certain_constraints(self) -> list[Requirement]:
        """The constraints that count on Heroku for sure."""
        from pydeploy_lint.install.pip import certain

        return certain(self.requirements.constraints, self.python_version) if self.requirements else []

    @cached_property
    def install_set(self) -> InstallSet | None:
        """What the build installs; None where it does not get there, or no file tells."""
        file = self.manager_files.get(self.package_manager or "")
        if file is None:
            return None
        if self.requirements:
            from pydeploy_lint.install.pip import from_requirements

            return from_requirements(self.requirements, file, self.python_version)
        lock = self.document(file)
        assert lock is not None
        if self.package_manager == "pipenv":
            from pydeploy_lint.install.pipenv import from_pipfile_lock

            return from_pipfile_lock(lock, self.python_version)
        if self.package_manager == "poetry":
            from pydeploy_lint.install.poetry import from_poetry_lock

            return from_poetry_lock(lock, self.document("pyproject.toml"), self.python_version)
        from pydeploy_lint.install.uv import from_uv_lock

        return from_uv_lock(lock, self.python_version)

    @cached_property
    def lock_verdict(self) -> Verdict | None:
        """Whether the install command accepts the lock; None where the build does not install from one."""
        manager = self.package_manager or ""
        file, version = self.manager_files.get(manager), self.policy.tool_version(manager)
        if manager == "pip" or file is None or version is None or self.lacks_pipfile_lock:
            return None
        from pydeploy_lint.lock.judge import judge

        python = self.python_version
        return judge(manager, file, tree=self.tree, document=self.document, python=python, version=version)

    @cached_property
    def database_provisioning(self) -> DatabaseProvisioning | None:
        """Under which conditions Heroku provisions a database; None where the build does not get there."""
        if self.install_set is None:
            return None
        from pydeploy_lint.install.provisioning import database_provisioning

        return database_provisioning(self.tree, self.install_set)

    # --- What is started

    @cached_property
    def processes(self) -> Processes:
        """What the Procfile starts; no process type where there is none."""
        from pydeploy_lint.processes import Processes

        return Processes(self)

    @cached_property
    def django(self) -> Django | None:
        """The Django project and what is known of its settings; None where nothing tells of one."""
        from pydeploy_lint.django import find_django

        return find_django(self)
