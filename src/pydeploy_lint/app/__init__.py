"""The facts of an app: what its files say, each read once, when it is first asked for, with its place in the file.

Facts are seen through a policy, because releases of the buildpack differ in which files they look at; they know
nothing of severity. A fact that cannot be had raises `FileProblem`, which leaves undecided what depends on it.

They lie in layers, each of which may ask those below it: files, platform, package manager, Python version,
installation, and here what remains.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.app.files import APP_JSON, MANAGE_PY, PIPFILE_LOCK, PROCFILE, PYTHON_VERSION, RUNTIME_TXT, fact
from pydeploy_lint.app.installation import InstallationFacts
from pydeploy_lint.app.version import DEFAULT, VersionRequest
from pydeploy_lint.heroku.policy import Policy
from pydeploy_lint.suppress import Outcome

if TYPE_CHECKING:
    from pydeploy_lint.buildpacks.declaration import BuildpackList
    from pydeploy_lint.django.project import Django
    from pydeploy_lint.fit.imports import Import
    from pydeploy_lint.options import Options
    from pydeploy_lint.processes import Processes
    from pydeploy_lint.tree import Tree, Withheld

__all__ = [
    "APP_JSON",
    "DEFAULT",
    "MANAGE_PY",
    "PIPFILE_LOCK",
    "PROCFILE",
    "PYTHON_VERSION",
    "RUNTIME_TXT",
    "App",
    "VersionRequest",
]


class App(InstallationFacts):
    """An app as one release of the buildpack would see it."""

    def __init__(self, tree: Tree, policy: Policy, options: Options) -> None:
        super().__init__(tree, policy, options)
        self.outcome = Outcome()
        """What became of the findings; known when the checks have run."""

    @classmethod
    def open(cls, tree: Tree, options: Options) -> App:
        """An app as the options want it judged.

        Where they name no stack, it is that of ``app.json``; where they name no release, the one the app is pinned to.

        Raises:
            UnknownRelease: there is no such release of the buildpack.
        """
        policy = Policy(options.as_of, release=options.buildpack, stack=options.stack)
        app = cls(tree, policy, options)
        declared = None if options.stack else app.declared_stack
        app = app.under(policy.with_stack(declared)) if declared else app
        return app.under(app.policy.with_release(app.pinned_release)) if app.pinned_release else app

    def under(self, policy: Policy) -> App:
        """The same app under other rules; what was read is not read again."""
        app = App(self.tree, policy, self.options)
        app.problems, app._documents = self.problems, self._documents
        return app

    @fact
    def buildpack_lists(self) -> list[BuildpackList]:
        """What is said about the app's buildpacks, in the printed output of ``heroku buildpacks`` and in its files."""
        from pydeploy_lint.buildpacks.places import find_lists

        return find_lists(self, self.options.buildpacks)

    @fact
    def pinned_release(self) -> str | None:
        """The release of the buildpack that the app asks for; None where it is unknown, or an option names another."""
        from pydeploy_lint.buildpacks.pin import pinned_release

        release = None if self.options.buildpack else pinned_release(self.buildpack_lists, self.policy.as_of)
        return release if release and self.policy.knows_release(release) else None

    @fact
    def unpinned(self) -> App:
        """The app as Heroku's current release would see it; itself, unless it is judged by the one it is pinned to."""
        if self.options.buildpack or not self.policy.pinned:
            return self
        return self.under(self.policy.with_release(None))

    @fact
    def file_makers(self) -> tuple[str, ...]:
        """The hook and the buildpacks that may create or delete files before the build looks for them."""
        from pydeploy_lint.app.build_environment import file_makers

        return tuple(file_makers(self))

    @property
    def made_by(self) -> str:
        """The end of a sentence about a missing file, where a hook or a buildpack may make it; else empty."""
        return f", unless {self.file_makers[0]} makes one" if self.file_makers else ""

    @fact
    def withheld(self) -> dict[str, Withheld]:
        """The files that are there and do not get to Heroku, where that makes a difference."""
        names = [MANAGE_PY, PROCFILE, "nltk.txt"]
        if not self.manager_files:
            names += [*self.policy.manager_files.values(), "Pipfile"]
        if self.version_source == DEFAULT:
            names += [PYTHON_VERSION, RUNTIME_TXT]
        absent = [name for name in names if self.tree.kind(name) is None]
        return {name: self.tree.withheld[name] for name in absent if name in self.tree.withheld}

    @fact
    def processes(self) -> Processes:
        """What the Procfile starts; no process type where there is none."""
        from pydeploy_lint.processes import Processes

        return Processes(self)

    @fact
    def django(self) -> Django | None:
        """The Django project and what is known of its settings; None where nothing tells of one."""
        from pydeploy_lint.django import find_django

        return find_django(self)

    @fact
    def startup_imports(self) -> list[Import]:
        """The modules that are imported as soon as the app starts, without the app's own."""
        from pydeploy_lint.fit.imports import startup_imports

        return startup_imports(self)
