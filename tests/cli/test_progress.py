from __future__ import annotations

import io

from pydeploy_lint.cli.progress import CLEAR, Progress
from pydeploy_lint.engine.result import Notification, Unjudged
from pydeploy_lint.finding import Severity
from pydeploy_lint.fleet.outcome import Outcome
from tests.report.samples import REJECTED_APP

FOUND, CLEAN = Outcome(REJECTED_APP, found=True), Outcome(REJECTED_APP)
MISSING = Outcome(None, (Unjudged("missing", Notification(Severity.ERROR, "missing does not exist")),))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_a_line_changes() -> None:
    stream = Terminal()
    progress = Progress(2000, quiet=False, stream=stream, now=100)
    progress.add(FOUND, 100.1)
    assert stream.getvalue() == ""
    progress.add(MISSING, 100.25)
    assert stream.getvalue() == (
        f"{CLEAR}[....................] 2 of 2,000 apps, 8 a second, 4 min 10 s left, 1 with problems, 1 not judged"
    )
    progress.clear()
    progress.clear()
    assert stream.getvalue().count(CLEAR) == 2
    for _ in range(998):
        progress.add(CLEAN, 100.3)
    progress.add(CLEAN, 110)
    assert stream.getvalue().endswith(
        f"{CLEAR}[##########..........] 1,001 of 2,000 apps, 100 a second, 10 s left, 1 with problems, 1 not judged"
    )


def test_in_a_log_there_is_a_line_now_and_then() -> None:
    stream = io.StringIO()
    progress = Progress(100, quiet=False, stream=stream, now=0)
    for second in range(1, 70):
        progress.add(CLEAN, second)
        progress.clear()
    assert stream.getvalue() == (
        "pydeploy-lint: 30 of 100 apps, 1 a second, 1 min 10 s left, 0 with problems\n"
        "pydeploy-lint: 60 of 100 apps, 1 a second, 40 s left, 0 with problems\n"
    )


def test_nothing_is_said_of_one_app_or_if_nobody_wants_to_know() -> None:
    for total, quiet in ((1, False), (100, True)):
        stream = Terminal()
        progress = Progress(total, quiet=quiet, stream=stream, now=0)
        progress.add(CLEAN, 1000)
        progress.clear()
        assert stream.getvalue() == ""
