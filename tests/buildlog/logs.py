"""Logs as builds print them, made for the tests."""

from __future__ import annotations

import io

from pydeploy_lint.buildlog.log import BuildLog
from pydeploy_lint.buildlog.reader import read_log

BEGINNING = """\
remote: Building source:
remote:
remote: -----> Building on the Heroku-24 stack
remote: -----> Using buildpack: heroku/python
remote: -----> Python app detected
"""
PUSH_FAILED = """\
remote:
remote:  !     Push rejected, failed to compile Python app.
remote:
remote:  !     Push failed
 ! [remote rejected] main -> main (pre-receive hook declined)
error: failed to push some refs to 'https://git.example/shop.git'
"""
INSTALLATION = """\
remote: -----> Using Python 3.12 specified in .python-version
remote: -----> Restoring cache
remote: -----> Using cached install of Python 3.12.11
remote: -----> Installing pip 25.1.1
remote: -----> Installing dependencies using 'pip install -r requirements.txt'
"""
PIP_FAILED = """\
remote:
remote:  !     Error: Unable to install dependencies using pip.
remote:  !
remote:  !     See the log output above for more information.
"""
PG_CONFIG = """\
remote:        Collecting psycopg2==2.8.6 (from -r requirements.txt (line 1))
remote:          error: subprocess-exited-with-error
remote:              Error: pg_config executable not found.
remote:        ERROR: Failed to build psycopg2
"""
END_OF_LIFE = """\
remote: -----> Using Python 3.9 specified in runtime.txt
remote:
remote:  !     Error: The requested Python version has reached end-of-life.
"""
CACHED = """\
remote: -----> No Python version was specified. Using the same major version as the last build: Python 3.11
"""
BUILT = """\
remote: -----> Saving cache
remote: -----> Discovering process types
remote:        Procfile declares types -> web
remote: -----> Compressing...
remote: -----> Launching...
remote:        Released v12
remote:        https://shop.example/ deployed to Heroku
"""
CRASHED = """\
2026-05-01T10:00:00.000000+00:00 heroku[web.1]: Starting process with command `gunicorn shop:app`
2026-05-01T10:00:01.000000+00:00 app[web.1]: Traceback (most recent call last):
2026-05-01T10:00:01.000000+00:00 app[web.1]: ModuleNotFoundError: No module named 'shop'
2026-05-01T10:00:02.000000+00:00 heroku[web.1]: State changed from starting to crashed
2026-05-01T10:00:03.000000+00:00 heroku[router]: at=error code=H10 desc="App crashed" method=GET path="/"
2026-05-01T10:00:04.000000+00:00 heroku[router]: at=error code=H10 desc="App crashed" method=GET path="/x"
2026-05-01T10:00:05.000000+00:00 heroku[web.1]: Error R14 (Memory quota exceeded)
"""


def read(text: str | bytes) -> BuildLog:
    """What is known of a log."""
    return read_log(io.BytesIO(text if isinstance(text, bytes) else text.encode()), "build.log")
