"""Whether the build's release step asks for a database: three conditions, each yes, no or unknown.

Source: ``bin/release`` of the classic Python buildpack: ``manage.py`` is a file in the root, and the modules ``django``
and ``psycopg2`` can be imported.
"""

from typing import NamedTuple

from pydeploy_lint.facts.packages.installed.install_set import Answer, Installed, InstallSet
from pydeploy_lint.files.tree import Tree
from pydeploy_lint.heroku.names import POSTGRES_ADDON

MANAGE_PY = "manage.py"
"""The config var in which the add-on gives the database's address."""


class DatabaseProvisioning(NamedTuple):
    """The conditions under which Heroku provisions a database for an app."""

    manage_py: bool
    """Whether manage.py is a file in the root."""
    django: Answer
    psycopg2: Answer

    @property
    def happens(self) -> Installed:
        """Whether all conditions hold."""
        if not self.manage_py or Installed.NO in (self.django.installed, self.psycopg2.installed):
            return Installed.NO
        if Installed.UNKNOWN in (self.django.installed, self.psycopg2.installed):
            return Installed.UNKNOWN
        return Installed.YES

    @property
    def addons(self) -> tuple[str, ...]:
        """What the release step asks for, as far as that is certain."""
        return (POSTGRES_ADDON,) if self.happens is Installed.YES else ()


def database_provisioning(tree: Tree, install_set: InstallSet) -> DatabaseProvisioning:
    """Look at the conditions.

    Args:
        tree: the app.
        install_set: what the build installs.
    """
    return DatabaseProvisioning(
        manage_py=tree.is_file(MANAGE_PY),
        django=install_set.provides_module("django"),
        psycopg2=install_set.provides_module("psycopg2"),
    )
