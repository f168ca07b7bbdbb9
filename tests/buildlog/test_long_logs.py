"""Long logs, made after those that people show when they ask for help: every reason in them is found, and no other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pydeploy_lint.buildlog.log import BuildLog, Outcome
from tests.buildlog.logs import PUSH_FAILED, read

PACKAGES = (
    "asgiref", "blinker", "certifi", "click", "error-handler", "exceptiongroup", "fatal", "flask", "gunicorn", "idna",
    "itsdangerous", "jinja2", "python-traceback", "requests", "urllib3", "werkzeug", "zipp",
)  # fmt: skip
STAGES = (
    "Counting objects: 100% (300/300), done.\nremote: Compressing source files... done.\nremote: Building source:\n"
)
DASHBOARD = (
    "-----> Building on the Heroku-22 stack\n-----> Using buildpack: heroku/python\n-----> Python app detected\n"
)
DOWNLOADS = "".join(
    f"       Collecting {name}=={number}.{number % 7}.0 (from -r requirements.txt (line {number}))\n"
    f"         Downloading {name.replace('-', '_')}-{number}.{number % 7}.0-py3-none-any.whl ({number * 7} kB)\n"
    f"            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ {number * 7}/{number * 7} kB 31.4 MB/s eta 0:00:00\n"
    for number, name in enumerate(PACKAGES * 20, 1)
)
COMPILATION = "".join(
    f"           copying src/lib/{name}.py -> build/lib.linux-x86_64-cpython-312/lib\n"
    f"           gcc -pthread -Wno-error=deprecated -O3 -Wall -fPIC -Iinclude -c src/{name}.c -o build/{name}.o\n"
    for name in ("error", "exception", "failed", "fatal", "missing", "not_found") * 30
)
FRAMES = "".join(
    f'         File "/app/.heroku/python/lib/python3.11/site-packages/django/{name}.py", line {number}, in {name}\n'
    "           return self.execute(*args, **options)\n"
    for number, name in enumerate(("core/management", "utils/error", "apps/registry", "conf/__init__") * 12, 11)
)
CALLS = "".join(f"       [InstallError]:   File 'pipenv/core.py', line {number}, in install\n" for number in range(90))
PIP = "-----> Installing python-3.11.9\n-----> Installing pip 24.0, setuptools 69.5.1 and wheel 0.43.0\n"
BY_PIP = f"{PIP}-----> Installing requirements with pip\n{DOWNLOADS}"
REJECTED = " !     Push rejected, failed to compile Python app.\n !     Push failed\n"

NO_LIBRARY = f"""\
{DASHBOARD}{BY_PIP}\
         Building wheel for pycairo (pyproject.toml): started
         Building wheel for pycairo (pyproject.toml): finished with status 'error'
         error: subprocess-exited-with-error
         × Building wheel for pycairo (pyproject.toml) did not run successfully.
         │ exit code: 1
         ╰─> [371 lines of output]
{COMPILATION}\
             Package cairo was not found in the pkg-config search path.
             No package 'cairo' found
             [end of output]
         note: This error originates from a subprocess, and is likely not a problem with pip.
         ERROR: Failed building wheel for pycairo
       Failed to build pycairo
       ERROR: Could not build wheels for pycairo, which is required to install pyproject.toml-based projects
{REJECTED}"""
OF_DEBIAN = f"""\
{DASHBOARD}{BY_PIP}\
       ERROR: Ignored the following yanked versions: 0.0.0, 0.7.8
       ERROR: Could not find a version that satisfies the requirement python-apt==2.4.0+ubuntu1 (from versions: none)
       ERROR: No matching distribution found for python-apt==2.4.0+ubuntu1
{REJECTED}"""
NO_VARIABLE = f"""\
{DASHBOARD}{BY_PIP}\
       Successfully installed asgiref-3.8.1 django-4.2.11 error-handler-5.5.0
