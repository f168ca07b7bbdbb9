"""Puts lines together that a terminal has broken: what is copied from its window ends at the edge of that.

``No module name`` on one line, and ``d 'shop'`` on the next, are one line of the log.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

BEGINNING = re.compile(r"remote:|\[?\d{4}-\d\d-\d\d[T ]\d\d:")
"""How every whole line begins in the output of git, and in a log with times."""
FEWEST = 3
"""Broken lines, below which their length says nothing."""


def unwrap(numbered: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Lines with what a terminal broke put together; unchanged where no width of one shows.

    Args:
        numbered: their numbers, and their texts without line ends.
    """
    lines = [(number, text.rstrip("\r")) for number, text in numbered]
    width = _width([text for _, text in lines])
    whole: tuple[int, str] | None = None
    last = ""
    for number, text in lines:
        # An editor may have taken a space from the end of the line before.
        if whole and width and text and not BEGINNING.match(text) and len(last) in (width, width - 1):
            whole = whole[0], whole[1] + " " * (width - len(last)) + text
        else:
            if whole:
                yield whole
            whole = number, text
        last = text
    if whole:
        yield whole


def _width(texts: Sequence[str]) -> int | None:
    """The width of the terminal: no line is longer, and several are as long before one that begins in its middle."""
    broken = Counter(
        len(text)
        for text, following in pairwise(texts)
        if BEGINNING.match(text) and following and not BEGINNING.match(following)
    )
    if not broken:
        return None
    width, times = broken.most_common(1)[0]
    return width if times >= FEWEST and width == max(map(len, texts)) else None
