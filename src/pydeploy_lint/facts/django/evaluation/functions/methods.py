"""The methods of texts, paths and dicts whose results are known."""

from __future__ import annotations

import posixpath

from pydeploy_lint.facts.django.evaluation.scope import Call, PathText
from pydeploy_lint.facts.django.evaluation.values import REST, Value, in_each_way, known

TEXT_METHODS = {
    "casefold", "endswith", "lower", "lstrip", "removeprefix", "removesuffix", "replace", "rstrip", "startswith",
    "strip", "title", "upper",
}  # fmt: skip
SAME_PATH = {"resolve", "absolute", "as_posix", "expanduser"}
EXISTENCE = {"exists", "is_file", "is_dir"}


def call_method(owner: Value, name: str, made: Call) -> Value:
    """The result of a method.

    Args:
        owner: the value whose method it is.
        name: the method.
        made: the call.
    """
    if owner.ways:
        return in_each_way(owner, lambda way: call_method(way, name, made))
    match owner.data:
        case PathText() as path:
            found = _of_path(path, owner, name, made)
        case str() as text:
            found = _of_text(text, owner, name, made)
        case dict():
            found = _of_dict(owner, name, made)
        case _:
            found = owner if name == "copy" and owner.elements is not None else None
    return (found or made.unknown).depending(owner.rests_on if found is None else owner.config_vars)


def join(made: Call) -> Value:
    """``os.path.join()``, and what joins paths like it."""
    texts = [argument.text for argument in made.arguments]
    parts = [text for text in texts if text is not None]
    if len(parts) < len(texts) or not parts:
        return made.unknown
    return known(PathText(posixpath.normpath(posixpath.join(*parts))), made.place, made.rests_on)


def exists(path: Value | None, made: Call) -> Value:
    """Whether there is something at a path."""
    found = made.scope.exists(path.text) if path and path.text else None
    return made.unknown if found is None else known(found, made.place, made.rests_on)


def _of_path(path: PathText, owner: Value, name: str, made: Call) -> Value | None:
    if name in SAME_PATH:
        return owner
    if name == "joinpath":
        return join(made._replace(arguments=(owner, *made.arguments)))
    return exists(known(path), made) if name in EXISTENCE else None


def _of_text(text: str, owner: Value, name: str, made: Call) -> Value | None:
    config_vars = made.rests_on
    if name == "join" and len(made.arguments) == 1:
        return _joined(text, made.arguments[0], made)
    given = (*made.arguments, *(made.keywords[each] for each in ("sep", "maxsplit") if each in made.keywords))
    arguments = [each.data for each in given if each.is_known and isinstance(each.data, (str, int))]
    if len(arguments) < len(made.arguments) + len(made.keywords):
        return None
    try:
        if name in ("split", "rsplit", "splitlines"):
            place = owner.place or made.place
            parts = getattr(text, name)(*arguments)
            return known(tuple(known(part, place) for part in parts), place, config_vars)
        return known(getattr(text, name)(*arguments), made.place, config_vars) if name in TEXT_METHODS else None
    except (TypeError, ValueError):
        return None


def _joined(text: str, parts: Value, made: Call) -> Value | None:
    texts = [each.text for each in parts.elements or ()]
    if parts.elements is None or None in texts:
        return None
    return known(text.join(filter(None, texts)), made.place, parts.rests_on)


def _of_dict(owner: Value, name: str, made: Call) -> Value | None:
    key = made.argument(0)
    if name != "get" or key is None or key.text is None:
        return None
    found = owner.item(key.text)
    if found.is_known:
        return found
    is_complete = isinstance(owner.data, dict) and REST not in owner.data
    return made.argument(1) or known(None, made.place) if is_complete else None
