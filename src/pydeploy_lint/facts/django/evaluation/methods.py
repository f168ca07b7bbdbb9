"""The methods of texts, paths and dicts whose results are known."""

from __future__ import annotations

import posixpath

from pydeploy_lint.facts.django.evaluation.scope import Call, PathText
from pydeploy_lint.facts.django.evaluation.values import REST, Value, known

TEXT_METHODS = {"lower", "upper", "strip", "lstrip", "rstrip", "replace", "startswith", "endswith", "title", "casefold"}
SAME_PATH = {"resolve", "absolute", "as_posix", "expanduser"}
EXISTENCE = {"exists", "is_file", "is_dir"}


def call_method(owner: Value, name: str, made: Call) -> Value:
    """The result of a method.

    Args:
        owner: the value whose method it is.
        name: the method.
        made: the call.
    """
    match owner.data:
        case PathText() as path:
            found = _of_path(path, owner, name, made)
        case str() as text:
            found = _of_text(text, owner, name, made)
        case dict():
            found = _of_dict(owner, name, made)
        case _:
            found = None
    return (found or made.unknown).depending(owner.config_vars)


def join(made: Call) -> Value:
    """``os.path.join()``, and what joins paths like it."""
    texts = [argument.text for argument in made.arguments]
    parts = [text for text in texts if text is not None]
    if len(parts) < len(texts) or not parts:
        return made.unknown
    return known(PathText(posixpath.normpath(posixpath.join(*parts))), made.place, made.unknown.config_vars)


def exists(path: Value | None, made: Call) -> Value:
    """Whether there is something at a path."""
    found = made.scope.exists(path.text) if path and path.text else None
    return made.unknown if found is None else known(found, made.place, made.unknown.config_vars)


def _of_path(path: PathText, owner: Value, name: str, made: Call) -> Value | None:
    if name in SAME_PATH:
        return owner
    if name == "joinpath":
        return join(made._replace(arguments=(owner, *made.arguments)))
    return exists(known(path), made) if name in EXISTENCE else None


def _of_text(text: str, owner: Value, name: str, made: Call) -> Value | None:
    arguments = [argument.text for argument in made.arguments if argument.text is not None]
    if len(arguments) < len(made.arguments) or made.keywords:
        return None
    config_vars = made.unknown.config_vars
    if name == "split" and len(arguments) < 2 and arguments != [""]:
        parts = text.split(arguments[0]) if arguments else text.split()
        place = owner.place or made.place
        return known(tuple(known(part, place) for part in parts), place, config_vars)
    if name not in TEXT_METHODS:
        return None
    try:
        return known(getattr(text, name)(*arguments), made.place, config_vars)
    except TypeError:
        return None


def _of_dict(owner: Value, name: str, made: Call) -> Value | None:
    key = made.argument(0)
    if name != "get" or key is None or key.text is None:
        return None
    found = owner.item(key.text)
    if found.is_known:
        return found
    is_complete = isinstance(owner.data, dict) and REST not in owner.data
    return made.argument(1) or known(None, made.place) if is_complete else None
