"""What ``pipenv install --deploy`` installs: the entries of the lock's section ``default`` whose markers hold."""

from collections.abc import Iterator
from functools import partial

from pydeploy_lint.facts.packages.installed.install_set import Declared, Installed, InstallSet, by_marker
from pydeploy_lint.facts.packages.markers import Environment, canonical
from pydeploy_lint.files.formats.documents import Document


def from_pipfile_lock(lock: Document, python: str | None) -> InstallSet:
    """The install set of a Pipfile.lock.

    Args:
        lock: the document; what does not have the form of a lock is ignored.
        python: the full version of Python; None where it is not known.
    """
    environment = Environment(python)
    declared = [*_section(lock, "default", environment), *_section(lock, "develop", environment)]
    return InstallSet(lock.source.path, declared, complete=True, python=python)


def _section(lock: Document, section: str, environment: Environment) -> Iterator[Declared]:
    entries = lock.get(section)
    for name, entry in entries.items() if isinstance(entries, dict) else ():
        fields = entry if isinstance(entry, dict) else {}
        marker, version = fields.get("markers"), fields.get("version")
        installed, why = by_marker(marker if isinstance(marker, str) else None, environment)
        if section == "develop":
            installed, why = Installed.NO, "is installed for development only, by dev-packages"
        yield Declared(
            canonical(name),
            installed,
            why,
            partial(lock.key_span, section, name),
            group="dev-packages" if section == "develop" else None,
            specifier=version if isinstance(version, str) else "",
        )
