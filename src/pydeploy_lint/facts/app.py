"""An app as one release of the buildpack sees it: the table of contents of all facts.

Each part is a fact: created when it is first asked for, from the files, the rules and the parts above it that it names.
Facts know nothing of severity. One that cannot be had raises `FileProblem`, and what depends on it stays undecided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.build import NLTK_TXT, Build
from pydeploy_lint.facts.declared import Declared, policy_for
from pydeploy_lint.facts.ending import Ending, find_ending
from pydeploy_lint.facts.fact import fact
from pydeploy_lint.facts.packages.managers import Managers
from pydeploy_lint.facts.python.version import Python
from pydeploy_lint.files.files import Files
from pydeploy_lint.files.moved import MovedTree
from pydeploy_lint.files.names import MANAGE_PY, PIPFILE, PROCFILE, PYTHON_VERSION, RUNTIME_TXT

if TYPE_CHECKING:
    from pydeploy_lint.facts.django.project import Django
    from pydeploy_lint.facts.extra import Extra
    from pydeploy_lint.facts.locks.lock import Lock
    from pydeploy_lint.facts.options import AppOptions
    from pydeploy_lint.facts.packages.packages import Packages
    from pydeploy_lint.facts.processes.processes import Processes
    from pydeploy_lint.facts.startup_imports import Import, Startup
    from pydeploy_lint.files.tree import Tree, Withheld
    from pydeploy_lint.heroku.policy import Policy


class App:
    """An app as one release of the buildpack sees it.

    Attributes:
        files: the app's files, as heroku/python sees them: a buildpack before it may have made a subdirectory the root.
        declared: what it declares about the platform.
        policy: the rules that it is judged by.
        options: what the user says about it.
        is_trial: whether another Python is tried out, so that only the number of problems counts, not how to fix them.
    """

    is_trial = False

    def __init__(self, files: Files, declared: Declared, policy: Policy, options: AppOptions) -> None:
        self.files = files
        self.declared = declared
        self.policy = policy
        self.options = options

    @classmethod
    def open(cls, tree: Tree, options: AppOptions) -> App:
        """An app as the options want it judged, by the release that it is pinned to where they name none.

        Raises:
            UnknownRelease: the options name a release that does not exist.
        """
        files = Files(tree, options.buildpacks)
        declared = Declared(files, options)
        return cls(_as_built(files, declared), declared, policy_for(options, declared), options)

    def place(self, path: str) -> str:
        """Where a file that the build sees is in the repository."""
        tree = self.files.tree
        if not isinstance(tree, MovedTree) or path == "." or self.files.is_outside(path):
            return path
        return tree.real(path)

    def under(self, policy: Policy) -> App:
        """The same app under other rules; what does not depend on them is not read or computed again."""
        return App(self.files, self.declared, policy, self.options)

    def with_tree(self, tree: Tree) -> App:
        """The app with other files; under the same rules, unless these files choose another release or stack."""
        then = App.open(tree, self.options)
        before = policy_for(self.options, self.declared)
        is_same = (then.policy.release, then.policy.stack) == (before.release, before.stack)
        return then.under(self.policy) if is_same else then

    def asking_for(self, series: str) -> App:
        """The same app as if its ``.python-version`` asked for a series."""
        app = self.under(self.policy)
        app.is_trial = True
        app.__dict__["python"] = app.python.asking_for(series)
        return app

    def using(self, manager: str) -> App:
        """The same app as if the file of one package manager were the only one."""
        app = self.under(self.policy)
        app.__dict__["managers"] = self.managers.alone(manager)
        return app

    @fact
    def unpinned(self) -> App:
        """The app as Heroku's current release sees it; itself, unless it is judged by the one it is pinned to."""
        if self.options.buildpack or not self.policy.pinned:
            return self
        return self.under(self.policy.with_release(None))

    @property
    def is_new_account(self) -> bool:
        """Whether the account is known to be too young to get a database with the first deploy."""
        created = self.options.account_created
        return created is not None and created >= self.policy.database_for_accounts_before

    @fact
    def build(self) -> Build:
        """What the build looks at beside versions and packages."""
        return Build(self.files, self.declared, self.policy)

    @fact
    def managers(self) -> Managers:
        """Which package manager installs the dependencies."""
        return Managers(self.files, self.policy)

    @fact
    def python(self) -> Python:
        """Which Python version the app asks for, and which one it gets."""
        return Python(self.files, self.policy, self.managers.chosen, self.options.last_python)

    @fact
    def ending(self) -> Ending | None:
        """The first day on which Heroku stops deploying the app as it is; None where no such day is known."""
        return find_ending(self.policy, self.python, self.declared)

    @fact
    def packages(self) -> Packages:
        """Which packages the build installs."""
        from pydeploy_lint.facts.packages.packages import Packages

        return Packages(self.files, self.managers, self.python)

    @fact
    def lock(self) -> Lock:
        """The lock file that the build installs from."""
        from pydeploy_lint.facts.locks.lock import Lock

        return Lock(self.files, self.managers, self.python, self.packages, self.policy, ask_uv=self.options.ask_uv)

    @fact
    def processes(self) -> Processes:
        """What the Procfile starts; no process type where there is none."""
        from pydeploy_lint.facts.processes.processes import Processes

        return self.files.once("processes", lambda: Processes(self.files, self.declared))

    @fact
    def django(self) -> Django | None:
        """The Django project and what is known of its settings; None where nothing points to one."""
        from pydeploy_lint.facts.django.find import find_django

        return find_django(self.files, self.build, self.packages, self.declared, lambda: self.processes)

    @fact
    def startup(self) -> Startup:
        """What is imported when the app is built and started."""
        from pydeploy_lint.facts.startup_imports import startup

        processes, django = self.processes, self.django
        return self.files.once(("startup", django is None), lambda: startup(self.files, processes, django))

    @property
    def startup_members(self) -> list[Import]:
        """What the app surely imports from modules that are none of its own, as `Startup.members` names it."""
        from pydeploy_lint.facts.startup_imports import Phase

        return [each for each in self.startup.members if each.phase is not Phase.PERHAPS_BUILD]

    @property
    def startup_imports(self) -> list[Import]:
        """The modules that are surely imported as soon as the app starts, without the app's own."""
        from pydeploy_lint.facts.startup_imports import Phase

        return [each for each in self.startup.imports if each.phase is not Phase.PERHAPS_BUILD]

    @fact
    def extra(self) -> Extra:
        """The facts that plug-ins add, by name."""
        from pydeploy_lint.facts.extra import Extra

        return Extra(self)

    @fact
    def withheld(self) -> dict[str, Withheld]:
        """The files that are there and do not get to Heroku, where that makes a difference."""
        tree = self.files.tree
        names = [MANAGE_PY, PROCFILE, NLTK_TXT]
        if not self.managers.files:
            names += [*self.policy.rules.package_managers.values(), PIPFILE]
        if not self.python.is_asked:
            names += [PYTHON_VERSION, RUNTIME_TXT]
        absent = [name for name in names if tree.kind(name) is None]
        return {name: tree.withheld[name] for name in absent if name in tree.withheld}


def _as_built(files: Files, declared: Declared) -> Files:
    """The files in the directory in which heroku/python runs."""
    route = declared.route
    if not route.is_moved:
        return files
    return Files(MovedTree(files.tree, route.root, route.procfile), files.listing)
