"""Puts the configurations together that count for an app: a shared one, those that its own one extends, its own one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pydeploy_lint.files.source import FileProblem
from pydeploy_lint.settings.configuration import ConfigurationError, Definitions, File, own_file, read_file
from pydeploy_lint.settings.options import UNDATED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydeploy_lint.files.source import Source
    from pydeploy_lint.files.tree import Tree

MOST_FILES = 8
"""How many configurations may extend each other."""
ADDED_UP = ("severity", "suppress")
"""The settings of which one file does not replace what another one has."""


class Layer(NamedTuple):
    """Settings of one file after the other: what the next one says takes precedence, unless that is forbidden."""

    values: Mapping[str, Any] = {}
    """By their names in `Options`."""
    forbidden: Mapping[str, str] = {}
    """By the name of a setting: the file that forbids it."""
    origins: Mapping[str, tuple[str, ...]] = {}
    """By their names in `Options`: the files in which the values stand."""
    notes: tuple[FileProblem, ...] = ()
    """What does not count."""

    def under(self, file: File, *, shared: bool) -> Layer:
        """These settings with those of a file, which take precedence.

        Args:
            file: the next file.
            shared: whether it is for several apps.
        """
        values = dict(self.values)
        origins = dict(self.origins)
        notes = list(self.notes)
        for field, value in file.values.items():
            name = field.replace("_", "-")
            if name in self.forbidden:
                message = f"{name} does not count here: {self.forbidden[name]} forbids it"
                notes.append(FileProblem(file.key_span(name), message))
                continue
            if field == "severity":
                values[field] = {**values.get(field, {}), **value}
            elif field == "suppress":
                values[field] = (*values.get(field, ()), *(each._replace(shared=shared) for each in value))
            else:
                values[field] = value
            before = origins.get(field, ()) if field in ADDED_UP else ()
            origins[field] = (*before, file.path)
        forbidden = {**dict.fromkeys(file.forbid, file.path), **self.forbidden}
        if UNDATED in forbidden:
            values["undated"] = False
        return Layer(values, forbidden, origins, tuple(notes))


NOTHING = Layer()


def read_shared(source: Source, read: Callable[[str], Source | None], definitions: Definitions) -> Layer:
    """The settings of a configuration for many apps, with those that it extends.

    Args:
        source: the file.
        read: gives the text of another file by its path, or None where there is none.
        definitions: the names of checks and families.

    Raises:
        ConfigurationError: one of the files cannot be used.
    """
    layer = NOTHING
    for file in reversed(_chain(read_file(source, definitions), read, definitions)):
        layer = layer.under(file, shared=True)
    return layer


def read_configuration(tree: Tree, definitions: Definitions, shared: Layer = NOTHING) -> Layer:
    """The settings for an app: those of its own files take precedence over shared ones, unless these forbid it.

    Args:
        tree: the app's files.
        definitions: the names of checks and families, see `pydeploy_lint.settings.options.definitions`.
        shared: what counts for all apps.

    Raises:
        ConfigurationError: a file cannot be read or is no TOML, or a key or a value is wrong.
    """
    own = own_file(tree, definitions)
    if own is None:
        return shared
    own, *extended = _chain(own, lambda path: _of_repository(tree, path), definitions)
    layer = shared
    for file in reversed(extended):
        layer = layer.under(file, shared=True)
    return layer.under(own, shared=False)


def _of_repository(tree: Tree, path: str) -> Source | None:
    return tree.source_above(path) if path.startswith("../") else tree.source(path)


def _chain(file: File, read: Callable[[str], Source | None], definitions: Definitions) -> list[File]:
    """A file, the one that it extends, the one that this extends, and so on."""
    files = [file]
    while (path := files[-1].extend) is not None:
        if path in [each.path for each in files]:
            raise _wrong(files[-1], f"{path} extends this file in turn")
        if len(files) == MOST_FILES:
            raise _wrong(files[-1], f"at most {MOST_FILES} files may extend each other")
        try:
            source = read(path)
        except FileProblem as problem:
            raise ConfigurationError([problem]) from problem
        if source is None:
            raise _wrong(files[-1], f"there is no file {path} in the repository")
        files.append(read_file(source, definitions))
    return files


def _wrong(file: File, why: str) -> ConfigurationError:
    return ConfigurationError([FileProblem(file.key_span("extend"), f"extend: {why}", invalid=True)])
