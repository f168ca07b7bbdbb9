"""Which package manager installs the dependencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.fact import fact
from pydeploy_lint.files.names import PIPFILE, PIPFILE_LOCK
from pydeploy_lint.heroku.rules import Mode

if TYPE_CHECKING:
    from pydeploy_lint.facts.packages.apps_below import AppBelow
    from pydeploy_lint.facts.packages.hints import Hint
    from pydeploy_lint.files.files import Files
    from pydeploy_lint.heroku.policy import Policy


class Managers:
    """Which package manager installs the dependencies, and which file chooses it."""

    def __init__(self, files: Files, policy: Policy) -> None:
        self._files = files
        self._tree = files.tree
        self._policy = policy

    def alone(self, manager: str) -> Managers:
        """The same as if the file of one package manager were the only one; ``manager`` is a key of `files`."""
        managers = Managers(self._files, self._policy)
        managers.__dict__.update(files={manager: self.files[manager]}, lacks_pipfile_lock=False)
        return managers

    @property
    def hints(self) -> list[Hint]:
        """What was perhaps intended to choose the package manager."""
        from pydeploy_lint.facts.packages.hints import hints

        return hints(self._tree, list(self._policy.rules.package_managers.values()))

    @fact
    def apps_below(self) -> list[AppBelow]:
        """The directories that may be apps by themselves, for a root that is none."""
        from pydeploy_lint.facts.packages.apps_below import find_apps_below

        return find_apps_below(self._tree, self._policy.rules.package_managers.values())

    @property
    def imported(self) -> list[str]:
        """The distributions that the app's code imports, for an app that does not say what to install."""
        from pydeploy_lint.facts.packages.imports.imported import imported_distributions

        return imported_distributions(self._files)

    @fact
    def lacks_pipfile_lock(self) -> bool:
        """Whether there is a Pipfile without a Pipfile.lock."""
        return self._tree.is_file(PIPFILE) and not self._tree.is_file(PIPFILE_LOCK)

    @fact
    def files(self) -> dict[str, str]:
        """The file of each package manager that the build finds, in the order in which it looks."""
        rules = self._policy.rules
        found = {manager: file for manager, file in rules.package_managers.items() if self._tree.is_file(file)}
        if self.lacks_pipfile_lock and rules.pipfile_without_lock is not Mode.ERROR:
            return {"pipenv": PIPFILE, **found}
        return found

    @fact
    def setup_py_only(self) -> bool:
        """Whether a ``setup.py`` is the only hint at what to install."""
        return not self.files and not self.lacks_pipfile_lock and self._tree.is_file("setup.py")

    @fact
    def chosen(self) -> str | None:
        """The package manager that the build uses; None where it finds none or several, and stops."""
        if self.lacks_pipfile_lock and self._policy.rules.pipfile_without_lock is Mode.ERROR:
            return None
        if len(self.files) > 1 and self._policy.rules.multiple_package_managers is Mode.ERROR:
            return None
        if self.setup_py_only and self._policy.rules.setup_py_only is not Mode.ERROR:
            return "pip"
        return next(iter(self.files), None)

    @property
    def chosen_file(self) -> str | None:
        """The file from which the chosen package manager installs; None where there is none."""
        return self.files.get(self.chosen or "")

    @property
    def install_command(self) -> str | None:
        """The command with which the build installs the dependencies; None where it does not get there."""
        manager = self.chosen
        if manager is None:
            return None
        fallback = self.setup_py_only if manager == "pip" else manager == "pipenv" and self.lacks_pipfile_lock
        return self._policy.rules.install_command(manager, fallback=fallback)
