"""Files of code as text, in any encoding that Terraform or a shell on Windows writes."""

from __future__ import annotations

from pathlib import Path

from auditor.sources.code_options import MOST_BYTES, BadCode

_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def decode(path: Path) -> str:
    """The text of a file, or BadCode where its encoding is another one."""
    data = path.read_bytes()
    known = _decoded(data)
    if known is not None:
        return known
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadCode(f"{path.name}:{line}: neither UTF-8 nor UTF-16; save it as UTF-8") from error


def text_of(path: Path) -> str | None:
    """As much of a file's text as can be told, for whoever only looks for words in it.

    Nothing of what is no ordinary file, cannot be opened, or is larger than what is read at all.
    """
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return None
        data = path.read_bytes()
    except (OSError, ValueError):  # a name that no file can have
        return None
    return words_in(data)


def words_in(data: bytes) -> str:
    """As much of the text of some bytes as can be told."""
    known = _decoded(data)
    return data.decode(errors="replace") if known is None else known


def _decoded(data: bytes) -> str | None:
    """The text of bytes that say themselves how they are encoded."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    return data.decode("utf-16-le", errors="replace") if data[1:2] == b"\x00" else None
