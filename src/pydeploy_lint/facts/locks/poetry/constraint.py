"""Version constraints as Poetry writes them: ``^1.2``, ``~1.2``, ``1.*``, ``1.2`` for exactly that, ``||`` for or."""

from __future__ import annotations

import re

from pydeploy_lint.files.numbers import whole_number

OR = re.compile(r" ?\|\|? ?")
AND = re.compile(r"(?<![\^~=<>! ,]) ?[ ,] ?(?![,\s]|$)")
LONGEST = 1_000
"""Characters of a constraint; a longer one is not decided."""
NUMBERS = re.compile(r"\d+(?:\.\d+)*")
PLAIN = re.compile(r"[\d.]+\w*")


def poetry_allows(constraint: str, version: str) -> bool | None:
    """Whether Poetry finds a version within a constraint; None where it cannot be told.

    Args:
        constraint: such as ``^3.12``; note that ``3.12`` allows 3.12.0 alone.
        version: such as ``3.12.4``.
    """
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    if len(constraint) > LONGEST:
        return None
    alternatives = OR.split(" ".join(constraint.split()))
    try:
        parsed = Version(version)
        specifiers = [
            SpecifierSet(",".join(_specifier(part) for part in AND.split(alternative) if part not in ("", "*")))
            for alternative in alternatives
        ]
        return any(specifier.contains(parsed, prereleases=True) for specifier in specifiers)
    except ValueError:
        return None


def _specifier(part: str) -> str:
    """One part of a constraint in the terms of PEP 440."""
    part = part.strip()
    operator, bound = part[:1], part[1:].strip()
    if operator == "^" or (operator == "~" and not bound.startswith("=")):
        numbers = NUMBERS.match(bound)
        if numbers:
            return f">={bound},<{_next(numbers[0], caret=operator == '^')}"
    if operator == "=" and not bound.startswith("="):
        return "==" + bound
    if PLAIN.match(part) or (part.endswith(".*") and part[0].isdigit()):
        return "==" + part
    return part


def _next(bound: str, *, caret: bool) -> str:
    """The first version that is no longer compatible: for ``^``, that with the next leftmost number other than 0."""
    numbers = [whole_number(number) for number in bound.split(".")]
    index = min(1, len(numbers) - 1)
    if caret:
        index = next((place for place, number in enumerate(numbers) if number), len(numbers) - 1)
    return ".".join(str(number) for number in [*numbers[:index], numbers[index] + 1])
