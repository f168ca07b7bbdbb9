from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from packaging.tags import compatible_tags, cpython_tags
from packaging.utils import parse_wheel_filename
from pydeploy_checks.packages.pins import package_incompatible
from pydeploy_checks.packages.psycopg2 import psycopg2_python_too_new
from pydeploy_checks.packages.wheels import (
    POETRY_LOCK,
    PROJECT,
    UV_LOCK,
    no_wheel_for_python,
    slug_size,
)

from pydeploy_lint.facts.locks.wheels import LockedFile, is_for_python, locked_packages
from pydeploy_lint.facts.packages.installed.poetry import from_poetry_lock
from pydeploy_lint.facts.packages.installed.uv import from_uv_lock
from pydeploy_lint.facts.packages.psycopg2 import TooOld, psycopg2_is_too_old
from pydeploy_lint.files.formats.documents import Document
from pydeploy_lint.files.source import Source
from pydeploy_lint.finding import Severity
from pydeploy_lint.testing import lint_files, place

PLATFORMS = [
    "manylinux_2_28_x86_64",
    "manylinux_2_17_x86_64",
    "manylinux2014_x86_64",
    "manylinux1_x86_64",
    "linux_x86_64",
]
APP = {".python-version": "3.13\n", "pyproject.toml": PROJECT}
NUMPY = "quick-2.0.2-cp312-cp312-manylinux_2_17_x86_64.whl"


@given(
    st.sampled_from(["cp36", "cp39", "cp312", "cp313", "cp314", "py3", "py2.py3", "py311", "py314", "pp310", "py2"]),
    st.sampled_from(["none", "abi3", "cp36m", "cp39", "cp312", "cp313", "cp313t", "cp314", "pypy310_pp73"]),
    st.sampled_from(
        ["any", *PLATFORMS, "manylinux_2_17_x86_64.manylinux2014_x86_64", "musllinux_1_2_x86_64", "win_amd64",
         "macosx_11_0_universal2", "manylinux2014_aarch64", "manylinux2014_i686"]
    ),
    st.sampled_from(["3.10", "3.12", "3.13", "3.14"]),
)  # fmt: skip
def test_fits_as_packaging_says(python: str, abi: str, platform: str, series: str) -> None:
    assume(platform != "any" or abi == "none")  # Code in an ABI is never for any platform.
    name = f"thing-1.0-{python}-{abi}-{platform}.whl"
    version = (3, int(series[2:]))
    interpreter = f"cp3{version[1]}"
    supported = {
        *cpython_tags(version, [interpreter], PLATFORMS),
        *compatible_tags(version, interpreter, PLATFORMS),
    }
    assert LockedFile(name).fits(series) is not supported.isdisjoint(parse_wheel_filename(name)[3])


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("thing-1.0.tar.gz", False),
        ("thing-1.0-1-cp313-cp313-linux_x86_64.whl", True),
        ("thing-1.0-1-cp312-cp312-linux_x86_64.whl", False),
        ("not a wheel's name.whl", True),
    ],
)
def test_odd_names(name: str, *, fits: bool) -> None:
    assert LockedFile(name).fits("3.13") is fits


def test_compiled_package_names_version_and_newest_python_with_wheels() -> None:
    [finding] = lint_files({**APP, "uv.lock": UV_LOCK}, [no_wheel_for_python])
    assert finding.message == (
        "quick 2.0.2 has wheels for other versions of Python, but none for Python 3.13; "
        "Heroku compiles it during the build, which may fail"
    )
    assert finding.help == (
        "Upgrade what has a newer version:\n    uv lock --upgrade-package quick\n"
        "or set a Python for which all have wheels in .python-version:\n    3.12"
    )
    assert (finding.severity, finding.failure_reason) == (Severity.WARNING, None)


def test_recommends_no_python_that_the_lock_is_not_for() -> None:
    poetry = POETRY_LOCK.replace("content-hash", 'python-versions = "^3.13"\ncontent-hash')
    [finding] = lint_files({".python-version": "3.13\n", "poetry.lock": poetry}, [no_wheel_for_python])
    assert "ask for Python" not in finding.help


def test_package_without_source_stops_the_build() -> None:
    [finding] = lint_files({".python-version": "3.13\n", "poetry.lock": POETRY_LOCK}, [no_wheel_for_python])
    assert finding.message == (
        "quick 2.0.2 has neither a source distribution nor a wheel for Linux and Python 3.13; it cannot be installed, "
        "so Heroku rejects the push"
    )
    assert (finding.severity, finding.failure_reason) == (Severity.ERROR, "install-dependencies::poetry")


