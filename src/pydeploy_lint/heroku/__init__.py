"""What Heroku does: dated facts as data, and a small interpreter that answers for one release, stack and date."""

from pydeploy_lint.heroku.history import UnknownRelease
from pydeploy_lint.heroku.policy import Policy, Status
from pydeploy_lint.heroku.rules import Mode

__all__ = ["Mode", "Policy", "Status", "UnknownRelease"]
