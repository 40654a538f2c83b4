"""The classifiers that ship, and keeping one's own: one file of arrays, and a card in JSON beside it.

A model is ``NAME.npz`` (arrays only, no code: it is read without unpickling, its unpacked size checked first) and
``NAME.json``: what it was trained on, licence, number of texts, measured accuracy and calibration error, digest.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from qualipolis.lake.canonical import sha256
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.text.classify import Classifier, from_arrays, to_arrays

FOLDER = Path(__file__).resolve().parent
LARGEST_FILE = 64 * 2**20
LARGEST_UNPACKED = 512 * 2**20
LARGEST_CARD = 256 * 2**10


def names() -> tuple[str, ...]:
    """Return the names of the models that ship.

    >>> "food-category-en" in names()
    True
    """
    return tuple(sorted(path.stem for path in FOLDER.glob("*.npz")))


def path_of(name: str | Path) -> Path:
    """Return the file of a model: a shipped one by its name, any other by its path.

    Raises InputError when there is none; it lists what ships.
    """
    shipped = FOLDER / f"{name}.npz"
    if str(name) in names():
        return shipped
    path = Path(name)
    if path.is_file():
        return path
    what = msg("There is no model %(name)s.")
    remedy = msg("Name one of %(known)s, or a file.")
    raise InputError([Problem("no_model", what, remedy, {"name": str(name), "known": ", ".join(names())})])


def load(name: str | Path) -> Classifier:
    """Return a model by its name or path.

    Raises
    ------
    InputError : no such model, a file too large, or one that is no model
    """
    path = path_of(name)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ValueError(f"{path.stat().st_size} B")
        content = path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > LARGEST_UNPACKED:
                raise ValueError("zip")
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return from_arrays({key: arrays[key] for key in arrays.files})
    except (OSError, ValueError, zipfile.BadZipFile, EOFError) as error:
        what = msg("The model cannot be read: %(why)s.")
        remedy = msg("Train it again with this version.")
        raise InputError([Problem("model", what, remedy, {"why": str(error)[:200]}, place=path.name)]) from None


def card(name: str | Path) -> dict[str, Any]:
    """Return what is told of a model beside its file; empty where nothing is.

    >>> card("food-category-en")["licence"]
    'CC BY 4.0'
    """
    path = path_of(name).with_suffix(".json")
    if not path.is_file() or path.stat().st_size > LARGEST_CARD:
        return {}
    try:
        found = json.loads(path.read_text("utf-8"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def save(model: Classifier, path: Path, about: Mapping[str, Any], *, packed: bool = True) -> Path:
    """Write a model and its card, which gets the digest and size of the model's file; return the model's path."""
    path = path.with_suffix(".npz")
    held = io.BytesIO()
    np.savez_compressed(held, **to_arrays(model, packed=packed))
    content = held.getvalue()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    told = {
        **about,
        "labels": len(model.labels),
        "texts": sum(model.counts),
        "runs": model.vocabulary.width,
        "fields": [field.name for field in model.vocabulary.fields],
        "calibration": model.calibration.method,
        "bytes": len(content),
        "sha256": sha256(content),
    }
    path.with_suffix(".json").write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return path
