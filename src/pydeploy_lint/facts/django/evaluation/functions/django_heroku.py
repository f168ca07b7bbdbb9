"""What ``django_heroku.settings(locals())`` sets.

Source: django-heroku 0.3.1 and its successor django-on-heroku 1.1.
"""

from __future__ import annotations

from collections.abc import Collection

from pydeploy_lint.facts.django.evaluation.containers import chained, entries_of, with_entry
from pydeploy_lint.facts.django.evaluation.scope import Scope
from pydeploy_lint.facts.django.evaluation.values import Place, known, unknown

SETTINGS_FUNCTIONS = {"django_heroku.settings", "django_on_heroku.settings"}
WHITENOISE = "whitenoise.middleware.WhiteNoiseMiddleware"


def apply_django_heroku(scope: Scope, place: Place, off: Collection[str | None]) -> None:
    """Set what the call sets.

    Args:
        scope: the module.
        place: the call.
        off: the parts that it is told to leave out.
    """
    names = scope.names
    if "databases" not in off:
        url = scope.read("DATABASE_URL", place, known(None))
        before = names.look_up("DATABASES")
        default = known(entries_of(before)).item("default").depending(url.config_vars)
        names["DATABASES"] = with_entry(before, known("default"), default).replace(place=before.place or place)
    if "staticfiles" not in off:
        names["STATIC_URL"] = known("/static/", place)
        names["STATIC_ROOT"] = unknown(place)
        names["STATICFILES_STORAGE"] = known("whitenoise.storage.CompressedManifestStaticFilesStorage", place)
        first = known((known(WHITENOISE, place),))
        names["MIDDLEWARE"] = chained((first, names.look_up("MIDDLEWARE")), place)
    if "allowed_hosts" not in off:
        names["ALLOWED_HOSTS"] = known((known("*", place),), place)
    if "secret_key" not in off:
        key = scope.read("SECRET_KEY", place, known(None))
        names["SECRET_KEY"] = names.look_up("SECRET_KEY").depending(key.config_vars)
