"""The functions whose results are known: reading the environment, paths, conversions and texts."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from pydeploy_lint.facts.django.evaluation.containers import gathered
from pydeploy_lint.facts.django.evaluation.functions.helpers import call_helper
from pydeploy_lint.facts.django.evaluation.functions.methods import call_method, exists, join
from pydeploy_lint.facts.django.evaluation.functions.readers import (
    convert,
    database_config,
    database_of,
    make_reader,
    read_with,
)
from pydeploy_lint.facts.django.evaluation.scope import Bound, Call, Function, PathText, Reader, Reference
from pydeploy_lint.facts.django.evaluation.values import Value, in_each_way, known, unknown

SAME_PATH = {"abspath", "realpath", "normpath", "expanduser", "fspath"}
EXISTENCE = {"exists", "isfile", "isdir"}
BOOL = Reference("builtins.bool")


SEQUENCES = (Reference("builtins.list"), Reference("builtins.tuple"))


def call(function: Value, made: Call) -> Value:
    """The result of a call.

    Args:
        function: what is called.
        made: the call.
    """
    match function.data:
        case Reference(name=name) if name in FUNCTIONS:
            return FUNCTIONS[name](made)
        case Reader() as reader:
            return read_with(reader, "", made)
        case Bound(owner=Value(data=Reader() as reader), name=name):
            return read_with(reader, name, made)
        case Bound(owner=owner, name=name):
            return call_method(owner, name, made)
        case Function(node=node):
            return call_helper(node, made) or made.unknown
    return made.unknown.depending(function.rests_on)


def _getenv(made: Call) -> Value:
    name = made.argument(0, "key")
    if name is None or name.text is None:
        return made.unknown
    return made.scope.read(name.text, made.place, made.argument(1, "default"))


def _setdefault(made: Call) -> Value:
    name, value = made.argument(0), made.argument(1)
    if name is None or value is None or name.text is None:
        return made.unknown
    made.scope.set_config_var(name.text, value, is_default=True)
    return made.scope.environment.look_up(name.text)


def _load_file(made: Call) -> Value:
    made.scope.environment.loads_files = True
    return made.unknown


def _make_reader(library: str) -> Callable[[Call], Value]:
    return lambda made: make_reader(library, made.keywords)


def _read(library: str) -> Callable[[Call], Value]:
    reader = Reader(library)
    return lambda made: read_with(reader, "", made)


def _same_path(made: Call) -> Value:
    return join(made) if len(made.arguments) == 1 else made.unknown


def _dirname(made: Call) -> Value:
    path = made.argument(0)
    if path is None or path.text is None:
        return made.unknown
    return known(PathText(posixpath.dirname(path.text)), made.place, path.rests_on)


def _exists(made: Call) -> Value:
    return exists(made.argument(0), made)


def _convert(made: Call) -> Value:
    """``str()`` and the like, which keep texts."""
    value = made.argument(0)
    return made.unknown if value is None else value


def _listed(made: Call) -> Value:
    """``list()``, ``tuple()`` and ``sorted()``."""
    if not made.arguments and not made.keywords:
        return known((), made.place)
    value = made.arguments[0] if made.arguments else made.unknown
    return in_each_way(value, lambda way: _elements(way, made, is_list=True))


def _iterated(made: Call) -> Value:
    """``set()`` and the like."""
    value = made.arguments[0] if made.arguments else known(())
    return in_each_way(value, lambda way: _elements(way, made, is_list=False))


def _elements(value: Value, made: Call, *, is_list: bool) -> Value:
    if value.elements is None:
        return unknown(made.place, (value.rests_on,))
    return gathered(value.elements, value.place or made.place, [value.config_vars], is_list=is_list)


def _filter(made: Call) -> Value:
    """``filter(None, ...)``; which elements another function takes is unknown."""
    takes, value = made.argument(0), made.argument(1)
    if takes is None or value is None or value.elements is None:
        return made.unknown
    takes_true = (takes.is_known and takes.data is None) or takes.data in (BOOL, Reference("builtins.str"))
    if not takes_true:
        return made.unknown
    kept = [
        each if each.truth else unknown(each.place, (each.rests_on,))
        for each in value.elements
        if each.truth is not False
    ]
    decide = [value.config_vars, *(each.rests_on for each in value.elements)]
    return gathered(kept, value.place or made.place, decide, is_list=False)


def _map(made: Call) -> Value:
    """``map(str.strip, ...)`` and the like."""
    function, value = made.argument(0), made.argument(1)
    name = function.data.name if function and isinstance(function.data, Reference) else ""
    if value is None or value.elements is None or not name.startswith("builtins.str"):
        return made.unknown
    method = name.removeprefix("builtins.str").lstrip(".")
    call_each = made._replace(arguments=(), keywords={})
    mapped = [call_method(each, method, call_each) if method else each for each in value.elements]
    return gathered(
        [each.replace(place=value.place) for each in mapped], value.place, [value.config_vars], is_list=False
    )


def _bool(made: Call) -> Value:
    value = made.argument(0)
    if value is None or value.truth is None:
        return made.unknown
    return known(value.truth, made.place, value.config_vars)


def _int(made: Call) -> Value:
    value = made.argument(0)
    if value is None or (value.text is None and not isinstance(value.data, (bool, int))):
        return made.unknown
    if value.text is None:
        return value
    return convert(value, known(Reference("builtins.int")), made.place)


def _strtobool(made: Call) -> Value:
    value = made.argument(0)
    return made.unknown if value is None else convert(value, known(Reference("builtins.bool")), made.place)


def _csv(made: Call) -> Value:
    keeps_text = all(each.data == Reference("builtins.str") for each in made.arguments)
    makes = made.keywords.get("post_process")
    is_plain = keeps_text and not set(made.keywords) - {"post_process"} and (makes is None or makes.data in SEQUENCES)
    return known(Reference("decouple.Csv()"), made.place) if is_plain else made.unknown


def _parse_url(made: Call) -> Value:
    url = made.argument(0, "url")
    return made.unknown if url is None else database_of(url, made.place)


def _dict(made: Call) -> Value:
    if made.arguments:
        return made.unknown
    return known(dict(made.keywords), made.place)


FUNCTIONS: dict[str, Callable[[Call], Value]] = {
    "os.environ.get": _getenv,
    "os.getenv": _getenv,
    "environ.Env.read_env": _load_file,
    "dotenv.load_dotenv": _load_file,
    "dotenv.read_dotenv": _load_file,
    "environ.Env": _make_reader("environ"),
    "environ.FileAwareEnv": _make_reader("environ"),
    "environs.Env": lambda made: known(Reader("environs"), made.place),
    "environs.FileAwareEnv": lambda made: known(Reader("environs"), made.place),
    "environs.env": _read("environs"),
    "decouple.config": _read("decouple"),
    "decouple.AutoConfig": lambda made: known(Reader("decouple"), made.place),
    "decouple.Csv": _csv,
    "dj_database_url.config": database_config,
    "dj_database_url.parse": _parse_url,
    "pathlib.Path": join,
    "pathlib.PurePath": join,
    "path.Path": join,
    "os.path.join": join,
    "os.path.dirname": _dirname,
    **{f"os.path.{name}": _same_path for name in SAME_PATH},
    **{f"os.path.{name}": _exists for name in EXISTENCE},
    "distutils.util.strtobool": _strtobool,
    "setuptools._distutils.util.strtobool": _strtobool,
    "builtins.bool": _bool,
    "builtins.int": _int,
    "builtins.dict": _dict,
    **dict.fromkeys(("builtins.list", "builtins.tuple", "builtins.sorted"), _listed),
    **dict.fromkeys(("builtins.set", "builtins.frozenset", "builtins.reversed"), _iterated),
    "builtins.filter": _filter,
    "builtins.map": _map,
    "os.environ.setdefault": _setdefault,
    "builtins.str": _convert,
    "django.utils.translation.gettext_lazy": _convert,
    "platform.system": lambda made: known("Linux", made.place),
}
"""By the full name."""
