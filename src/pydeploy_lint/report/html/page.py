"""One page to share, in one file: the verdict, the findings by file, and how long Heroku supports what the app uses.

It needs no other file, and says so to the browser, which then would refuse any. A page about several apps begins with
an overview, and folds the details. Its script only sorts and filters.
"""

from __future__ import annotations

import base64
import hashlib
import pathlib
import re
import tempfile
from typing import TYPE_CHECKING

from pydeploy_lint.facts.python.version import CACHED_ORIGIN, DEFAULT_ORIGIN
from pydeploy_lint.heroku.policy import MANAGER_TITLES
from pydeploy_lint.report.common.document import Document
from pydeploy_lint.report.common.row import Row
from pydeploy_lint.report.common.summary import Verdict, comparison, outlook, summary
from pydeploy_lint.report.html.findings import files, notes, suppressed
from pydeploy_lint.report.html.markup import NOTHING, Markup, block, element
from pydeploy_lint.report.html.overview import Listed, overview
from pydeploy_lint.report.html.timeline import figure, patterns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydeploy_lint.engine.result import AppReport, BuildPrediction, Notification, PolicyUsed, Unjudged
    from pydeploy_lint.report.common.document import Closing, Head
    from pydeploy_lint.report.common.terminal import Terminal

ANSWERS = {Verdict.BUILDS: "Yes", Verdict.DOUBTFUL: "In doubt", Verdict.FAILS: "Yes, but", Verdict.REJECTED: "No"}
IN_MEMORY, PIECE = 4_000_000, 1_000_000
"""Characters: of the details of many apps, those beyond are in a file; and what is read of it at once."""
INFORMATION = "https://devcenter.heroku.com/articles/python-support"


def document(head: Head, terminal: Terminal | None) -> Document:
    """The report, written at the end, without the time; equal reports give equal bytes."""
    return _Fleet(head, terminal) if head.several else _One(head, terminal)


class _One(Document):
    """A page about one app, or none."""

    def __init__(self, head: Head, terminal: Terminal | None) -> None:
        super().__init__(head, terminal)
        self._title = "Would Heroku build this app?"
        self._sections: list[Markup] = []
        self._failures = list(head.notifications)

    def app(self, app: AppReport) -> str:
        """See `Document.app`."""
        self._title += f" {ANSWERS[summary(app)[0]]}"
        self._sections.append(app_section(app, "app-1", show_suppressed=self.head.show_suppressed))
        return ""

    def unjudged(self, unjudged: Unjudged) -> str:
        """See `Document.unjudged`."""
        self._failures.append(unjudged.why)
        return ""

    def end(self, _closing: Closing) -> Iterator[str]:
        """See `Document.end`."""
        yield _beginning(self.head, "Would Heroku build this app?", self._title)
        yield block("main", _failed(self._failures), *self._sections, id="answer") + "\n" + _END


class _Fleet(Document):
    """A page about several apps. Their details wait in a file, as the overview comes first."""

    def __init__(self, head: Head, terminal: Terminal | None) -> None:
        super().__init__(head, terminal)
        self._apps: list[Listed] = []
        self._failures = list(head.notifications)
        self._as_of: str | None = None
        self._details = tempfile.SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8", newline="\n")  # noqa: SIM115

    def app(self, app: AppReport) -> str:
        """See `Document.app`."""
        self._as_of = self._as_of or app.policy.as_of
        name = None if app.skipped else _anchor(app)
        self._apps.append(Listed(Row.of(app), name))
        if name:
            verdict, sentence = summary(app)
            self._details.write(
                block(
                    "details",
                    element(
                        "summary", element("strong", _name(app)), " ", _answer(verdict), " ", element("span", sentence)
                    ),
                    app_section(app, f"{name}-about", show_suppressed=self.head.show_suppressed),
                    id=name,
                )
                + "\n"
            )
        return ""

    def unjudged(self, unjudged: Unjudged) -> str:
        """See `Document.unjudged`."""
        self._apps.append(Listed(Row.of_unjudged(unjudged), None))
        self._failures.append(unjudged.why)
        return ""

    def end(self, closing: Closing) -> Iterator[str]:
        """See `Document.end`."""
        yield _beginning(self.head, "Would Heroku build these apps?", "Would Heroku build these apps?", _script())
        yield '<main id="answer">\n'
        yield overview(closing.totals, self._apps, self._as_of, closing.comparison)
        yield _failed(self._failures)
        yield '<section class="details" aria-labelledby="details">\n<h2 id="details">Details</h2>\n'
        self._details.seek(0)
        while piece := self._details.read(PIECE):
            yield piece
        self._details.close()
        yield f"</section>\n</main>\n{element('script', _script())}\n{_END}"


