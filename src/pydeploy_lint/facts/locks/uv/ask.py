"""The verdict of an installed uv on a uv.lock, for those who ask for it, without a network and without a build."""

from __future__ import annotations

from typing import NamedTuple

TIMEOUT = 20
"""Seconds; the check itself takes less than one."""
STALE = ("needs to be updated", "network was disabled")
"""What uv says of a lock that does not satisfy the project; the latter where it would look for other packages."""


class Answer(NamedTuple):
    """What uv said."""

    fresh: bool | None
    """None where it could not tell."""
    text: str
    """Its last words, or why it was not asked."""


def ask_uv(root: str) -> Answer:
    """Let uv check the lock of a project whose metadata is static.

    Without a build the project's own code is not run; without a network the cache must do. A lock that this
    interpreter is too old or too new for is not judged, since no other may be looked for: see `_environment`.

    Args:
        root: the directory of the pyproject.toml and the uv.lock.
    """
    import subprocess

    from pydeploy_lint.files.programs import find_program

    program = find_program("uv")
    if program is None:
        return Answer(None, "uv is not installed")
    command = [program, "lock", "--check", "--offline", "--no-build", "--no-progress", "--color", "never"]
    try:
        environment = _environment(program)
        done = subprocess.run(  # noqa: S603 - a fixed command, asked for by an option
            command,
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return Answer(None, f"uv did not answer within {TIMEOUT} seconds")
    except OSError as error:
        return Answer(None, f"uv cannot be run: {error.strerror or error}")
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    text = next((line for line in lines if line.startswith("error:")), lines[-1] if lines else "")
    if done.returncode == 0:
        return Answer(True, text)
    stale = any(words in done.stderr for words in STALE)
    return Answer(False if stale else None, text.removeprefix("error: "))


def _environment(program: str) -> dict[str, str]:
    """Variables with which nothing of the app is run, and nothing is written where its settings say.

    uv asks an interpreter for its version before anything else: that of the app's ``.venv``, else the one that
    ``.python-version`` names, which may be any file of the app. Its cache is where ``[tool.uv]`` says.
    """
    import os
    import subprocess
    import sys

    from pydeploy_lint.files.programs import search_path

    nowhere = os.path.join(os.path.abspath(os.devnull), "none")
    environment = {**os.environ, "PATH": search_path(), "UV_PYTHON_DOWNLOADS": "never", "GIT_ALLOW_PROTOCOL": "none"}
    # Of the root directory there are no settings.
    cache = subprocess.run(  # noqa: S603 - a fixed command
        [program, "cache", "dir", "--no-config", "--color", "never"],
        cwd=os.path.abspath(os.sep),
        env=environment,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=TIMEOUT,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return {
        **environment,
        "UV_CACHE_DIR": cache.stdout.strip() or nowhere,
        "UV_KEYRING_PROVIDER": "disabled",
        "UV_PROJECT_ENVIRONMENT": nowhere,
        "UV_PYTHON": sys.executable,
    }
