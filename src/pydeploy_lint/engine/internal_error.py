"""What users read when pydeploy-lint itself fails."""

from __future__ import annotations

import os

DEBUG = "PYDEPLOY_LINT_DEBUG"


def internal_error(error: Exception) -> str:
    """What users are told of a mistake in pydeploy-lint; those who ask for it see where it happened."""
    if os.environ.get(DEBUG):
        import traceback

        traceback.print_exception(error)
    return (
        f"pydeploy-lint itself failed: {type(error).__name__}: {error}"
        f" (please report this; with {DEBUG}=1 in the environment it says where)"
    )
