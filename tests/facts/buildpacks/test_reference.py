from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pydeploy_lint.facts.buildpacks.reference import BuildpackReference, RefKind, Spelling, parse

PYTHON = "heroku-buildpack-python"
URL = f"https://github.com/heroku/{PYTHON}"
CODON = "codon-buildpacks.s3"


@pytest.mark.parametrize(
    ("text", "spelling", "ref", "kind"),
    [
        ("heroku/python", Spelling.REGISTRY, "", RefKind.NONE),
        (" heroku/python\n", Spelling.REGISTRY, "", RefKind.NONE),
        ("urn:buildpack:heroku/python", Spelling.REGISTRY, "", RefKind.NONE),
        ("urn:cnb:registry:heroku/python@0.9.1", Spelling.REGISTRY, "0.9.1", RefKind.VERSION),
        ("heroku/python#v250", Spelling.REGISTRY, "v250", RefKind.RELEASE),
        (URL, Spelling.GIT, "", RefKind.NONE),
        (f"{URL}/", Spelling.GIT, "", RefKind.NONE),
        (f"HTTPS://www.GitHub.com/Heroku/{PYTHON}.git", Spelling.GIT, "", RefKind.NONE),
        (f"github.com/heroku/{PYTHON}", Spelling.GIT, "", RefKind.NONE),
        (f"{URL}#", Spelling.GIT, "", RefKind.NONE),
        (f"{URL}.git#v250", Spelling.GIT, "v250", RefKind.RELEASE),
        (f"{URL}#archive/v250", Spelling.GIT, "archive/v250", RefKind.ARCHIVED),
        (f"{URL}#refs/tags/v250", Spelling.GIT, "v250", RefKind.RELEASE),
        (f"{URL}#origin/main", Spelling.GIT, "main", RefKind.BRANCH),
        (f"{URL}#1a2b3c4", Spelling.GIT, "1a2b3c4", RefKind.COMMIT),
        (f"{URL}#1a2b3c", Spelling.GIT, "1a2b3c", RefKind.BRANCH),
        (f"{URL}/tree/v250", Spelling.GIT, "v250", RefKind.RELEASE),
        (f"http://github.com/heroku/{PYTHON}", Spelling.GIT, "", RefKind.NONE),
        (f"git://github.com/heroku/{PYTHON}.git", Spelling.GIT, "", RefKind.NONE),
        (f"git@github.com:heroku/{PYTHON}.git#main", Spelling.GIT, "main", RefKind.BRANCH),
        (f"ssh://git@github.com/heroku/{PYTHON}.git", Spelling.GIT, "", RefKind.NONE),
        (f"ssh://git@ssh.github.com:443/heroku/{PYTHON}.git", Spelling.GIT, "", RefKind.NONE),
        (f"git+https://github.com/heroku/{PYTHON}.git", Spelling.GIT, "", RefKind.NONE),
        (f"{URL}/archive/v250.tar.gz", Spelling.ARCHIVE, "v250", RefKind.RELEASE),
        (f"{URL}/archive/archive/v250.zip", Spelling.ARCHIVE, "archive/v250", RefKind.ARCHIVED),
        (f"{URL}/archive/refs/tags/v250.tar.gz", Spelling.ARCHIVE, "v250", RefKind.RELEASE),
        (f"{URL}/archive/refs/heads/main.zip", Spelling.ARCHIVE, "main", RefKind.BRANCH),
        (f"{URL}/tarball/v250", Spelling.ARCHIVE, "v250", RefKind.RELEASE),
        (f"{URL}/releases/download/v250/x.tgz", Spelling.ARCHIVE, "v250", RefKind.RELEASE),
        (f"https://codeload.github.com/heroku/{PYTHON}/tar.gz/v250", Spelling.ARCHIVE, "v250", RefKind.RELEASE),
        (f"https://api.github.com/repos/heroku/{PYTHON}/tarball/v250", Spelling.ARCHIVE, "v250", RefKind.RELEASE),
        ("https://buildpack-registry.s3.amazonaws.com/buildpacks/heroku/python.tgz", Spelling.BUCKET, "", RefKind.NONE),
        (f"https://{CODON}.amazonaws.com/buildpacks/heroku/python.tgz", Spelling.BUCKET, "", RefKind.NONE),
        (f"https://{CODON}.us-east-1.amazonaws.com/buildpacks/heroku/python.tgz", Spelling.BUCKET, "", RefKind.NONE),
        ("http://s3.amazonaws.com/codon-buildpacks/buildpacks/heroku/python-v9.tgz",
         Spelling.BUCKET, "v9", RefKind.RELEASE),
    ],
)  # fmt: skip
def test_spellings_of_the_official_python_buildpack(text: str, spelling: Spelling, ref: str, kind: RefKind) -> None:
    reference = parse(text)
    assert (reference.identity, reference.spelling, reference.ref, reference.ref_kind) == (
        "heroku/python",
        spelling,
        ref,
        kind,
    )
    assert reference.is_official_python
    assert not reference.is_python_fork


