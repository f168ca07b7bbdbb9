"""The names by which Django lets itself be called: ``ALLOWED_HOSTS``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydeploy_checks.django.project import SETTINGS, is_declared, not_set, project, runs_collectstatic
from pydeploy_checks.django.settings_fixes import allow_all_hosts, correct_host
from pydeploy_lint.plugin import (
    DEV_CENTER,
    HEROKU_DOMAIN,
    USELESS,
    App,
    Breaks,
    Example,
    HostKind,
    Problem,
    Severity,
    Span,
    check,
    corrected,
    is_no_list,
    is_text_of_environment,
    kind_of,
    latest_allowed,
)

if TYPE_CHECKING:
    from pydeploy_lint.plugin import Django, Value

URL = DEV_CENTER + "django-app-configuration"
ASKS_ALWAYS = (1, 10, 3)
"""The version of Django since which the list counts while `DEBUG` is on, too.

Source: https://docs.djangoproject.com/en/1.11/releases/1.10.3/; 1.8.16 and 1.9.11 have it as well, and are not told
from their predecessors here.
"""
ALLOW_ALL = 'Heroku\'s router checks the name already, so you can allow every name:\n    ALLOWED_HOSTS = ["*"]'


@check("django-allowed-hosts", severity=Severity.ERROR, breaks=Breaks.REQUESTS, url=URL)
def django_allowed_hosts(app: App) -> Iterator[Problem]:
    """`ALLOWED_HOSTS` allows none of the names that an app has on Heroku.

    Django then answers every request with "Bad Request (400)". An empty list allows only `localhost`, and only while
    `DEBUG` is on. An entry must equal the name in the request: with a scheme, a port, a path or a `*` in it, it matches
    nothing. A leading dot allows a domain and everything below it. If a config var can add names, this is a note.

    Apps created since 2023-06-14 are at `NAME-<12 hex digits>.herokuapp.com`; a list that has only a name without
    these digits works for older apps, and gets a note.

    If `ALLOWED_HOSTS` is a string, a set or `None`, Django refuses the settings with `ImproperlyConfigured`.

    ## How to fix

    Allow the app's name, or every name: Heroku's router passes on only requests for names that the app has.

        ALLOWED_HOSTS = ["*"]
    """
    django = app.django
    if django is None or django.settings is None:
        return
    hosts = django.setting("ALLOWED_HOSTS")
    problem = _no_list(app, django, hosts) or _allows_none(app, django, hosts)
    if problem is not None:
        yield problem
    elif hosts.is_certain and hosts.elements:
        yield from _entries(hosts)


def _no_list(app: App, django: Django, hosts: Value) -> Problem | None:
    """What is wrong where the setting is not a list."""
    at, help_text = hosts.at, 'Make it a list:\n    ALLOWED_HOSTS = ["..."]'
    if at is None:
        return None
    if is_text_of_environment(hosts):
        help_text = 'Split it into a list:\n    ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "*").split(",")'
    always = hosts.always(is_no_list) or (is_text_of_environment(hosts) and (is_no_list(hosts) or not hosts.is_known))
    if always:
        collects = runs_collectstatic(app, django)
        effect = "the build fails when it collects static files" if collects else "the app does not start"
        reason = "collectstatic-improper-configuration" if collects else None
        message = f"ALLOWED_HOSTS is not a list: Django raises ImproperlyConfigured, and {effect}"
        return Problem(message, at, help=help_text, failure_reason=reason)
    if is_no_list(hosts) and hosts.rests_on and not is_declared(django, hosts.rests_on):
        message = f"while {not_set(hosts.rests_on)}, ALLOWED_HOSTS is not a list, and Django does not start"
        return Problem(message, at, help=help_text, severity=Severity.NOTE, certain=False)
    return None


def _allows_none(app: App, django: Django, hosts: Value) -> Problem | None:
    """What is wrong where no name of an app on Heroku is allowed."""
    at = hosts.at or Span(django.path or (django.settings.by if django.settings else SETTINGS))
    if _is_not_asked(app, django):
        return None
    if hosts.always(lambda way: way.is_certain and _has_only(way, USELESS)):
        message = "ALLOWED_HOSTS allows no name that the app has on Heroku: Django answers every request with 400"
        wrong = next(
            (each for each in hosts.elements or () if each.text and kind_of(each.text) is HostKind.NEVER), None
        )
        if wrong is None or not wrong.text:
            return Problem(message, at, help=ALLOW_ALL, fix=allow_all_hosts(app))
        message += f" ({wrong.text!r} matches no request: {_why_never(wrong.text)})"
        return Problem(message, at, help=_help(wrong.text), fix=correct_host(wrong) or allow_all_hosts(app))
    if hosts.always(lambda way: way.is_certain and _has_only(way, USELESS | {HostKind.ELSEWHERE})):
        message = (
            "ALLOWED_HOSTS allows only names on other platforms: Django answers requests for the Heroku app with 400"
        )
        return Problem(message, at, help=ALLOW_ALL, severity=Severity.WARNING, certain=False)
    if hosts.rests_on and _has_only(hosts, USELESS) and not is_declared(django, hosts.rests_on):
        message = f"while {not_set(hosts.rests_on)}, ALLOWED_HOSTS allows no name that the app has on Heroku"
        return Problem(message, at, help=ALLOW_ALL, severity=Severity.NOTE, certain=False)
    return None


def _is_not_asked(app: App, django: Django) -> bool:
    """Whether Django may be one that allows every host while `DEBUG` is on."""
    declared = app.packages.install_set.query("django").declared if app.packages.install_set else None
    latest = latest_allowed(declared.specifier) if declared else None
    return latest is not None and latest < ASKS_ALWAYS and django.setting("DEBUG").truth is not False


def _has_only(hosts: Value, kinds: frozenset[HostKind]) -> bool:
    """Whether no entry is of another kind, while the config vars are not set."""
    if hosts.is_absent:
        return True
    elements = hosts.elements
    return elements is not None and all(
        (each.is_known and not each.data) or (each.text is not None and kind_of(each.text) in kinds)
        for each in elements
    )


def _entries(hosts: Value) -> Iterator[Problem]:
    """Notes on a list that lets some names through, or may do so."""
    texts = [each.text for each in hosts.elements or ()]
    if None in texts:
        return
    kinds = {text: kind_of(text) for text in texts if text is not None}
    if HostKind.EVERY_APP in kinds.values():
        return
    for each in hosts.elements or ():
        if each.text and kinds[each.text] is HostKind.NEVER:
            yield Problem(
                f"{each.text!r} in ALLOWED_HOSTS matches no request: {_why_never(each.text)}",
                each.at or hosts.at or Span(SETTINGS),
                help=_help(each.text),
                severity=Severity.NOTE,
                fix=correct_host(each),
            )
    old = next((text for text, kind in kinds.items() if kind is HostKind.OLD_APP), None)
    if old is not None and hosts.at is not None and set(kinds.values()) <= USELESS | {HostKind.OLD_APP}:
        yield Problem(
            f"ALLOWED_HOSTS has {old}, the name of an app created before 2023-06-14: newer apps are at "
            f"NAME-<12 hex digits>.{HEROKU_DOMAIN}, and for these Django answers every request with 400",
            hosts.at,
            help=f'Use the name that "heroku domains" prints, or:\n    ALLOWED_HOSTS = [".{HEROKU_DOMAIN}"]',
            severity=Severity.NOTE,
            certain=False,
        )


def _why_never(entry: str) -> str:
    if "://" in entry:
        return "it has a scheme"
    if "*" in entry:
        return "Django knows no * in a name, only a dot at the beginning"
    if entry != entry.strip():
        return "it has spaces around the name"
    if entry.lower() == HEROKU_DOMAIN:
        return "without a dot at the beginning it is not the domain of an app"
    return "it is more than a name" if any(each in entry for each in ":/") else "no host has this name"


def _help(entry: str) -> str:
    meant = corrected(entry)
    return f'Write only the name:\n    ALLOWED_HOSTS = ["{meant}"]' if meant else ALLOW_ALL


django_allowed_hosts.examples(
    bad=[
        Example(project("ALLOWED_HOSTS = []\n"), at=(f"{SETTINGS}:1:17-1:19",)),
        Example(project('ALLOWED_HOSTS = ["localhost", "127.0.0.1"]\n'), at=(f"{SETTINGS}:1:17-1:43",)),
        Example(project("DEBUG = False\n"), at=(SETTINGS,)),
        Example(project('ALLOWED_HOSTS = ["https://www.example.com/"]\n'), at=(f"{SETTINGS}:1:17-1:45",)),
        Example(project('ALLOWED_HOSTS = ["shop.herokuapp.com"]\n'), at=(f"{SETTINGS}:1:17-1:39",)),
        Example(project('ALLOWED_HOSTS = "shop.example.com"\n'), at=(f"{SETTINGS}:1:17-1:35",)),
        Example(
            project('import os\n\nALLOWED_HOSTS = ["localhost", *os.environ.get("HOSTS", "").split(",")]\n'),
            at=(f"{SETTINGS}:3:17-3:71",),
        ),
    ],
    good=[
        Example(project('ALLOWED_HOSTS = [".herokuapp.com"]\n')),
        Example(project('ALLOWED_HOSTS = ["www.example.com"]\n')),
        Example(project("from example import *\n\nDEBUG = False\n")),
    ],
)
