"""Where the keys and values of a valid TOML or JSON file stand, looked into only as far as they are asked for."""

from __future__ import annotations

import json

import tomli
import tree_sitter

Key = str | int
Stretch = tuple[int, int]
"""Two offsets in the bytes that were parsed."""


class Place:
    """Where a value and its key stand, and what is known of the values inside."""

    def __init__(self, key: Stretch | None = None, value: Stretch | None = None) -> None:
        self.key = key
        self.value = value
        self.unread: list[tree_sitter.Node] = []
        self._inside: dict[Key, Place] = {}

    def child(self, key: Key) -> Place | None:
        """The place of the value of a key or at an index; None where there is none."""
        unread, self.unread = self.unread, []
        for node in unread:
            self._read(node)
        return self._inside.get(key)

    def define(self, header: tree_sitter.Node) -> None:
        """Take in a TOML table with its header: its pairs belong to the header's path."""
        *parents, (name, key) = _keys(header.named_children[0])
        bracket = next(node for node in header.children if node.type in ("]", "]]"))
        whole = (header.start_byte, bracket.end_byte)
        table = self._table(parents)
        if header.type == "table_array_element":
            array = table._inside.setdefault(name, Place(key, key))
            table = array._inside[len(array._inside)] = Place(key, whole)
        else:
            # It may be known already as the parent of another one.
            table = table._inside.setdefault(name, Place())
            table.key, table.value = key, whole
        table.unread += [node for node in header.named_children if node.type == "pair"]

    def _table(self, keys: list[tuple[str, Stretch]]) -> Place:
        """The table that a dotted name leads to; in an array of tables that is the one begun last."""
        table = self
        for name, key in keys:
            table = table._inside.setdefault(name, Place(key, key))
            table = table._inside.get(len(table._inside) - 1, table)
        return table

    def _read(self, node: tree_sitter.Node) -> None:
        if node.type == "pair":
            *parents, (name, key) = _keys(node.named_children[0])
            self._table(parents)._inside[name] = _place(node.named_children[1], key)  # a comment may follow
        elif node.type == "array":
            values = [inner for inner in node.named_children if inner.type != "comment"]
            self._inside.update((index, _place(inner)) for index, inner in enumerate(values))
        else:
            for inner in node.named_children:
                if inner.type == "pair":
                    self._read(inner)


def toml_places(data: bytes) -> Place:
    """The places in a valid TOML file, by the offsets of its bytes."""
    import tree_sitter_toml

    root = Place()
    for node in _parse(data, tree_sitter_toml.language()):
        if node.type == "pair":
            root.unread.append(node)
        elif node.type != "comment":
            root.define(node)
    return root


def json_places(data: bytes) -> Place:
    """The places in a valid JSON file, by the offsets of its bytes."""
    import tree_sitter_json

    root = Place()
    root.unread = _parse(data, tree_sitter_json.language())
    return root


def _parse(data: bytes, language: object) -> list[tree_sitter.Node]:
    """What stands at the top of a file.

    Nothing where the grammar knows less than the parser (TOML 1.1, ``1e+5`` and ``NaN`` in JSON): better no place
    than a wrong one.
    """
    root = tree_sitter.Parser(tree_sitter.Language(language)).parse(data).root_node
    return [] if root.has_error else root.named_children


def _place(node: tree_sitter.Node, key: Stretch | None = None) -> Place:
    stretch = (node.start_byte, node.end_byte)
    place = Place(key or stretch, stretch)
    if node.type in ("array", "object", "inline_table"):
        place.unread.append(node)
    return place


def _keys(node: tree_sitter.Node) -> list[tuple[str, Stretch]]:
    """The parts of a dotted key, or the only one of another, from left to right."""
    nodes = []
    while node.type == "dotted_key":  # nested to the left
        node, last = node.named_children
        nodes.append(last)
    nodes.append(node)
    return [(_name(part), (part.start_byte, part.end_byte)) for part in reversed(nodes)]


def _name(key: tree_sitter.Node) -> str:
    written = (key.text or b"").decode()
    if key.type == "bare_key":
        return written
    if key.type == "string":
        return str(json.loads(written))
    return next(iter(tomli.loads(f"{written} = 0")))
