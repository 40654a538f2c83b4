"""What the words of a letter suggest, why, and what the city's classifier learns from a confirmed case."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.city.listen.cast import CONSUMER, Cast, letter

from qualipolis.city.core.subscriptions import tell
from qualipolis.city.listen import service
from qualipolis.city.listen.intake import suggesting
from qualipolis.city.listen.intake.suggesting import MODELS, learn, model_of, suggest, suggestions

pytestmark = pytest.mark.django_db
PRODUCT = MODELS["product_class"]


def test_a_letter_that_comes_in_gets_three_suggestions_of_each_kind(cast: Cast) -> None:
    row = letter(cast)
    tell(cast["complaint_desk"], "listen.letter_received", row)
    row.refresh_from_db()
    product, problem = row.suggested["product_class"], row.suggested["hazard"]
    assert product["labels"][0][0] == "appliances" and len(product["labels"]) == len(problem["labels"]) == 3
    assert problem["labels"][0][0] == "fire_explosion" and row.suggested["urgent"] is True
    assert (row.product_class, row.hazard) == ("", "")


def test_reasons_are_words_of_the_letter(cast: Cast) -> None:
    row = letter(cast)
    row.suggested = suggest(suggesting.text_of(row))
    product, problem = suggestions(row).values()
    assert "电暖器" in product[0].why and "冒烟" in problem[0].why
    assert all(word in suggesting.text_of(row) for one in (*product, *problem) for word in one.why)


def test_words_that_nobody_knows_suggest_nothing(cast: Cast) -> None:
    assert suggest("qwxz vvk 123") == {}


def test_the_sender_is_not_read(cast: Cast) -> None:
    row = letter(cast, facts=f"我叫{CONSUMER['name']}，电话{CONSUMER['phone']}，电暖器冒烟。")
    assert CONSUMER["name"] not in suggesting.text_of(row) and CONSUMER["phone"] not in suggesting.text_of(row)


def test_a_classifier_that_fails_does_not_keep_a_letter_out(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str) -> dict[str, object]:
        raise OSError

    monkeypatch.setattr(suggesting, "suggest", broken)
    row = letter(cast)
    tell(cast["complaint_desk"], "listen.letter_received", row)
    row.refresh_from_db()
    assert row.suggested == {}


def share(text: str, label: str) -> float:
    model = model_of(PRODUCT)
    return float(model.probabilities([text])[0][model.labels.index(label)])


def test_a_confirmed_case_teaches_the_citys_own_copy(
    cast: Cast, home: Path, django_capture_on_commit_callbacks: object
) -> None:
    row = letter(cast, product_name="示范牌智能枕", facts="智能枕用了三天不动了。")
    text = suggesting.text_of(row)
    before = share(text, "furniture")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        service.classify_letter(cast["complaint_desk"], row, "furniture", "")
    assert share(text, "furniture") > before and (home / "models" / f"{PRODUCT}.npz").is_file()


def test_a_word_of_ones_own_is_kept_and_not_learned(cast: Cast, home: Path) -> None:
    assert learn(PRODUCT, "智能枕", "pillows") is False and not (home / "models" / f"{PRODUCT}.npz").exists()


def test_a_damaged_copy_is_passed_over(cast: Cast, home: Path) -> None:
    (home / "models").mkdir()
    (home / "models" / f"{PRODUCT}.npz").write_bytes(b"PK no model")
    assert suggest("电暖器冒烟")["product_class"]["labels"][0][0] == "appliances"
