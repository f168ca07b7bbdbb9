"""What releases of packages removed, and when nothing is to be said."""

import pytest
from pydeploy_checks.django.project import SETTINGS, project
from pydeploy_checks.packages.removed import removed_from_package

from pydeploy_lint.facts.packages.imports.modules import distributions
from pydeploy_lint.facts.packages.imports.removed import removal_of
from pydeploy_lint.files.data import aging_data
from pydeploy_lint.finding import Severity
from pydeploy_lint.testing import Files, lint_files, place

ERROR, WARNING = Severity.ERROR, Severity.WARNING
FLASK = {".python-version": "3.12\n", "Procfile": "web: gunicorn app:app\n"}
URLS = {
    SETTINGS: 'ROOT_URLCONF = "shop.urls"\n',
    "shop/urls.py": "from django.conf.urls import include, url\n\nurlpatterns = [url('', include([]))]\n",
}


@pytest.mark.parametrize(
    ("files", "at", "severity", "reason", "message"),
    [
        (
            {**project("", "Django==4.2.1\n"), **URLS},
            "shop/urls.py:1:39-1:42",
            ERROR,
            None,
            "the app imports url from django.conf.urls, which django 4.0 removed, and asks for django ==4.2.1: "
            "every request is answered with an error page",
        ),
        (
            project("from django.utils.translation import ugettext_lazy as _\n", "Django\n"),
            f"{SETTINGS}:1:38-1:56",
            WARNING,
            None,
            "the app imports ugettext_lazy from django.utils.translation, which django 4.0 removed, and asks for "
            "django; unless another package asks for an older release, collectstatic fails, and Heroku rejects the "
            "push",
        ),
        (
            project("from django.core.urlresolvers import reverse\n", "Django>=3\n"),
            f"{SETTINGS}:1:1-1:45",
            ERROR,
            "collectstatic-other",
            "the app imports django.core.urlresolvers, which django 2.0 removed, and asks for django >=3: "
            "collectstatic fails, and Heroku rejects the push",
        ),
        (
            {
                **FLASK,
                "requirements.txt": "flask\ngunicorn\nWerkzeug==3.0.1\n",
                "app.py": "import werkzeug.contrib.cache\n",
            },
            "app.py:1:8-1:30",
            ERROR,
            None,
            "the app imports werkzeug.contrib, which werkzeug 1.0 removed, and asks for werkzeug ==3.0.1: "
            "the app does not start",
        ),
    ],
)
def test_what_is_gone(files: Files, at: str, severity: Severity, reason: str | None, message: str) -> None:
    (found,) = lint_files(files, [removed_from_package])
    assert (place(found.at), found.severity, found.failure_reason, found.message) == (at, severity, reason, message)
    assert found.certain == (severity is ERROR)


@pytest.mark.parametrize(
    "files",
    [
        {**project("", "Django~=3.2.1\n"), **URLS},
        project("from django.utils.translation import gettext_lazy as _\n"),
        project("try:\n    from django.utils import six\nexcept ImportError:\n    import six\n"),
        {**FLASK, "requirements.txt": "gunicorn==23.0.0\n", "app.py": "from werkzeug.urls import url_quote\n"},
        {**FLASK, "requirements.txt": "flask<2.3\ngunicorn\n", "app.py": "from flask import Markup\n"},
    ],
)
def test_what_is_there_or_not_known(files: Files) -> None:
    assert list(lint_files(files, [removed_from_package])) == []


def test_the_data_is_sound() -> None:
    packages = aging_data.load("removed_names.json")["packages"]
    for distribution, package in packages.items():
        assert package["source"].startswith("https://")
        for version, entry in package["removed"].items():
            older, newer = entry["tried"]
            numbers = [tuple(map(int, text.split(".")[:2])) for text in (older, version, newer)]
            assert numbers[0] < numbers[1] <= numbers[2] or older < version <= newer
            for name, instead in entry["names"].items():
                assert distribution in distributions(name)
                assert name != instead


def test_a_part_of_a_removed_module_is_gone_with_it() -> None:
    found = removal_of("django.utils.six.moves.urllib")
    assert found is not None
    assert (found.name, found.distribution, found.version, found.instead) == (
        "django.utils.six",
        "django",
        "3.0",
        "six",
    )
    assert removal_of("django") is removal_of("django.utils") is removal_of("unheard.of") is None
