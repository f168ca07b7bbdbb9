"""Terraform and OpenTofu: the buildpacks of `heroku_app` and `heroku_build` resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.buildpacks.declaration import BuildpackEntry, BuildpackList, Place
from pydeploy_lint.facts.buildpacks.reference import parse
from pydeploy_lint.files.formats.hcl import Block, Hcl, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydeploy_lint.files.source import Source

RESOURCES = ("heroku_app", "heroku_build")
VARIABLE = "BUILDPACK_URL"


def read_terraform(source: Source) -> list[BuildpackList]:
    """The buildpacks of each resource, in order; those that an expression computes are left out."""
    hcl = Hcl(source.text)
    return [
        found
        for block in hcl.blocks()
        if block.header[:1] == ("resource",) and block.header[1:2] and block.header[1] in RESOURCES
        for found in _lists(source, hcl, block)
    ]


def _lists(source: Source, hcl: Hcl, block: Block) -> Iterator[BuildpackList]:
    attributes = block.attributes
    name = hcl.literal(attributes.get("name", ()))
    app = name.text if name else None
    if "buildpacks" in attributes:
        elements = [hcl.literal(element) for element in hcl.elements(attributes["buildpacks"])]
        entries = tuple(_entry(source, literal) for literal in elements if literal)
        yield BuildpackList(Place.TERRAFORM, entries, app, complete=all(elements))
    for variables in ("config_vars", "sensitive_config_vars"):
        literals = [hcl.literal(value) for key, value in hcl.pairs(attributes.get(variables, ())) if key == VARIABLE]
        if variables in attributes:
            yield BuildpackList(
                Place.CONFIG_VAR, tuple(_entry(source, literal) for literal in literals if literal), app
            )


def _entry(source: Source, literal: Literal) -> BuildpackEntry:
    return BuildpackEntry(parse(literal.text), source.span(literal.start, literal.end))