-----> $ python manage.py collectstatic --noinput
       /app/.heroku/python/lib/python3.11/site-packages/environ/environ.py:524: UserWarning: no file .env to be read
         warnings.warn(f"no file {{env_file}} to be read")
       Traceback (most recent call last):
{FRAMES}\
       KeyError: 'AWS_BUCKET'
       During handling of the above exception, another exception occurred:
       Traceback (most recent call last):
{FRAMES}\
       django.core.exceptions.ImproperlyConfigured: Set the AWS_BUCKET environment variable
 !     Error while running '$ python manage.py collectstatic --noinput'.
       See traceback above for details.
{REJECTED}"""
BY_PIPENV = f"""\
-----> Python app detected
-----> Installing python-3.6.15
-----> Installing pip 20.2.4, setuptools 47.1.1 and wheel 0.36.2
-----> Installing dependencies with Pipenv 2020.11.15
       Installing dependencies from Pipfile.lock (72b22b)...
       An error occurred while installing markupsafe==1.0 --hash=sha256:{"a6" * 32}! Will try again.
       Installing initially failed dependencies...
{CALLS}\
       [pipenv.exceptions.InstallError]: ['Complete output (5 lines):', 'Traceback (most recent call last):']
       ERROR: Couldn't install package: markupsafe
        Package installation failed...
{REJECTED}"""
OLD_SETUP = f"""\
{DASHBOARD}{BY_PIP}\
       Collecting MarkupSafe==1.0
         Downloading MarkupSafe-1.0.tar.gz (14 kB)
           ERROR: Command errored out with exit status 1:
            command: /app/.heroku/python/bin/python -c 'import sys, setuptools' egg_info --egg-base /tmp/pip-egg-info
                cwd: /tmp/pip-install-wwuzjgrj/markupsafe/
           Complete output (5 lines):
           Traceback (most recent call last):
             File "/tmp/pip-install-wwuzjgrj/markupsafe/setup.py", line 6, in <module>
               from setuptools import setup, Extension, Feature
           ImportError: cannot import name 'Feature' from 'setuptools' (/app/.heroku/python/lib/setuptools/__init__.py)
           ----------------------------------------
       ERROR: Command errored out with exit status 1: python setup.py egg_info Check the logs for full command output.
{REJECTED}"""
NO_STATIC_DIRECTORY = f"""\
{DASHBOARD}{BY_PIP}\
-----> $ python manage.py collectstatic --noinput
       Traceback (most recent call last):
{FRAMES}\
       FileNotFoundError: [Errno 2] No such file or directory: '/tmp/build_a1b2c3/static'
 !     Error while running '$ python manage.py collectstatic --noinput'.
{REJECTED}"""
OLD_DETECTION = f"""\
{STAGES}remote:
remote: -----> Using set buildpack heroku/python
remote:
remote:  !     Push rejected, failed to detect set buildpack heroku/python
remote: More info: https://devcenter.heroku.com/articles/buildpacks#detection-failure
"""
FAILED = {
    "a library": (NO_LIBRARY, "install-dependencies::pip", ["pkg-config-package-missing", "wheel-not-built"]),
    "a requirement of Debian": (OF_DEBIAN, "install-dependencies::pip", ["distribution-from-debian"]),
    "a config var": (NO_VARIABLE, "collectstatic-improper-configuration", ["config-var-not-set"]),
    "a package of Pipenv": (BY_PIPENV, "install-dependencies::pipenv", ["pipenv-package-not-installed"]),
    "an old package": (OLD_SETUP, "install-dependencies::pip", ["setuptools-feature"]),
    "a directory": (NO_STATIC_DIRECTORY, "collectstatic-other", ["static-directory-missing"]),
    "a set buildpack": (OLD_DETECTION, "detect", []),
}
"""Logs, the reason of the failure, and its causes."""


def remote(text: str) -> str:
    return "".join(f"remote: {line}\n" for line in text.splitlines()) + PUSH_FAILED


def blank_between(text: str) -> str:
    return text.replace("\n", "\n\n")


def quoted(text: str) -> str:
    return "".join(f"> {line}\n" for line in text.splitlines())


def of_a_job(text: str) -> str:
    return "".join(f"2026-05-01T10:00:00.0000000Z {line}\n" for line in text.splitlines())


def coloured(text: str) -> str:
    return "".join(f"\x1b[1;33m{line}\x1b[0m\r\n" for line in text.splitlines())


def on_a_page(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;")
    return "".join(f'<span class="line">{line}</span>\n' for line in escaped.splitlines())


@pytest.mark.parametrize("shown", [str, remote, blank_between, quoted, of_a_job, coloured, on_a_page])
@pytest.mark.parametrize(("text", "reason", "causes"), FAILED.values(), ids=FAILED.keys())
def test_the_reasons_of_a_failure_are_found(
    text: str, reason: str, causes: list[str], shown: Callable[[str], str]
) -> None:
    log = read(shown(text))
    assert log.outcome is Outcome.FAILED
    assert [each.error.id for each in log.causes] == causes
    assert log.reason == reason
    assert log.codes == ()


SCARY = f"""\
{DASHBOARD}{BY_PIP}\
         WARNING: Retrying (Retry(total=4)) after connection broken by 'ReadTimeoutError'
         Building wheel for old-package (setup.py): finished with status 'error'
         ERROR: Failed building wheel for old-package
         Running setup.py clean for old-package
       Failed to build old-package
         Running setup.py install for old-package: finished with status 'done'
{COMPILATION}\
       Successfully installed old-package-1.0
-----> $ python manage.py collectstatic --noinput
       Found another file with the destination path 'error.css'. It will be ignored.
       130 static files copied to '/tmp/build_a1b2c3/staticfiles', 7 not found.
-----> Discovering process types
       Procfile declares types -> web
-----> Compressing...
       Done: 60.2M
-----> Launching...
       Released v7
       https://shop.example/ deployed to Heroku
"""


@pytest.mark.parametrize("shown", [str, blank_between, of_a_job, coloured])
def test_a_build_that_succeeds_has_no_reason_to_fail(shown: Callable[[str], str]) -> None:
    log: BuildLog = read(shown(SCARY))
    assert log.outcome is Outcome.BUILT
    assert (log.stop, log.causes, log.unknown, log.reason) == (None, (), (), None)
