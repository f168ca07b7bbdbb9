"""Settings of all tests."""

from hypothesis import settings

# A shared or slow machine is no reason to fail: an example may take as long as it takes.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
