"""Values of any shape, such as a TOML or JSON file may hold, and values that nearly have a wanted shape."""

from __future__ import annotations

import datetime

from hypothesis import strategies as st

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just(datetime.date(2026, 1, 1))
)
documents = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def near_documents(shape: object) -> st.SearchStrategy[object]:
    """Values of the shape, in which any part may be missing or anything else."""
    if isinstance(shape, dict):
        parts = {key: near_documents(value) for key, value in shape.items()}
        return st.fixed_dictionaries({}, optional=parts) | documents
    if isinstance(shape, list):
        return st.lists(st.one_of(*map(near_documents, shape)) if shape else documents, max_size=3) | documents
    return st.just(shape) | documents
