"""Settings of all tests."""

import os
import sys

from hypothesis import settings

# A shared or slow machine is no reason to fail: an example may take as long as it takes.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

# The programs that the tests need, such as uv, are installed beside their Python, whether or not that is activated.
os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", ""), os.path.dirname(sys.executable)])
# A test of what is done in a CI job says so.
os.environ.pop("CI", None)
# What the user's cache holds is no business of the tests.
os.environ["PYDEPLOY_LINT_CACHE"] = os.path.join(os.path.dirname(__file__), "no-cache")
