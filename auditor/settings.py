"""Files: where those that people edit are found, and how those that hold an account's contents are written."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Literal

Data = Literal["rules", "baselines", "reports", "deploy", "schemas"]

_PACKAGE = Path(__file__).resolve().parent


def data_dir(kind: Data) -> Path:
    """The folder of built-in rules, baselines, report templates, samples or schemas.

    A wheel carries them inside the package (`auditor/data/<kind>`); in a checkout they lie beside it, where people look
    for them. The package's own copy comes first: beside an installed package may stand somebody else's `rules`.
    """
    places = (_PACKAGE / "data" / kind, _PACKAGE.parent / kind)
    for place in places:
        if place.is_dir():
            return place
    looked = " and ".join(str(place) for place in places)
    raise FileNotFoundError(f"the folder of built-in {kind} is missing; looked in {looked}. Install auditor again.")


def private_folder(path: Path) -> None:
    """Make a folder, and those above it that are not there, for its owner alone."""
    for each in reversed([path, *path.parents]):
        if not each.is_dir():
            each.mkdir(mode=0o700, exist_ok=True)


def write_private(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, for its owner alone: inventories and plans say where an account is weak."""
    try:
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def replace_text(path: Path, text: str) -> None:
    """Write a file of the user's whole or not at all, with the rights that it had; its folder is made, and a link to it
    stays one."""
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    rights = path.stat().st_mode & 0o777 if path.is_file() else 0o644
    write_private(path, text.encode("utf-8"))
    path.chmod(rights)
