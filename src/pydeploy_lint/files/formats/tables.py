"""The shapes that a lock should have, taken from values of any shape; what has another shape is ignored."""


def member(value: object, *keys: str) -> object:
    """The value at a path of keys; None where there is none, or something on the way is no table."""
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def table(value: object, *keys: str) -> dict[str, object]:
    """The table at a path of keys; empty where there is none."""
    found = member(value, *keys)
    return found if isinstance(found, dict) else {}


def array(value: object) -> list[object]:
    """The value if it is an array; else an empty one."""
    return value if isinstance(value, list) else []


def tables(value: object) -> list[dict[str, object]]:
    """The tables of an array."""
    return [each for each in array(value) if isinstance(each, dict)]


def strings(value: object) -> list[str]:
    """The strings of an array."""
    return [each for each in array(value) if isinstance(each, str)]
