"""Reads the data files that come with pydeploy-lint, each of which lies beside the module that knows its form.

What ages is apart from them: see `aging_data`.
"""

from __future__ import annotations

import json
import os
from typing import Any


def load_json(module_file: str, *names: str) -> Any:
    """The content of a JSON file beside a module.

    Args:
        module_file: the module's ``__file__``.
        names: the file's path from there; `pathlib` would take longer to import than most files take to read.
    """
    with open(os.path.join(os.path.dirname(module_file), *names), "rb") as file:
        return json.load(file)
