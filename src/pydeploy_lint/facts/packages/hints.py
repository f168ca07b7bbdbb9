"""What was perhaps meant to tell the package manager, where nothing tells it."""

from __future__ import annotations

from typing import NamedTuple

from pydeploy_lint.files.tree import Tree

REQUIREMENTS = "requirements.txt"


class Hint(NamedTuple):
    """Something that looks like the missing file."""

    why: str
    """A sentence without its full stop."""
    command: str | None = None
    """The command that mends it, where there is one."""
    rename: tuple[str, str] | None = None
    """The name, and the one that was perhaps meant, where a file has nearly the right one."""


def hints(tree: Tree, wanted: list[str]) -> list[Hint]:
    """Look in the root directory, and one level down, for what was perhaps meant.

    Args:
        tree: the app.
        wanted: the files that would tell the package manager.
    """
    names = tree.names()
    found = [*_misspelled(names, wanted), *_further_down(tree, names, wanted), *_without_lock(tree)]
    return found or [Hint("An app without dependencies needs an empty requirements.txt", f"touch {REQUIREMENTS}")]


def _misspelled(names: list[str], wanted: list[str]) -> list[Hint]:
    import difflib

    by_lower = {name.lower(): name for name in wanted}
    found = []
    for name in names:
        near = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.85)
        if near and name not in wanted:
            right = by_lower[near[0]]
            found.append(Hint(f"{name!r} is perhaps meant to be {right}", f"git mv '{name}' {right}", (name, right)))
    return found


def _further_down(tree: Tree, names: list[str], wanted: list[str]) -> list[Hint]:
    paths = [f"{name}/{file}" for name in names if not name.startswith(".") for file in wanted]
    return [
        Hint(f"{path} is one directory down, where Heroku does not look; push that directory, or move the file up")
        for path in paths
        if tree.is_file(path)
    ][:5]


def _without_lock(tree: Tree) -> list[Hint]:
    known = {
        "pdm.lock": Hint("Heroku does not know PDM; export what it locked", f"pdm export -o {REQUIREMENTS}"),
        "environment.yml": Hint("Heroku does not know Conda; list what the app needs from PyPI in requirements.txt"),
        "setup.cfg": Hint("To install the project itself", f"echo '--editable .' > {REQUIREMENTS}"),
        "pyproject.toml": Hint(
            "A pyproject.toml alone is not installed; lock it with the tool that the project uses, such as", "uv lock"
        ),
    }
    return [hint for file, hint in known.items() if tree.is_file(file)]
