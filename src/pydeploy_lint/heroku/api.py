"""Asks Heroku's Platform API about one app: the only module that opens a network connection, and only for `--app`."""

from __future__ import annotations

import datetime
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pydeploy_lint.files.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from urllib.request import OpenerDirector, Request

T = TypeVar("T")

API = "https://api.heroku.com"
HOST = "api.heroku.com"
TIMEOUT = 10.0
"""Seconds for each step of a request: to connect, to send, to receive."""
LARGEST_ANSWER = 1024 * 1024
"""Bytes; an app and its buildpacks take a few thousand."""
NAME = re.compile(r"[a-z][a-z0-9-]*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""An app's name, or its ID."""

REFUSALS = {
    401: "Heroku does not accept the API key; set HEROKU_API_KEY to a valid one, or run `heroku login` again",
    402: "Heroku asks for a verified or paid account to see it",
    403: "your Heroku account may not see it",
    404: "there is no such app, or your Heroku account may not see it",
    429: "Heroku has had too many requests with this API key; try again in a minute",
}
NOT_ALLOWED = (402, 403, 404)
"""The statuses with which Heroku keeps one thing from a key that may see others, such as the config vars."""


class HerokuApiError(Exception):
    """The app could not be read; the message is for users, and holds no secret."""


class NotAllowed(HerokuApiError):
    """The key may not see this; it may see other things."""


class LiveApp(NamedTuple):
    """An app as it is on Heroku now."""

    name: str
    stack: str
    """Such as ``heroku-24``, ``container`` or ``cnb``."""
    region: str
    """Such as ``eu``."""
    buildpacks: tuple[str, ...]
    """In the order in which they run; registry names without ``urn:buildpack:``."""
    config_vars: frozenset[str] | None = None
    """The names of the config vars that are set; None where the key may not see them. Their values are thrown away."""
    addons: tuple[str, ...] | None = None
    """The services of its add-ons, such as ``heroku-postgresql``; None where the key may not see them."""
    account_created: datetime.date | None = None
    """When the account of its owner was created; None where the key is somebody else's."""

    @property
    def listing(self) -> Source:
        """The buildpacks as `heroku buildpacks` would print them."""
        lines = [f"=== {self.name} Buildpack URLs", ""]
        lines += [f"{number}. {reference}" for number, reference in enumerate(self.buildpacks, 1)]
        return Source(f"<app {self.name}>", "\n".join(lines).encode())


def read_app(
    name: str,
    *,
    environment: Mapping[str, str] = os.environ,
    home: Path | None = None,
    url: str = API,
    timeout: float = TIMEOUT,
) -> LiveApp:
    """Read how an app is set up: its stack, region, buildpacks, add-ons, and the names of its config vars.

    The API gives the config vars with their values only. These are dropped while the answer is parsed.

    Args:
        name: the app's name, or its ID.
        environment: where the API key may be, as ``HEROKU_API_KEY``.
        home: the directory of the netrc file, in which Heroku's command line keeps the key; default: the user's.
        url: where the API is.
        timeout: in seconds, for each step of a request.

    Raises:
        HerokuApiError: the app could not be read.

    Source: Heroku's Platform API reference, "App", "Buildpack Installations", "Config Vars", "Add-on" and "Account".
    """
    from urllib.request import Request

    if not NAME.fullmatch(name):
        raise HerokuApiError("is not an app's name: lower-case letters, digits and hyphens")
    headers = {
        "Accept": "application/vnd.heroku+json; version=3",
        "Authorization": f"Bearer {_api_key(environment, home or Path.home())}",
    }
    opener = _opener()

    def get(path: str, parse: Callable[[bytes], object] = _json) -> object:
        return _get(opener, Request(url + path, headers=headers), timeout, parse)  # noqa: S310 - our URL

    def get_if_allowed(path: str, parse: Callable[[bytes], object] = _json) -> object:
        try:
            return get(path, parse)
        except NotAllowed:
            return None

    return _live_app(
        get(f"/apps/{name}"),
        get(f"/apps/{name}/buildpack-installations"),
        get_if_allowed(f"/apps/{name}/config-vars", _names),
        get_if_allowed(f"/apps/{name}/addons"),
        get_if_allowed("/account"),
    )


def _api_key(environment: Mapping[str, str], home: Path) -> str:
    key = environment.get("HEROKU_API_KEY", "").strip() or _netrc_password(home)
    if not key:
        raise HerokuApiError("needs an API key: set HEROKU_API_KEY, or log in with `heroku login`")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise HerokuApiError("the API key holds characters that no key has; look at HEROKU_API_KEY and the netrc file")
    return key


def _netrc_password(home: Path) -> str:
    """The password for Heroku's API in the first netrc file there is; empty where there is none."""
    import netrc

    # Heroku's command line writes the second name on Windows.
    path = next((home / name for name in (".netrc", "_netrc") if (home / name).is_file()), None)
    if path is None:
        return ""
    try:
        entry = netrc.netrc(str(path)).authenticators(HOST)
    except (OSError, UnicodeDecodeError) as error:
        raise HerokuApiError(f"{path} cannot be read: {type(error).__name__}") from error
    except netrc.NetrcParseError:
        # The error's own text may quote what it could not parse.
        raise HerokuApiError(f"{path} is not a valid netrc file") from None
    return entry[2] or "" if entry else ""


def _opener() -> OpenerDirector:
    """Opens HTTP and HTTPS through the proxies of the environment; follows no redirect, which would get the key."""
    from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler

    opener = OpenerDirector()
    for handler in (ProxyHandler(), HTTPHandler(), HTTPSHandler()):
        opener.add_handler(handler)
    return opener


def _get(opener: OpenerDirector, request: Request, timeout: float, parse: Callable[[bytes], object]) -> object:
    """What an answer says."""
    from http.client import HTTPException
    from urllib.error import URLError

    try:
        data = _read(opener, request, timeout)
    except (OSError, HTTPException) as error:
        # An error on the way to the server is inside of another one.
        inner = error.reason if isinstance(error, URLError) and isinstance(error.reason, Exception) else error
        raise HerokuApiError(_unreachable(inner, timeout)) from error
    try:
        return parse(data)
    except (RecursionError, ValueError):
        # The error itself holds the whole answer.
        raise HerokuApiError("Heroku's answer is not JSON; is there a proxy in between?") from None


def _json(data: bytes) -> object:
    import json

    return json.loads(data)


def _names(data: bytes) -> object:
    """The keys of a JSON object; nothing keeps the values."""
    import json

    return json.loads(data, object_pairs_hook=lambda pairs: frozenset(name for name, _ in pairs))


def _read(opener: OpenerDirector, request: Request, timeout: float) -> bytes:
    from http.client import IncompleteRead

    response = opener.open(request, timeout=timeout)
    if response is None:
        raise HerokuApiError("Heroku can be asked by HTTP and HTTPS only")
    with response:
        status = response.status
        if status in REFUSALS:
            raise (NotAllowed if status in NOT_ALLOWED else HerokuApiError)(REFUSALS[status])
        if status != 200:
            raise HerokuApiError(f"Heroku answered with HTTP status {status}; see https://status.heroku.com")
        data = response.read(LARGEST_ANSWER + 1)
    if len(data) > LARGEST_ANSWER:
        raise HerokuApiError("Heroku's answer is too long to be about an app")
    if response.length:
        raise IncompleteRead(data, response.length)
    return bytes(data)


def _unreachable(error: Exception, timeout: float) -> str:
    from ssl import SSLCertVerificationError

    if isinstance(error, TimeoutError):
        return f"Heroku did not answer within {timeout:g} seconds"
    if isinstance(error, SSLCertVerificationError):
        return "the certificate of Heroku cannot be verified; set SSL_CERT_FILE to a file of root certificates"
    return f"Heroku cannot be reached: {type(error).__name__}; is there a network?"


def _live_app(app: object, installations: object, config_vars: object, addons: object, account: object) -> LiveApp:
    undocumented = "Heroku's answer is not of the documented form"
    if not isinstance(app, dict) or not isinstance(installations, list):
        raise HerokuApiError(undocumented)
    try:
        ordered = sorted(installations, key=lambda installation: int(installation["ordinal"]))
        references = [str(installation["buildpack"]["url"]) for installation in ordered]
        return LiveApp(
            str(app["name"]),
            str(app["stack"]["name"]),
            str(app["region"]["name"]),
            tuple(reference.removeprefix("urn:buildpack:") for reference in references),
            None if config_vars is None else _checked(config_vars, frozenset),
            None if addons is None else tuple(str(each["addon_service"]["name"]) for each in _checked(addons, list)),
            _created(account, app),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise HerokuApiError(undocumented) from error


def _checked(answer: object, form: type[T]) -> T:
    if not isinstance(answer, form):
        raise TypeError(f"a {form.__name__} is documented")
    return answer


def _created(account: object, app: dict[str, Any]) -> datetime.date | None:
    """When the account was created that the API key belongs to, if that owns the app."""
    if not isinstance(account, dict) or account["id"] != app["owner"]["id"]:
        return None
    return datetime.date.fromisoformat(str(account["created_at"])[:10])
