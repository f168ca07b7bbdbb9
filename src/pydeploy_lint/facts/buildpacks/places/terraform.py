"""Terraform and OpenTofu: the buildpacks of `heroku_app` and `heroku_build` resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydeploy_lint.facts.buildpacks.declaration import BuildpackEntry, BuildpackList, Place
from pydeploy_lint.facts.buildpacks.reference import parse
from pydeploy_lint.files.utf8 import Utf8

if TYPE_CHECKING:
    from collections.abc import Iterator

    import tree_sitter

    from pydeploy_lint.files.source import Source

RESOURCES = ("heroku_app", "heroku_build")
VARIABLE = "BUILDPACK_URL"


def read_terraform(source: Source) -> list[BuildpackList]:
    """The buildpacks of each resource, in order; those that an expression computes are left out."""
    import tree_sitter
    import tree_sitter_hcl

    configuration = _Configuration(source)
    root = (
        tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language())).parse(configuration.encoded.data).root_node
    )
    return list(configuration.lists(root))


class _Configuration:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.encoded = Utf8(source.text)

    def lists(self, root: tree_sitter.Node) -> Iterator[BuildpackList]:
        for body in _children(root, "body"):
            for block in _children(body, "block"):
                labels = [self.text(node) for node in block.named_children if node.type in ("identifier", "string_lit")]
                if labels[0] == "resource" and labels[1:2] and labels[1].strip('"') in RESOURCES:
                    yield from self.resource(block)

    def resource(self, block: tree_sitter.Node) -> Iterator[BuildpackList]:
        attributes: dict[str, tree_sitter.Node] = {}
        for body in _children(block, "body"):
            for attribute in _children(body, "attribute"):
                attributes[self.text(attribute.named_children[0])] = attribute.named_children[-1]
        name = attributes.get("name") and self.literal(attributes["name"])
        app = name[0] if name else None
        if "buildpacks" in attributes and not attributes["buildpacks"].has_error:
            elements = list(self.elements(attributes["buildpacks"]))
            entries = tuple(self.entry(literal) for literal in elements if literal)
            yield BuildpackList(Place.TERRAFORM, entries, app, complete=all(elements))
        for variables in ("config_vars", "sensitive_config_vars"):
            if variables in attributes:
                yield BuildpackList(Place.CONFIG_VAR, tuple(self.variable(attributes[variables])), app)

    def elements(self, expression: tree_sitter.Node) -> Iterator[tuple[str, int, int] | None]:
        for node in _path(expression, "collection_value", "tuple"):
            for element in _children(node, "expression"):
                yield self.literal(element)

    def variable(self, expression: tree_sitter.Node) -> Iterator[BuildpackEntry]:
        for node in _path(expression, "collection_value", "object"):
            for element in _children(node, "object_elem"):
                key, value = element.named_children[0], element.named_children[-1]
                if self.text(key).strip('"') == VARIABLE and (literal := self.literal(value)):
                    yield self.entry(literal)

    def literal(self, expression: tree_sitter.Node) -> tuple[str, int, int] | None:
        """A string without expressions and escapes, and where it stands; None for anything else."""
        for node in _path(expression, "literal_value", "string_lit", "template_literal"):
            text = self.text(node)
            if "\\" not in text and "$${" not in text:
                return text, node.start_byte, node.end_byte
        return None

    def entry(self, literal: tuple[str, int, int]) -> BuildpackEntry:
        text, *stretch = literal
        start, end = (self.encoded.character(byte) for byte in stretch)
        return BuildpackEntry(parse(text), self.source.span(start, end))

    def text(self, node: tree_sitter.Node) -> str:
        return self.encoded.text(node.start_byte, node.end_byte)


def _children(node: tree_sitter.Node, kind: str) -> list[tree_sitter.Node]:
    return [child for child in node.named_children if child.type == kind]


def _path(node: tree_sitter.Node, *kinds: str) -> list[tree_sitter.Node]:
    """The nodes that are reached through only children of the given kinds."""
    nodes = [node]
    for kind in kinds:
        nodes = [child for parent in nodes for child in _children(parent, kind)]
    return nodes