def _beginning(head: Head, question: str, title: str, script: Markup = NOTHING) -> str:
    """The page up to its main part."""
    style = _file("style.css")
    scripts = f" script-src {_digest(script)};" if script else ""
    policy = f"default-src 'none';{scripts} style-src {_digest(style)}; base-uri 'none'; form-action 'none'"
    about = block(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"{title} - pydeploy-lint"),
        element("style", style),
    )
    first = [
        patterns(),
        element("a", "Skip to the answer", href="#answer", class_="skip"),
        block("header", element("p", f"pydeploy-lint {head.version}", class_="tool"), element("h1", question)),
    ]
    body = '<body class="fleet">' if script else "<body>"
    return f'<!DOCTYPE html>\n<html lang="en">\n{about}\n{body}\n' + "".join(f"{each}\n" for each in first)


def _script() -> Markup:
    return _file("fleet.js")


def _file(name: str) -> Markup:
    return Markup((pathlib.Path(__file__).parent / name).read_text(encoding="utf-8"))


def _digest(text: Markup) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _failed(failures: Sequence[Notification]) -> Markup:
    return notes(failures, ".", "What went wrong", "h2")


_END = (
    block(
        "footer",
        element(
            "p",
            "Told by pydeploy-lint, which installs and runs nothing of the app. See also ",
            element("a", "Heroku's page on Python", href=INFORMATION),
            ".",
        ),
    )
    + "\n</body>\n</html>\n"
)


def _anchor(app: AppReport) -> str:
    """The id of an app's details, which is the same in every report, so that links to it last."""
    words = re.sub(r"[^a-z0-9]+", "-", app.path.lower()).strip("-")
    digest = hashlib.sha256(f"{app.path}\0{app.rev or ''}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"app-{words[-40:].strip('-')}-{digest[:8]}"


def _answer(verdict: Verdict) -> Markup:
    return element("strong", ANSWERS[verdict], class_=f"answer {verdict.name.lower()}")


def _name(app: AppReport) -> str:
    name = "This directory" if app.path == "." else app.path
    return name if app.rev is None else f"{name} at {app.rev}"


def app_section(app: AppReport, name: str, *, show_suppressed: bool = False) -> Markup:
    """Everything about one app, for a page with the `patterns` of the drawings and the style sheet.

    Args:
        app: the results.
        name: the start of all ids in the section.
        show_suppressed: whether to list what is suppressed.
    """
    verdict, sentence = summary(app)
    more = [text for text in (comparison(app), outlook(app)) if text]
    as_of, data_until = app.policy.as_of, app.policy.data_until
    return block(
        "section",
        element("h2", _name(app), id=name),
        block(
            "div",
            element("p", _answer(verdict), " ", element("span", sentence)),
            *(element("p", text, class_="compared") for text in more),
            class_=f"verdict {verdict.name.lower()}",
        ),
        files(app.findings),
        suppressed(app.suppressed, app.path) if show_suppressed and app.suppressed else NOTHING,
        notes(app.unreported, app.path, "What could not be decided", "h3"),
        element("h3", "What the build does"),
        block("dl", *_facts(app.build, app.policy), class_="facts"),
        element("h3", "How long Heroku supports it") if app.timeline else NOTHING,
        figure(app.timeline, as_of, data_until, name) if app.timeline else NOTHING,
        aria_labelledby=name,
    )


def _facts(build: BuildPrediction, policy: PolicyUsed) -> Iterator[Markup]:
    if build.failure_reason:
        yield _fact("Stops with" if build.certain else "May stop with", element("code", build.failure_reason))
    if build.python_version_requested:
        origin = build.python_version_origin
        unasked = {DEFAULT_ORIGIN: "by default", CACHED_ORIGIN: "as in the last build"}
        asked = unasked.get(origin or DEFAULT_ORIGIN, f"asked for in {origin}")
        version = build.python_version or build.python_version_requested
        newer = " or newer" if "python_version" in build.may_differ else ""
        yield _fact("Python", element("strong", version), f"{newer} {asked}")
    if build.package_manager:
        yield _fact("Package manager", MANAGER_TITLES[build.package_manager])
    if build.install_command:
        yield _fact("Installs with", element("code", build.install_command))
    if build.addons:
        yield _fact("Add-ons", ", ".join(build.addons))
    if build.warnings:
        yield _fact("Build warnings", ", ".join(build.warnings))
    yield _fact("Stack", policy.stack)
    yield _fact("Judged by", f"heroku/python {policy.buildpack}, as of {policy.as_of}")
    if build.may_differ:
        yield _fact("Platform data", f"of {policy.data_until}, {policy.age_days} days old")


def _fact(term: str, *description: str) -> Markup:
    return element("div", element("dt", term), element("dd", *description))
