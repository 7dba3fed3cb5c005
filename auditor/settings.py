"""Where the files that people edit are found, in a checkout as in an installed package."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

Data = Literal["rules", "baselines", "reports", "deploy"]

_PACKAGE = Path(__file__).resolve().parent


def data_dir(kind: Data) -> Path:
    """The folder of built-in rules, baselines, report templates or deployment samples.

    A wheel carries them inside the package (`auditor/data/<kind>`); in a checkout they lie beside it, where people look
    for them. The package's own copy comes first: beside an installed package may stand somebody else's `rules`.
    """
    places = (_PACKAGE / "data" / kind, _PACKAGE.parent / kind)
    for place in places:
        if place.is_dir():
            return place
    looked = " and ".join(str(place) for place in places)
    raise FileNotFoundError(f"the folder of built-in {kind} is missing; looked in {looked}. Install auditor again.")