@pytest.mark.parametrize(
    ("text", "identity", "fork"),
    [
        ("https://github.com/someone/heroku-buildpack-python", "someone/python", True),
        ("someone/python", "someone/python", True),
        ("https://gitlab.com/group/sub/heroku-buildpack-python.git",
         "gitlab.com/group/sub/heroku-buildpack-python", True),
        ("https://gitlab.com/heroku/heroku-buildpack-python.git", "gitlab.com/heroku/heroku-buildpack-python", True),
        ("https://github.com/Scalingo/python-buildpack.git", "github.com/scalingo/python-buildpack", True),
        ("https://github.com/diogojc/heroku-buildpack-python-opencv-scipy", "diogojc/python-opencv-scipy", True),
        ("https://github.com/heroku/heroku-buildpack-nodejs", "heroku/nodejs", False),
        ("heroku-community/apt", "heroku/apt", False),
        ("https://github.com/heroku/heroku-buildpack-apt.git#v1", "heroku/apt", False),
        ("https://buildpack-registry.s3.amazonaws.com/buildpacks/heroku-community/apt.tgz", "heroku/apt", False),
        ("https://github.com/heroku/heroku-geo-buildpack.git", "github.com/heroku/heroku-geo-buildpack", False),
        ("https://bucket.s3.amazonaws.com/buildpacks/heroku/python.tgz",
         "bucket.s3.amazonaws.com/buildpacks/heroku/python.tgz", False),
    ],
)  # fmt: skip
def test_other_buildpacks(text: str, identity: str, fork: bool) -> None:
    reference = parse(text)
    assert (reference.identity, reference.is_python_fork) == (identity, fork)
    assert not reference.is_official_python


@pytest.mark.parametrize(
    "text", ["", "python", ".", "./buildpack", "a b/c", "docker", "#v250", "://", "heroku/", "@/:"]
)
def test_what_is_no_reference_has_no_name(text: str) -> None:
    assert parse(text) == BuildpackReference(text, Spelling.OTHER)


@pytest.mark.parametrize(
    ("text", "release"),
    [("#v250", "v250"), ("#archive/v250", "v250"), ("#main", None), ("#v250-fix", None), ("", None)],
)
def test_release(text: str, release: str | None) -> None:
    assert parse(f"{URL}{text}").release == release


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://user:s3cret@github.com/a/b#v1", "https://***********@github.com/a/b#v1"),
        ("https://t0ken@github.com/a/b", "https://*****@github.com/a/b"),
        ("https://u:p@ss@github.com/a/b", "https://******@github.com/a/b"),
        ("https://a.example/b.tgz?X-Signature=abc#v1", "https://a.example/b.tgz?***************#v1"),
        ("ssh://git@github.com/a/b", "ssh://git@github.com/a/b"),
        ("ssh://git:pass@github.com/a/b", "ssh://********@github.com/a/b"),
        ("git@github.com:a/b", "git@github.com:a/b"),
    ],
)
def test_credentials_are_not_shown(text: str, shown: str) -> None:
    assert parse(text).shown == shown


words = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
refs = st.sampled_from(
    [("", RefKind.NONE), ("v250", RefKind.RELEASE), ("archive/v7", RefKind.ARCHIVED), ("main", RefKind.BRANCH),
     ("feature/x", RefKind.BRANCH), ("0123abc", RefKind.COMMIT), ("a" * 40, RefKind.COMMIT)]
)  # fmt: skip
repository_forms = st.sampled_from(
    [
        "{owner}/{name}{hash}",
        "urn:buildpack:{owner}/{name}{hash}",
        "https://github.com/{owner}/heroku-buildpack-{name}{hash}",
        "https://github.com/{owner}/heroku-buildpack-{name}.git{hash}",
        "http://user:pw@github.com/{owner}/heroku-buildpack-{name}.git{hash}",
        "git://github.com/{owner}/heroku-buildpack-{name}{hash}",
        "git@github.com:{owner}/heroku-buildpack-{name}.git{hash}",
        "ssh://git@github.com/{owner}/heroku-buildpack-{name}{hash}",
    ]
)
archive_forms = st.sampled_from(
    [
        "https://github.com/{owner}/heroku-buildpack-{name}/archive/{ref}.tar.gz",
        "https://github.com/{owner}/heroku-buildpack-{name}/archive/refs/tags/{ref}.zip",
        "https://github.com/{owner}/heroku-buildpack-{name}/tarball/{ref}",
        "https://codeload.github.com/{owner}/heroku-buildpack-{name}/tar.gz/{ref}",
        "https://api.github.com/repos/{owner}/heroku-buildpack-{name}/zipball/{ref}",
    ]
)


@given(repository_forms, words.filter(lambda owner: owner != "heroku-community"), words, refs)
def test_every_form_of_a_repository_is_one_identity(form: str, owner: str, name: str, ref: tuple[str, RefKind]) -> None:
    reference = parse(form.format(owner=owner, name=name, hash=ref[0] and f"#{ref[0]}"))
    assert (reference.identity, reference.ref, reference.ref_kind) == (f"{owner}/{name}", *ref)


@given(archive_forms, words, words, refs.filter(lambda ref: bool(ref[0])))
def test_every_form_of_an_archive_is_one_identity(form: str, owner: str, name: str, ref: tuple[str, RefKind]) -> None:
    reference = parse(form.format(owner=owner, name=name, ref=ref[0]))
    assert (reference.identity, reference.ref, reference.ref_kind) == (f"{owner}/{name}", *ref)
    assert reference.spelling is Spelling.ARCHIVE


@given(st.text() | st.from_regex(r"(https?|git|ssh)://[^ ]*github\.com[^ ]*"))
def test_no_text_raises(text: str) -> None:
    reference = parse(text)
    assert reference.text == text.strip()
    assert isinstance(reference.identity, str)
    assert isinstance(reference.shown, str)


@given(st.text(st.characters(exclude_characters="/?#\"'`<>", exclude_categories=["Z", "C"]), min_size=12), words)
def test_no_password_is_shown(password: str, user: str) -> None:
    assert password not in parse(f"https://{user}:{password}@github.com/a/b").shown
