"""The models that ship: small, honest cards, and no code in a file."""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np
import pytest

from qualipolis.lake import models
from qualipolis.lake.canonical import sha256
from qualipolis.lake.models import FOLDER, card, load, names
from qualipolis.methods.problems import InputError

ASKED = {
    "product-en": ("Wooden baby crib with drop side", "Cribs"),
    "food-category-en": ("frozen salmon fillets", "fish and products thereof"),
    "industry-zh": ("锂离子电池制造", "C38"),
    "complaint-product-zh": ("网上买的平板电脑屏幕花了", "digital"),
    "complaint-problem-zh": ("充电的时候突然起火烧起来", "fire_explosion"),
}


def test_it_ships_what_it_names():
    assert set(names()) == set(ASKED)


@pytest.mark.parametrize("name", ASKED)
def test_it_tells_the_plain_cases(name):
    text, label = ASKED[name]
    assert label.casefold() in load(name).predict([text])[0].labels[0].casefold()


@pytest.mark.parametrize("name", ASKED)
def test_a_card_tells_where_a_model_comes_from(name):
    about, content = card(name), (FOLDER / f"{name}.npz").read_bytes()
    assert about["sha256"] == sha256(content) and len(content) < 3 * 2**20
    for key in ("licence", "source", "script", "texts", "about", "language"):
        assert about[key], key
    assert {"n", "accuracy", "top3", "calibration_error", "split"} <= set(about["measured"])
    if name.startswith("complaint"):
        assert "synthetic" in about["source"] and set(about["names"]) == set(load(name).labels)


def hostile(kind: str) -> bytes:
    held = io.BytesIO()
    if kind == "objects":
        np.savez(held, labels=np.array([{"a": 1}], object))
    elif kind == "bomb":
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("a.npy", "w") as file:
            for _ in range(3):
                file.write(bytes(2**20))
    else:
        held.write(b"PK no zip at all")
    return held.getvalue()


@pytest.mark.parametrize("kind", ["objects", "bomb", "no zip"])
def test_it_refuses_a_hostile_file(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(models, "LARGEST_UNPACKED", 2**21)
    path = tmp_path / "evil.npz"
    path.write_bytes(hostile(kind))
    with pytest.raises(InputError) as caught:
        load(path)
    assert caught.value.problems[0].code == "model"


def test_a_broken_card_is_no_card(tmp_path):
    path = tmp_path / "m.npz"
    path.write_bytes(b"")
    for content in ("{", json.dumps([1]), ""):
        path.with_suffix(".json").write_text(content)
        assert card(path) == {}