@pytest.mark.parametrize(
    "lock",
    [
        UV_LOCK.replace(NUMPY, "quick-2.0.2-cp312-cp312-win_amd64.whl"),
        UV_LOCK.replace(NUMPY, "quick-2.0.2-py3-none-any.whl"),
        UV_LOCK.replace('{ registry = "https://index.example/simple" }', '{ git = "https://git.example/quick" }'),
        UV_LOCK.replace('{ name = "quick" }', '{ name = "quick", marker = "sys_platform == \'win32\'" }'),
        UV_LOCK.replace('{ name = "quick" }', '{ name = "quick", marker = "platform_release == \'1\'" }'),
        UV_LOCK.replace("wheels = [", "wheels = 1\nother = ["),
        UV_LOCK.replace(">=3.12", ">=3.12,<3.13"),
    ],
    ids=["built for every Python", "pure", "git", "Windows only", "undecided", "wrong type", "lock for another Python"],
)
def test_says_nothing_without_certainty(lock: str) -> None:
    assert lint_files({**APP, "uv.lock": lock}, [no_wheel_for_python]) == ()


def test_a_wheel_in_the_lock_file_makes_a_build_needless() -> None:
    gdal = UV_LOCK.replace('"quick"', '"gdal"')
    assert [each.check for each in lint_files({**APP, "uv.lock": gdal}, [package_incompatible])] == [
        "package-incompatible"
    ]
    with_wheel = gdal.replace(NUMPY, NUMPY.replace("cp312-cp312", "cp313-cp313"))
    assert lint_files({**APP, "uv.lock": with_wheel}, [package_incompatible]) == ()


def test_pinned_packages_that_must_be_compiled_are_one_finding() -> None:
    app = {"requirements.txt": "numpy==1.26.4\npandas==2.2.3\n"}
    [finding] = lint_files(app, [no_wheel_for_python], {"as-of": "2026-08-18"})
    assert finding.severity is Severity.WARNING
    assert finding.message == (
        "numpy ==1.26.4, pandas ==2.2.3: each has no wheel for Python 3.14, the default for new apps; Heroku compiles "
        "them during the build, which may fail"
    )
    assert finding.help == (
        "Upgrade to the first version with a wheel, or later:\n    numpy 2.3.2\n    pandas 2.3.3\n"
        "or set another Python in .python-version:\n    3.12"
    )
    assert [(place(each.at), each.message) for each in finding.related] == [
        ("requirements.txt:2:1-2:7", "pandas ==2.2.3 has no wheel for Python 3.14, the default for new apps")
    ]


@pytest.mark.parametrize(
    "requirements",
    [
        "numpy==1.23.2\n",  # It is known to fail: package-incompatible says so.
        "pyyaml==5.3.1\n",
        "numpy>=1.26\n",
        "--extra-index-url https://index.example/simple\nnumpy==1.26.4\n",
        "psycopg2-binary==2.9.9\n",
        "markupsafe==2.1.3\nsqlalchemy==2.0.23\n",
    ],
)
def test_pinned_packages_that_need_no_warning(requirements: str) -> None:
    assert lint_files({".python-version": "3.13\n", "requirements.txt": requirements}, [no_wheel_for_python]) == ()


def test_a_package_without_a_source_needs_a_wheel() -> None:
    files = {".python-version": "3.13\n", "requirements.txt": "tensorflow-cpu==2.18.0\n"}
    [finding] = lint_files(files, [package_incompatible])
    assert (finding.severity, finding.failure_reason) == (Severity.ERROR, "install-dependencies::pip")
    assert finding.help == (
        "Upgrade tensorflow-cpu to 2.20.0 or later.\n"
        "Or set a Python that all packages work with:\n    echo 3.12 > .python-version"
    )
    other = "--extra-index-url https://index.example/simple\n" + files["requirements.txt"]
    assert lint_files({**files, "requirements.txt": other}, [package_incompatible]) == ()


def test_a_lock_file_tells_itself_that_there_is_no_wheel() -> None:
    lock = UV_LOCK.replace('"quick"', '"tensorflow-cpu"').replace("2.0.2", "2.18.0").replace("sdist", "other")
    found = lint_files({**APP, "uv.lock": lock}, [package_incompatible, no_wheel_for_python])
    assert [each.check for each in found] == ["no-wheel-for-python"]


def test_slug_size_names_total_and_largest() -> None:
    [finding] = lint_files({**APP, ".python-version": "3.12\n", "uv.lock": UV_LOCK}, [slug_size])
    assert finding.message == (
        "the wheels in uv.lock amount to 600 MB, and Heroku refuses slugs of more than 500 MB; "
        "the largest are quick (600 MB)"
    )
    assert finding.severity is Severity.NOTE


