"""The functions whose results are known: reading the environment, paths, conversions and texts."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from pydeploy_lint.facts.django.evaluation.helpers import call_helper
from pydeploy_lint.facts.django.evaluation.methods import call_method, exists, join
from pydeploy_lint.facts.django.evaluation.readers import convert, database_config, database_of, make_reader, read_with
from pydeploy_lint.facts.django.evaluation.scope import Bound, Call, Function, PathText, Reader, Reference
from pydeploy_lint.facts.django.evaluation.values import Value, known

SAME_PATH = {"abspath", "realpath", "normpath", "expanduser", "fspath"}
EXISTENCE = {"exists", "isfile", "isdir"}


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
    return made.unknown.depending(function.config_vars)


def _getenv(made: Call) -> Value:
    name = made.argument(0, "key")
    if name is None or name.text is None:
        return made.unknown
    return made.scope.read(name.text, made.place, made.argument(1, "default"))


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
    return known(PathText(posixpath.dirname(path.text)), made.place, path.config_vars)


def _exists(made: Call) -> Value:
    return exists(made.argument(0), made)


def _convert(made: Call) -> Value:
    """``bool()``, ``int()``, ``list()`` and the like; text is not read as the libraries for settings read it."""
    value = made.argument(0)
    return made.unknown if value is None else value


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
    return made.unknown if made.arguments or made.keywords else known(Reference("decouple.Csv()"), made.place)


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
    **dict.fromkeys(("builtins.list", "builtins.tuple"), _convert),
    "builtins.str": _convert,
    "django.utils.translation.gettext_lazy": _convert,
    "platform.system": lambda made: known("Linux", made.place),
}
"""By the full name."""
