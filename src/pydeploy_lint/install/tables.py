"""The shapes that a lock should have, of values of any shape: what has another is passed over."""


def table(value: object) -> dict[str, object]:
    """The value if it is a table; else an empty one."""
    return value if isinstance(value, dict) else {}


def tables(value: object) -> list[dict[str, object]]:
    """The tables of an array."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def strings(value: object) -> list[str]:
    """The strings of an array."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
