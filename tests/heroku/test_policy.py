"""What the policy answers, release by release and date by date."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.heroku.history import History
from pydeploy_lint.heroku.platform import Change, Event, stack_events, upstream, upstream_may_have_released
from pydeploy_lint.heroku.policy import Documented, Policy, Removal, Status, series_key
from pydeploy_lint.heroku.rules import Mode

from .known import known_history

ARTICLE = "https://devcenter.heroku.com/articles/python-support"
END_OF_HEROKU_22 = "https://help.heroku.com/NQNCQTEJ/heroku-22-end-of-life-faq"
HISTORY = known_history()

SILENT, WARNING, ERROR = Mode.SILENT, Mode.WARNING, Mode.ERROR
SUPPORTED, DEPRECATED, END_OF_LIFE, UNKNOWN = Status


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def on(date: str, *, stack: str = "heroku-24") -> Policy:
    return Policy(day(date), stack=stack, history=HISTORY)


def of(release: str, *, date: str = "2026-11-23", stack: str = "heroku-24") -> Policy:
    return Policy(day(date), release=release, stack=stack, history=HISTORY)


def test_the_support_article_of_2024_11_06() -> None:
    policy = on("2024-11-06")
    documented = {series: policy.documented(series) for series in ("3.14", *reversed(policy.latest_patches), "3.7")}
    assert documented == {
        "3.14": Documented(UNKNOWN),
        "3.13": Documented(SUPPORTED, source=ARTICLE),
        "3.12": Documented(SUPPORTED, source=ARTICLE),
        "3.11": Documented(SUPPORTED, source=ARTICLE),
        "3.10": Documented(SUPPORTED, source=ARTICLE),
        "3.9": Documented(DEPRECATED, source=ARTICLE),
        "3.8": Documented(DEPRECATED, ("heroku-20",), day("2024-12-04"), ARTICLE),
        "3.7": Documented(END_OF_LIFE),
    }
    assert policy.release == "v265"
    assert policy.default_series == "3.12"
    assert set(policy.rules.package_managers.values()) == {"requirements.txt", "poetry.lock", "Pipfile.lock"}
    assert {manager: policy.rules.install_command(manager) for manager in policy.rules.package_managers} == {
        "pip": "pip install -r requirements.txt",
        "poetry": "poetry install --sync --only main",
        "pipenv": "pipenv install --deploy",
    }
    assert policy.rules.reads_python_version_file
    assert policy.database_for_accounts_before == day("2023-05-15")
    assert [policy.on_stack("3.8"), on("2024-11-06", stack="heroku-20").on_stack("3.8")] == [False, True]


@pytest.mark.parametrize(
    ("series", "date", "built", "documented"),
    [
        ("3.9", "2024-11-05", SUPPORTED, Documented(SUPPORTED)),
        ("3.9", "2024-11-06", SUPPORTED, Documented(DEPRECATED, source=ARTICLE)),
        ("3.9", "2025-01-07", SUPPORTED, Documented(DEPRECATED, source=ARTICLE)),
        ("3.9", "2025-01-08", DEPRECATED, Documented(DEPRECATED)),
        ("3.9", "2026-01-07", END_OF_LIFE, Documented(END_OF_LIFE)),
        ("3.8", "2024-12-04", DEPRECATED, Documented(DEPRECATED, ("heroku-20",), day("2024-12-04"), ARTICLE)),
        ("3.8", "2024-12-05", DEPRECATED, Documented(DEPRECATED)),
        ("3.8", "2025-01-08", END_OF_LIFE, Documented(END_OF_LIFE)),
        ("3.10", "2025-11-20", SUPPORTED, Documented(SUPPORTED, source=ARTICLE)),
        ("3.10", "2025-11-21", DEPRECATED, Documented(DEPRECATED)),
        ("3.14", "2025-10-08", UNKNOWN, Documented(UNKNOWN)),
        ("3.14", "2025-10-09", SUPPORTED, Documented(SUPPORTED)),
        ("3.3", "2019-03-13", END_OF_LIFE, Documented(END_OF_LIFE)),
        ("3.0", "2019-03-13", END_OF_LIFE, Documented(END_OF_LIFE)),  # between two supported ones
        ("2.7", "2019-12-23", DEPRECATED, Documented(DEPRECATED)),
    ],
)
def test_status_on_a_date(series: str, date: str, built: Status, documented: Documented) -> None:
    assert (on(date).status(series), on(date).documented(series)) == (built, documented)


def test_documents_do_not_follow_a_pinned_release() -> None:
    policy = of("v265", date="2026-11-23")
    assert (policy.status("3.9"), policy.documented("3.9")) == (SUPPORTED, Documented(END_OF_LIFE))


@given(
    st.sampled_from([name for name, _ in HISTORY.releases]),
    st.integers(0, 20).flatmap(lambda major: st.integers(0, 30).map(lambda minor: f"{major}.{minor}")),
)
def test_every_series_has_a_status(release: str, series: str) -> None:
    policy = of(release)
    known = [series_key(name) for name in policy.latest_patches]
    assert known == sorted(known)
    expected = {DEPRECATED, SUPPORTED} if series_key(series) in known else {END_OF_LIFE}
    assert policy.status(series) in ({UNKNOWN} if series_key(series) > known[-1] else expected)
    assert (policy.removal(series) is not None) == (policy.status(series) is DEPRECATED)


@pytest.mark.parametrize(
    ("release", "series", "removal"),
    [
        ("v351", "3.10", Removal("2026-10", day("2027-01-06"))),
        ("v351", "3.11", None),
        ("v326", "3.9", Removal("2025-10-31", day("2026-01-07"))),
        ("v320", "3.9", Removal("2025-10", day("2026-01-07"))),
        ("v265", "3.8", Removal("2024-10", day("2024-12-04"))),
        ("v163", "2.7", Removal(None, None)),
    ],
)
def test_removal(release: str, series: str, removal: Removal | None) -> None:
    assert of(release).removal(series) == removal


@pytest.mark.parametrize(
    ("date", "series", "expected"),
    [
        ("2026-11-23", "3.15", False),  # supported for certain
        ("2026-10-08", "3.15", True),
        ("2026-10-01", "3.15", True),
        ("2026-09-30", "3.15", False),
        ("2026-11-23", "3.16", False),
        ("2027-10-01", "3.16", True),
        ("2027-10-01", "3.17", False),
        ("2026-11-23", "4.0", False),
        ("2026-11-23", "2.8", False),
        ("2026-11-23", "3.14", False),  # supported for certain
        ("2026-11-23", "3.9", False),  # gone for certain
        ("2025-10-08", "3.14", False),  # the data knows that day's release
    ],
)
def test_a_newer_series_may_be_supported_past_the_data(date: str, series: str, expected: bool) -> None:
    assert on(date).may_be_supported_by_now(series) is expected


def test_a_pinned_release_never_learns() -> None:
    assert not of("v351").may_be_supported_by_now("3.15")
    assert not of("v351").data_may_be_stale
    assert [on("2026-08-18").data_may_be_stale, on("2026-08-19").data_may_be_stale] == [False, True]


@given(st.dates(datetime.date(2026, 1, 1), datetime.date(2040, 1, 1)), st.integers(0, 60))
def test_upstream_releases_one_minor_version_a_year(date: datetime.date, minor: int) -> None:
    known = series_key(list(upstream())[-1])[1]
    if minor > known:
        expected = date >= datetime.date(2026 + minor - 15, 10, 1)
    else:
        known_series = upstream().get(f"3.{minor}")
        expected = known_series is not None and known_series.released <= date
    assert upstream_may_have_released(f"3.{minor}", date) is expected


def test_an_announced_removal_after_the_data_happens() -> None:
    policy = on("2026-11-23")
    assert [policy.on(day(date)).status("3.10") for date in ("2027-01-05", "2027-01-06")] == [DEPRECATED, END_OF_LIFE]
    assert "3.10" not in on("2027-01-06").latest_patches
    assert of("v351").on(day("2027-01-06")).status("3.10") is DEPRECATED


def test_an_announced_removal_within_the_data_waits_for_its_release() -> None:
    assert on("2024-12-31").status("3.8") is DEPRECATED  # was to go on 2024-12-04, and went with v274


def test_another_date_keeps_stack_and_release() -> None:
    later = of("v300", stack="heroku-22").on(day("2030-01-01"))
    assert (later.release, later.stack, later.pinned, later.as_of) == ("v300", "heroku-22", True, day("2030-01-01"))
    assert on("2024-11-06").on(day("2026-01-07")).release == "v328"


def test_another_stack_keeps_date_and_release() -> None:
    other = of("v300").with_stack("heroku-22")
    assert (other.release, other.stack, other.pinned, other.as_of) == ("v300", "heroku-22", True, day("2026-11-23"))
    assert on("2024-11-06").with_stack("heroku-22").release == "v265"


def test_announced() -> None:
    removal = Event(day("2027-01-06"), Change.SERIES_REMOVED, "3.10", "heroku-buildpack-python v351")
    stack = [
        Event(day("2027-02-01"), Change.STACK_BROWN_OUT, "heroku-22", END_OF_HEROKU_22, 7),
        Event(day("2027-04-01"), Change.STACK_BROWN_OUT, "heroku-22", END_OF_HEROKU_22, 1),
        Event(day("2027-04-30"), Change.STACK_END_OF_LIFE, "heroku-22", END_OF_HEROKU_22),
        Event(day("2027-05-01"), Change.STACK_BUILDS_BLOCKED, "heroku-22", END_OF_HEROKU_22),
    ]
    assert on("2026-11-23", stack="heroku-22").announced() == (removal, *stack)
    assert of("v351", stack="heroku-22").announced() == tuple(stack)
    assert on("2027-01-06", stack="heroku-22").announced() == tuple(stack)
    assert on("2026-11-23", stack="no-such-stack").announced() == (removal,)


@pytest.mark.parametrize(
    ("stack", "date", "status", "brown_out"),
    [
        ("heroku-22", "2026-05-19", SUPPORTED, None),
        ("heroku-22", "2026-05-20", DEPRECATED, None),
        ("heroku-20", "2024-06-24", SUPPORTED, None),
        ("heroku-20", "2024-06-25", DEPRECATED, None),
        ("heroku-22", "2026-10-31", DEPRECATED, None),
        ("heroku-22", "2026-11-01", DEPRECATED, 30),
        ("heroku-22", "2027-02-01", DEPRECATED, 7),
        ("heroku-22", "2027-04-30", DEPRECATED, 1),
        ("heroku-22", "2027-05-01", END_OF_LIFE, None),
        ("heroku-20", "2025-04-30", DEPRECATED, 1),
        ("heroku-20", "2025-05-01", END_OF_LIFE, None),
        ("heroku-18", "2026-11-23", END_OF_LIFE, None),
        ("heroku-16", "2026-11-23", END_OF_LIFE, None),
        ("cedar-14", "2026-11-23", END_OF_LIFE, None),
        ("cedar", "2026-11-23", END_OF_LIFE, None),
        ("heroku-24", "2026-11-23", SUPPORTED, None),
        ("heroku-26", "2026-04-08", UNKNOWN, None),
        ("heroku-26", "2026-04-09", SUPPORTED, None),
        ("heroku-28", "2026-11-23", UNKNOWN, None),
    ],
)
def test_stack(stack: str, date: str, status: Status, brown_out: int | None) -> None:
    policy = on(date, stack=stack)
    in_force = policy.brown_out
    assert (policy.stack_status, in_force and in_force.every_days) == (status, brown_out)


@pytest.mark.parametrize("stack", HISTORY.stacks)
def test_the_life_of_a_stack_is_in_order(stack: str) -> None:
    dates = [event.date for event in stack_events(stack)]
    assert dates == sorted(dates)


def test_upstream_knows_every_series() -> None:
    shipped = History.load()
    names = [*(name for name, _ in shipped.releases), *(each.name for each in shipped.partial)]
    accepted = {series for name in names for series in shipped.state(name)["latest_patch"]}
    assert upstream().keys() >= accepted
    released = [dates.released for dates in upstream().values()]
    assert released == sorted(released)
    ends = ["2026-10", "2025-10-31", "2031-10", None]
    assert [of("v351").upstream_end(series) for series in ("3.10", "3.9", "3.15", "3.99")] == ends


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ("v265", (SILENT, WARNING, SILENT, SILENT, SILENT, SILENT)),
        ("v266", (WARNING, WARNING, SILENT, SILENT, SILENT, SILENT)),
        ("v280", (WARNING, WARNING, SILENT, SILENT, WARNING, WARNING)),
        ("v300", (WARNING, ERROR, SILENT, SILENT, ERROR, ERROR)),
        ("v320", (WARNING, ERROR, WARNING, WARNING, ERROR, ERROR)),
        ("v324", (WARNING, ERROR, WARNING, ERROR, ERROR, ERROR)),
        ("v325", (ERROR, ERROR, ERROR, ERROR, ERROR, ERROR)),
        ("v351", (ERROR, ERROR, ERROR, ERROR, ERROR, ERROR)),
    ],
)
def test_conditions(release: str, expected: tuple[Mode, ...]) -> None:
    policy = of(release)
    assert expected == (
        policy.rules.multiple_package_managers,
        policy.rules.pipfile_without_lock,
        policy.rules.setup_py_only,
        policy.rules.existing_venv,
        policy.rules.existing_python_dir,
        policy.rules.duplicate_python_buildpack,
    )


@pytest.mark.parametrize("manager", ["pip", "pipenv", "poetry", None])
@pytest.mark.parametrize(
    ("release", "runtime_txt", "missing_version"),
    [("v275", SILENT, SILENT), ("v276", WARNING, SILENT), ("v283", WARNING, WARNING), ("v351", WARNING, WARNING)],
)
def test_version_file_conditions(release: str, manager: str | None, runtime_txt: Mode, missing_version: Mode) -> None:
    rules = of(release).rules
    assert (rules.about_runtime_txt(manager), rules.about_missing_version(manager)) == (runtime_txt, missing_version)


@pytest.mark.parametrize(("release", "mode"), [("v285", WARNING), ("v286", ERROR), ("v351", ERROR)])
def test_uv_wants_a_version_file(release: str, mode: Mode) -> None:
    assert of(release).rules.about_runtime_txt("uv") is mode
    assert of(release).rules.about_missing_version("uv") is mode


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ("v260", (False, False, False, False, True, True)),
        ("v261", (True, False, True, False, True, True)),
        ("v283", (True, False, True, False, False, False)),
        ("v284", (True, False, True, False, True, False)),
        ("v318", (True, True, True, True, True, False)),
        ("v351", (True, True, True, True, True, False)),
    ],
)
def test_version_files(release: str, expected: tuple[bool, ...]) -> None:
    policy = of(release)
    assert expected == (
        policy.rules.runtime_txt_series,
        policy.rules.runtime_txt_comments,
        policy.rules.reads_python_version_file,
        policy.rules.names_encodings,
        policy.rules.accepts_crlf,
        policy.rules.drops_nul,
    )


@pytest.mark.parametrize(("release", "count"), [("v319", 0), ("v320", 17), ("v338", 17), ("v339", 20)])
def test_misspellings(release: str, count: int) -> None:
    assert len(of(release).rules.misspelled_version_files) == count


def test_misspellings_keep_their_order() -> None:
    names = of("v351").rules.misspelled_version_files
    assert names[:3] == (" .python-version", ". python-version", ".python_version.txt")
    assert names[-1] == "python-version"


@pytest.mark.parametrize(
    ("release", "files"),
    [
        ("v150", {"pipenv": "Pipfile", "pip": "requirements.txt"}),
        ("v265", {"pipenv": "Pipfile.lock", "pip": "requirements.txt", "poetry": "poetry.lock"}),
        ("v351", {"pipenv": "Pipfile.lock", "pip": "requirements.txt", "poetry": "poetry.lock", "uv": "uv.lock"}),
    ],
)
def test_package_managers_in_order(release: str, files: dict[str, str]) -> None:
    assert list(of(release).rules.package_managers.items()) == list(files.items())


@pytest.mark.parametrize(
    ("release", "manager", "command", "version"),
    [
        ("v351", "pip", "pip install -r requirements.txt", "26.2.1"),
        ("v351", "pipenv", "pipenv install --deploy", "2026.7.1"),
        ("v351", "poetry", "poetry sync --only main", "2.4.1"),
        ("v351", "uv", "uv sync --locked --no-default-groups", "0.12.5"),
        ("v266", "pipenv", "pipenv install --deploy", "2024.0.1"),
    ],
)
def test_installation(release: str, manager: str, command: str, version: str) -> None:
    policy = of(release)
    assert policy.rules.install_command(manager) == command
    assert policy.rules.tools.get(manager) == version


def test_installation_without_the_usual_file() -> None:
    assert of("v280").rules.install_command("pipenv", fallback=True) == "pipenv install --skip-lock"
    assert of("v280").rules.install_command("pip", fallback=True) == "pip install --editable ."


def test_unknown_tool() -> None:
    assert of("v265").rules.tools.get("uv") is None
    assert of("v351").rules.tools.get("conda") is None


def test_pipfile_without_lock_beside_runtime_txt() -> None:
    assert [of(name).rules.pipfile_without_lock_only_without_runtime_txt for name in ("v258", "v259")] == [True, False]


def test_detection() -> None:
    assert of("v252").rules.detect == ("requirements.txt", "setup.py", "Pipfile")
    assert of("v351").rules.detect[-3:] == ("__pycache__/", ".venv/", "venv/")
    assert len(of("v351").rules.detect) == 26


def test_steps_in_order() -> None:
    assert of("v351").rules.steps == ("pre_compile", "nltk", "collectstatic", "post_compile")


def test_where_the_policy_comes_from() -> None:
    policy = on("2024-11-07")
    assert (policy.release, policy.release_date, policy.stack) == ("v265", day("2024-11-06"), "heroku-24")
    assert (policy.data_until, policy.pinned, policy.stacks[-1]) == (HISTORY.until, False, "heroku-24")
