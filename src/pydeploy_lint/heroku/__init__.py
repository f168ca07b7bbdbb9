"""What Heroku does: dated facts as data, and a small interpreter that answers for one release, stack and date."""

from pydeploy_lint.heroku.policy import Policy, UnknownRelease

__all__ = ["Policy", "UnknownRelease"]