def test_slug_size_counts_only_the_smallest_wheel_that_fits() -> None:
    two = UV_LOCK.replace(NUMPY, NUMPY + '", size = 7 },\n{ url = "' + NUMPY.replace("2_17", "2_28"))
    assert lint_files({**APP, ".python-version": "3.12\n", "uv.lock": two}, [slug_size]) == ()


SHAPE = {
    "requires-python": ">=3.12",
    "metadata": {"python-versions": "^3.12"},
    "package": [
        {
            "name": "app",
            "version": "1",
            "source": {"virtual": "."},
            "dependencies": [{"name": "quick"}],
            "groups": ["main"],
            "wheels": [{"url": "https://index.example/quick-1-cp313-cp313-linux_x86_64.whl", "size": 7}],
            "sdist": {"url": "https://index.example/quick-1.tar.gz"},
            "files": [{"file": "quick-1-py3-none-any.whl"}],
        }
    ],
}


def with_wrong_types(shape: object) -> st.SearchStrategy[object]:
    """The shape, of which any part may be something else."""
    other = st.sampled_from([None, 1, -1, True, "text", [], {}, [1], {"name": 1}])
    if isinstance(shape, dict):
        return st.fixed_dictionaries({key: with_wrong_types(value) for key, value in shape.items()}) | other
    if isinstance(shape, list):
        return st.tuples(*map(with_wrong_types, shape)).map(list) | other
    return st.just(shape) | other


@given(with_wrong_types(SHAPE))
def test_locks_of_any_shape(value: object) -> None:
    lock = Document(Source("uv.lock", b""), value, "toml")
    assert is_for_python(lock, "3.13.1") in (True, False)
    for install_set in (from_uv_lock(lock, "3.13.1"), from_poetry_lock(lock, None, "3.13.1")):
        for package in locked_packages(lock, install_set):
            assert package.wheel_size("3.13") in (0, 1, 7)
            assert package.has_source or package.files


@pytest.mark.parametrize(
    ("version", "series", "expected"),
    [
        ("2.9.9", "3.12", None),
        ("2.9.8", "3.12", TooOld("2.9.9", is_unusable=False)),
        ("2.9.9", "3.13", TooOld("2.9.10", is_unusable=True)),
        ("2.9.10", "3.13", None),
        ("2.9.10", "3.14", TooOld("2.9.11", is_unusable=False)),
        ("2.9.9", "3.14", TooOld("2.9.11", is_unusable=True)),
        ("2.9", "3.10", TooOld("2.9.1", is_unusable=False)),
        ("2.9.9", "3.99", None),
        ("2.9.dev1", "3.13", None),
        ("2.*", "3.13", None),
    ],
)
def test_releases_of_psycopg2(version: str, series: str, expected: TooOld | None) -> None:
    assert psycopg2_is_too_old(version, series) == expected


def test_psycopg2_that_cannot_be_imported_is_an_error() -> None:
    files = {".python-version": "3.13\n", "requirements.txt": "psycopg2==2.9.9\n"}
    [finding] = lint_files(files, [psycopg2_python_too_new])
    assert finding.message == (
        "psycopg2 2.9.9 is older than 2.9.10, the first release for Python 3.13; "
        "Heroku compiles it, and that fails, or the app does when it imports it (undefined symbol)"
    )
    assert (finding.severity, place(finding.at)) == (Severity.ERROR, "requirements.txt:1:1-1:9")
    [finding] = lint_files(
        {**files, ".python-version": "3.12\n", "requirements.txt": "psycopg2==2.9.1\n"}, [psycopg2_python_too_new]
    )
    assert finding.severity is Severity.NOTE


@pytest.mark.parametrize(
    "line",
    ["psycopg2>=2.9.9", "psycopg2", "psycopg2==2.9.9; sys_platform == 'win32'", "psycopg2===2.9.9", "psycopg==3.1"],
)
def test_psycopg2_that_is_not_pinned_says_nothing(line: str) -> None:
    files = {".python-version": "3.13\n", "requirements.txt": line + "\n"}
    assert lint_files(files, [psycopg2_python_too_new]) == ()


def test_default_python_is_that_of_new_apps_only() -> None:
    checks = [psycopg2_python_too_new, no_wheel_for_python]
    [finding] = lint_files({"requirements.txt": "psycopg2==2.9.9\n"}, checks, {"as-of": "2026-08-18"})
    assert "the first release for Python 3.14, the default for new apps; Heroku compiles it" in finding.message
    assert finding.severity is Severity.WARNING
    [finding] = lint_files({"poetry.lock": POETRY_LOCK}, checks, {"as-of": "2026-08-18"})
    assert "a wheel for Linux and Python 3.14, the default for new apps; it cannot be installed" in finding.message
    assert finding.severity is Severity.WARNING
