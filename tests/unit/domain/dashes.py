"""Texts with dashes, quotes and flags wherever they can stand."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.domain.flag_names import FLAGS

_PIECES = st.one_of(
    st.sampled_from(["--", "—", "–", "-", " ", "\n", "=", '"', "“", "”", "\\", ",", ":", "`", "@"]),
    st.sampled_from(sorted(FLAGS)),
    st.sampled_from(["yes", "no", "7", "3:2", "640x832", "DDIM", "{prompt}", "a fox"]),
    st.text(max_size=5),
)


def dashed_texts() -> st.SearchStrategy[str]:
    """Return texts in which flags are likely."""
    return st.lists(_PIECES, max_size=25).map("".join)
