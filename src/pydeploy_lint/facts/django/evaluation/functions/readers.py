"""The libraries that settings read config vars with, and the databases that URLs stand for.

Sources: django-environ 0.12, environs 14, python-decouple 3.8, dj-database-url 3.0.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydeploy_lint.facts.django.evaluation.scope import Call, Reader, Reference
from pydeploy_lint.facts.django.evaluation.values import REST, Place, State, Value, in_each_way, known, unknown
from pydeploy_lint.heroku.names import DATABASE_URL

RAISES = {"environ": "ImproperlyConfigured", "environs": "EnvError", "decouple": "UndefinedValueError"}
CACHE_METHODS = {"cache", "cache_url"}
DATABASE_METHODS = {"db", "db_url", "dj_db_url"}
URL_VARIABLES = {"cache": "CACHE_URL", "cache_url": "CACHE_URL", "email": "EMAIL_URL", "email_url": "EMAIL_URL"}
WITHOUT_VARIABLE = {"read_env", "read_envfile", "seal", "prefixed", "parser_for", "parse_value"}
ENGINES = {
    "sqlite": "django.db.backends.sqlite3",
    "postgres": "django.db.backends.postgresql",
    "postgresql": "django.db.backends.postgresql",
    "pgsql": "django.db.backends.postgresql",
    "psql": "django.db.backends.postgresql",
    "postgis": "django.contrib.gis.db.backends.postgis",
    "spatialite": "django.contrib.gis.db.backends.spatialite",
    "mysql": "django.db.backends.mysql",
    "mysql2": "django.db.backends.mysql",
    "oracle": "django.db.backends.oracle",
}
"""The database engine by the scheme of a URL."""
REDIS_BACKEND = "django_redis.cache.RedisCache"
KEEPING = {"builtins.bool", "builtins.list", "builtins.str", "builtins.tuple"}
TRUE = frozenset({"1", "true", "t", "yes", "y", "on", "ok"})


def make_reader(library: str, scheme: Mapping[str, Value]) -> Value:
    """What ``environ.Env(DEBUG=(bool, False))`` and the like make."""
    pairs = {name: each.elements for name, each in scheme.items()}
    casts = {name: pair[0] if (pair := pairs[name]) else scheme[name] for name in scheme}
    defaults = {name: pair[1] for name, pair in pairs.items() if pair and len(pair) == 2}
    return known(Reader(library, casts, defaults))


def read_with(reader: Reader, method: str, made: Call) -> Value:
    """What a reader gives.

    Args:
        reader: the reader.
        method: such as ``bool``; empty where the reader itself is called.
        made: the call.
    """
    scope, place = made.scope, made.place
    if method in WITHOUT_VARIABLE:
        scope.environment.loads_files |= method.startswith("read_env")
        return unknown(place)
    scope.environment.loads_files |= reader.library == "decouple"
    wanted = made.argument(0, "var") or made.keywords.get("name")
    name = wanted.text if wanted else DATABASE_URL if method in DATABASE_METHODS else URL_VARIABLES.get(method)
    if name is None:
        return unknown(place)
    value = scope.read(name, place, _default(reader, method, name, made), raises=RAISES[reader.library])
    if method in DATABASE_METHODS:
        return database_of(value, place)
    if method in CACHE_METHODS:
        return cache_of(value, place)
    casts = (each for each in made.arguments[1:] if isinstance(each.data, Reference))
    cast = made.keywords.get("cast") or next(casts, None) or (None if method else reader.casts.get(name))
    return convert(value, cast or (known(Reference(f"builtins.{method}")) if method else None), place)


def _default(reader: Reader, method: str, name: str, made: Call) -> Value | None:
    """What is taken where the variable is not set; django-environ has it after the cast, the others have it first."""
    positional = [value for value in made.arguments[1:] if not isinstance(value.data, Reference)]
    if "default" in made.keywords:
        return made.keywords["default"]
    if positional and (method or reader.library != "environ" or len(made.arguments) > 2):
        return positional[0]
    return reader.defaults.get(name)


def convert(value: Value, cast: Value | None, place: Place) -> Value:
    """A config var's text, made what the settings want; defaults that are no text mostly stay what they are."""
    if cast is None or (value.data is None and not value.ways):
        return value
    name = cast.data.name if isinstance(cast.data, Reference) else ""
    if name == "dj_database_url.parse":
        return database_of(value, place)
    if value.ways:
        return in_each_way(value, lambda way: convert(way, cast, place))
    return _cast(value, name, place)


def _cast(value: Value, name: str, place: Place) -> Value:
    text = value.text
    if name in KEEPING and (text is None or name == "builtins.str"):
        return value
    converted = _converted(name, text) if text is not None else None
    if converted is None:
        return unknown(place, (value.rests_on,))
    if isinstance(converted, list):
        return value.replace(data=tuple(known(part, value.place) for part in converted))
    return value.replace(data=converted)


def _converted(cast: str, text: str) -> bool | int | list[str] | None:
    """A text after a conversion; None where that is not known."""
    match cast:
        case "builtins.bool":
            return text.strip().lower() in TRUE
        case "builtins.list" | "builtins.tuple" | "decouple.Csv()":
            return [part.strip() for part in text.split(",") if part.strip()]
        case "builtins.int" if text.isdecimal() and len(text) < 10:
            return int(text)
    return None


def database_of(url: Value, place: Place) -> Value:
    """The entry of ``DATABASES`` that a URL stands for."""
    if url.ways:
        return in_each_way(url, lambda way: database_of(way, place))
    if url.is_known and not url.data:
        return known({}, url.place or place, url.config_vars)
    if isinstance(url.data, dict):
        return url
    engine = ENGINES.get(url.text.partition("://")[0].lower()) if url.text else None
    if engine is None:
        return Value(State.UNKNOWN, None, url.place or place, url.rests_on)
    entries = {"ENGINE": known(engine, url.place), REST: unknown(config_vars=(url.rests_on,))}
    return known(entries, place, url.config_vars)


def cache_of(url: Value, place: Place) -> Value:
    """The entry of ``CACHES`` that a URL stands for; which of the two backends for Redis it is makes no difference."""
    if not url.text or not url.text.startswith(("redis://", "rediss://", "rediscache://")):
        return unknown(place, (url.rests_on,))
    entries: dict[object, Value] = {"BACKEND": known(REDIS_BACKEND, url.place), "LOCATION": url}
    return known(entries, place, url.config_vars)


def database_config(made: Call) -> Value:
    """What ``dj_database_url.config()`` gives."""
    named = made.argument(0, "env")
    name = named.text if named else DATABASE_URL
    if name is None:
        return made.unknown
    return database_of(made.scope.read(name, made.place, made.argument(1, "default")), made.place)
