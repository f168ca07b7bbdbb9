"""The one mask for credentials: asterisks over what may be secret in any text, so that no report and no log shows it.

No character moves, so places in a masked line stay right. What is masked once is not changed by a second mask.
Names of variables, and the words ``USER:PASSWORD`` that stand for something in our own help, hold no secret.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK = re.compile(r":\\?/\\?/")
_RUN = re.compile(r'(?:[^\s"\\]|\\\S)*')
"""What may belong to one URL; JSON may escape a slash or a quote."""
_AUTHORITY_END = re.compile(r"[/?#\\]|$")
_PORT = re.compile(r"\d*(?:\W.*)?", re.DOTALL)
_VARIABLES = re.compile(
    r"(?:\$\{?\w+(?!\w)\}?|\{\w*\}|<[\w-]+>|%\(\w+\)s|%s|:|USER|PASSWORD|TOKEN|\.{3}|…|\*)*|\$\(.*\)"
)
_ACCOUNT = re.compile(r"[a-z][a-z_-]{0,15}")
"""A user of SSH, as opposed to a token."""
_HARMLESS_FRAGMENT = re.compile(r"(?:egg|subdirectory|md5|sha\d{1,3})=", re.IGNORECASE)

_CLOSING = "'`)>],.;:"
"""What ends a quotation or a sentence, and not a URL."""

_TELLING = (
    r"(?:secret|token|passw(?:or)?d|passphrase|pwd|api[_-]?key|access[_-]?key|private[_-]?key|encryption[_-]?key"
    r"|credentials?)"
)
_CODE = r"(?!os\.|env|getenv|config|None\b|True\b|False\b|[^\s\"']{0,60}[(\[])"
"""What follows is not the beginning of an expression, which names a secret and does not hold it."""
_ELSEWHERE = tuple(
    re.compile(pattern)
    for pattern in (
        # user:password@host, without a scheme. The digest of an image is none, nor is a version.
        r"(?<![\w.+:-])(?P<secret>[\w.+-]{1,100}:[^\s\"/]{1,200})@(?!sha\d|v\d)(?=[A-Za-z\[])",
        # ?token=..., of whatever it is the query; and what is after an ampersand.
        r"[?&](?!egg=|subdirectory=|md5=|sha\d)[\w.-]{1,60}=(?P<secret>[^\s\"'`)&#]{1,1000})",
        # SECRET_KEY = "...", "api_key": "...", PASSWORD=...
        rf"(?i:{_TELLING})[\w-]{{0,40}}[\"']?\s{{0,4}}[:=]\s{{0,4}}[bru]{{0,2}}(?P<quote>[\"'])"
        r"(?P<secret>(?:(?!(?P=quote))[^\n]){1,1000})",
        rf"(?i:{_TELLING})[\w-]{{0,40}}={_CODE}(?P<secret>[^\s&;,\"'`)\]}}]{{1,1000}})",
        # --password ..., Authorization: Bearer ...
        rf"(?<![\w-])-{{1,2}}(?i:[\w-]{{0,30}}{_TELLING})[= ]{_CODE}(?P<secret>[^\s\"'`-][^\s\"'`]{{2,1000}})",
        r"(?i:authorization)[\"']?\s{0,4}[:=]\s{0,4}[\"']?(?:(?i:basic|bearer|token)\s{1,4})?(?P<secret>[^\s\"']{1,1000})",
        # Tokens that tell by themselves what they are: GitHub, GitLab, Heroku, AWS, Slack, Stripe, PyPI, npm, Google.
        r"(?<![A-Za-z0-9])(?P<secret>(?:gh[pousr]_|github_pat_|glpat-|HRKU-|AKIA|ASIA|xox[abeprs]-|[rs]k_live_|pypi-|npm_"
        r"|AIza|SG\.|ya29\.)[\w.-]{16,1000})",
        r"(?<![A-Za-z0-9])(?P<secret>ey[JK][\w-]{8,2000}\.[\w-]{4,4000}\.[\w-]{4,1000})",
        r"(?P<secret>-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^\n]{0,8000})",
    )
)


@lru_cache(maxsize=16)
def masked(text: str) -> str:
    """A text with asterisks over what may be secret in it: in URLs the user, the password and the query.

    The user of an SSH URL is no secret, and stays. The last texts are remembered, as many findings may have one line.
    """
    stretches = [*_in_urls(text), *_in_other_forms(text)]
    if not stretches:
        return text
    parts, at = [], 0
    for start, end in sorted(stretches):
        begin = max(start, at)
        if begin < end:
            parts += [text[at:begin], "*" * (end - begin)]
            at = end
    return "".join([*parts, text[at:]])


def _in_other_forms(text: str) -> Iterator[tuple[int, int]]:
    for pattern in _ELSEWHERE:
        for match in pattern.finditer(text):
            if not _VARIABLES.fullmatch(match["secret"]):
                yield match.span("secret")


def _in_urls(text: str) -> Iterator[tuple[int, int]]:
    end = query_end = 0
    for mark in _MARK.finditer(text):
        start = mark.end()
        if start >= end:
            run = _RUN.match(text, start)
            end = run.end() if run else start
            last_at = text.rfind("@", start, end)
            yield from _in_query(text, start, end)
        user_end = _user_end(text, start, end, last_at)
        if user_end > max(start, query_end) and _is_secret(text, mark.start(), start, user_end):
            yield start, user_end
        query_end = max(query_end, user_end)


def _user_end(text: str, start: int, end: int, last_at: int) -> int:
    """Where the user and the password of a URL end; its start where it has none.

    Args:
        text: with the URL.
        start: where its host, or its user, begins.
        end: where it ends at the latest.
        last_at: where the last @ of the run is.
    """
    match = _AUTHORITY_END.search(text, start, end)
    authority_end = match.start() if match else end
    at = text.rfind("@", start, authority_end)
    if at >= 0:
        return at
    colon = text.find(":", start, authority_end)
    if colon < 0 or (_PORT.fullmatch(text, colon + 1, authority_end) and (last_at < 0 or colon + 1 < authority_end)):
        return start
    # No port follows, so it is a password, with a slash in it perhaps, or cut off before its end.
    return last_at if last_at > colon else end


def _is_secret(text: str, mark: int, start: int, end: int) -> bool:
    user = text[start:end]
    if _VARIABLES.fullmatch(user):
        return False
    return not (text[max(mark - 3, 0) : mark].lower() == "ssh" and _ACCOUNT.fullmatch(user))


def _in_query(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The query of a URL, and what has a value in its fragment."""
    hash_at = text.find("#", start, end)
    fragment = end if hash_at < 0 else hash_at
    query = text.find("?", start, fragment)
    if query >= 0:
        yield query + 1, query + 1 + len(text[query + 1 : fragment].rstrip(_CLOSING))
    for part in re.finditer(r"[^&#?]+", text[fragment:end]):
        _, equals, value = part[0].partition("=")
        if equals and value and not _HARMLESS_FRAGMENT.match(part[0]):
            value_at = fragment + part.end() - len(value)
            yield value_at, value_at + len(value.rstrip(_CLOSING))
