"""Static files that stop `collectstatic`, beyond the checks' examples."""

from __future__ import annotations

import pytest
from pydeploy_checks.django.collectstatic import MANIFEST, ROOT, django_static_dirs, static_reference_missing
from pydeploy_checks.django.project import project

from pydeploy_lint.engine.check import Check
from pydeploy_lint.finding import Severity
from pydeploy_lint.testing import Files, lint_files

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
OTHER = "collectstatic-other"
FANCY = "collectstatic-fancy-references"
DJANGOS_OWN = MANIFEST.replace("whitenoise.storage.CompressedManifest", "django.contrib.staticfiles.storage.Manifest")


def found(check: Check, files: Files) -> list[tuple[Severity, str | None]]:
    return [(each.severity, each.failure_reason) for each in lint_files(files, [check])]


@pytest.mark.parametrize(
    ("dirs", "django", "more", "expected"),
    [
        ('["/app/staticfiles"]', "5.2", {"staticfiles/a.css": ""}, [(ERROR, OTHER)]),
        ('["staticfiles"]', "5.2", {"staticfiles/a.css": ""}, [(ERROR, OTHER)]),
        ('[("a", "/app/staticfiles/")]', "3.2", {"staticfiles/a.css": ""}, [(ERROR, OTHER)]),
        ('["/app/staticfiles"]', "2.2", {"staticfiles/a.css": ""}, []),
        ('["/app/staticfiles/sub"]', "5.2", {"staticfiles/sub/a.css": ""}, []),
        ('"/app/static"', "5.2", {"static/a.css": ""}, [(ERROR, OTHER)]),
        ('["/app/static"]', "5.2", {}, [(WARNING, None)]),
        ('["/app/static"]', "3.2", {}, [(ERROR, OTHER)]),
        ('["/app/static"]', "3.2", {"package.json": "{}"}, []),
        ('["/app/static"]', "3.2", {"bin/pre_compile": ""}, []),
        ('["/elsewhere"]', "5.2", {}, []),
        ("[unheard_of()]", "5.2", {}, []),
    ],
)
def test_static_dirs(dirs: str, django: str, more: Files, expected: list[tuple[Severity, str | None]]) -> None:
    files = {**project(f"{ROOT}STATICFILES_DIRS = {dirs}\n", f"Django=={django}\n"), **more}
    assert found(django_static_dirs, files) == expected


@pytest.mark.parametrize(
    ("settings", "files", "expected"),
    [
        (MANIFEST, {"static/a.css": "a { b: url('x.png') }"}, [(ERROR, FANCY)]),
        (DJANGOS_OWN, {"static/a.css": "a { b: url('x.png') }"}, [(ERROR, OTHER)]),
        (MANIFEST, {"static/a.css": '@import "b.css";'}, [(ERROR, FANCY)]),
        (MANIFEST, {"static/a.css": "/* url(x.png) */"}, [(ERROR, FANCY)]),
        (MANIFEST, {"static/a.css": "a { b: url(/static/x.png) }"}, [(ERROR, FANCY)]),
        (MANIFEST, {"static/a.css": "a { b: url(x.eot?#iefix) }"}, [(ERROR, FANCY)]),
        (MANIFEST, {"static/a.js": "a()\n//# sourceMappingURL=a.js.map\n"}, [(ERROR, OTHER)]),
        (MANIFEST, {"static/a.css": "a{}\n/*# sourceMappingURL=a.css.map */\n"}, [(ERROR, FANCY)]),
        (MANIFEST, {"static/a.js": "a()\n//# sourceMappingURL=a.js.map\n", "requirements.txt": "Django==3.2\n"}, []),
        (MANIFEST, {"static/a.js": "a()\n//# sourceMappingURL=data:application/json;base64,e30=\n"}, []),
        (MANIFEST, {"static/a.css": "a { b: url(x.eot?#iefix) }", "static/x.eot": ""}, []),
        (MANIFEST, {"static/a/b.css": "a { b: url('../x%20y.png?v=1') }", "static/x y.png": ""}, []),
        (MANIFEST, {"static/a.css": "a { b: url(../../x.png) }"}, [(ERROR, OTHER)]),
        (MANIFEST, {"static/a.css": "a { b: URL(\n  x.png) }"}, [(ERROR, FANCY)]),
        (MANIFEST, {"static/a.css": "a { b: url(data:a;b,<svg fill='url(#a)'/>) }"}, []),
        (MANIFEST, {"static/a.css": "a { b: url('data:a,%3Csvg fill=\"url(x.png)\"') }"}, []),
        (MANIFEST, {"static/a.css": f"a {{ b: url('data:a,{5000 * 'x'}url(x.png)') }}"}, []),
        (MANIFEST, {"static/a.css": "url(" * 200_000}, []),
        (MANIFEST, {"static/a.css": "url(\n" * 100_000 + ")"}, []),
        (MANIFEST, {"static/a.css": "a { b: url(//cdn.example/x.png) c: url(#x) d: url(data:,) e: url('') }"}, []),
        (MANIFEST, {"static/a.css": "a { b: url(/media/x.png) }"}, []),
        (MANIFEST, {"static/a.css": "a { b: url(fonts/) }"}, []),
        (MANIFEST, {"static/a.css": "a { b: url(x.png) }", "package.json": "{}"}, []),
        (MANIFEST.replace("CompressedManifest", "Compressed"), {"static/a.css": "a { b: url(x.png) }"}, []),
        (
            MANIFEST.replace('staticfiles"]', 'staticfiles", "grappelli"]', 1),
            {"static/a.css": "@import 'b.css';"},
            [(WARNING, None)],
        ),
        (
            MANIFEST.replace('staticfiles"]', 'staticfiles", "django.contrib.admin"]', 1),
            {"static/a.css": "@import 'admin/css/base.css';"},
            [],
        ),
        (
            MANIFEST.replace('staticfiles"]', 'staticfiles", "cart"]', 1),
            {"static/a.css": "@import 'cart/b.css';", "cart/__init__.py": "", "cart/static/cart/b.css": ""},
            [],
        ),
        (f"{MANIFEST}STATICFILES_FINDERS = ['npm.finders.NpmFinder']\n", {"static/a.css": "@import 'b.css';"}, []),
    ],
)
def test_references(settings: str, files: Files, expected: list[tuple[Severity, str | None]]) -> None:
    assert found(static_reference_missing, {**project(settings), "static/site.css": "", **files}) == expected
