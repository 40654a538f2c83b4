"""``qualipolis triage``: lines of JSON in, lines of JSON out; or a model learned from a table."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from qualipolis.cli.showing import say, say_problems
from qualipolis.cli.words import Translate, language, translator
from qualipolis.methods.problems import InputError, Problem, msg

MODEL_HELP = msg("Name of a model that ships, or a file; with --train, the file to write.")
ABOUT = (
    msg("Chinese complaints, by kind of problem"),
    msg("Chinese complaints, by kind of product"),
    msg("food and feed in English, by RASFF product category"),
    msg("manufacturing in Chinese, by division of GB/T 4754-2017"),
    msg("consumer products in English, by CPSC product type"),
)
TRAIN_HELP = msg("Learn a model from this table (csv, xlsx) instead of reading lines.")


def triage(
    model: Annotated[str, typer.Option(metavar="NAME|FILE", help=MODEL_HELP)] = "",
    top: Annotated[int, typer.Option(min=1, max=50, help=msg("How many labels are told."))] = 3,
    why: Annotated[bool, typer.Option(help=msg("Tell the words and cases behind each answer."))] = True,
    models: Annotated[bool, typer.Option("--list", help=msg("List the models that ship."))] = False,
    train: Annotated[Path | None, typer.Option(metavar="FILE", help=TRAIN_HELP)] = None,
    label: Annotated[str, typer.Option(metavar="COLUMN", help=msg("Column of the labels."))] = "label",
    text: Annotated[str, typer.Option(metavar="COLUMN", help=msg("Column of the texts."))] = "",
    lang: Annotated[str | None, typer.Option(metavar="zh|en", help=msg("Language of messages."))] = None,
) -> None:
    translate = translator(language(lang))
    try:
        _carried_out(model, top, why, models, train, label, text, translate)
    except InputError as error:
        say_problems(error.problems, translate)
        raise typer.Exit(2) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        what = msg("A file cannot be read or written: %(why)s.")
        place = str(error.filename or "")
        say_problems([Problem("no_file", what, "", {"why": error.strerror or str(error)}, place=place)], translate)
        raise typer.Exit(2) from None


def _carried_out(
    model: str, top: int, why: bool, models: bool, train: Path | None, label: str, text: str, translate: Translate
) -> None:  # fmt: skip
    if models:
        _list(translate)
    elif not model:
        what = msg("No model was named.")
        remedy = msg("Give --model with a name of --list, or a file.")
        raise InputError([Problem("no_model", what, remedy)])
    elif train is not None:
        _train(train, label, text, Path(model), translate)
    else:
        _stream(model, top, why, translate)


def _list(translate: Translate) -> None:
    from qualipolis.lake.models import card, names

    for name in names():
        about = card(name)
        measured = about.get("measured", {})
        words = {"name": name, "about": translate(str(about.get("about", ""))), "labels": about.get("labels", 0)}
        words |= {"n": about.get("texts", 0), "accuracy": measured.get("accuracy", 0)}
        words |= {"error": measured.get("calibration_error", 0)}
        line = msg(
            "%(name)s: %(about)s; %(labels)s labels from %(n)s texts, accuracy %(accuracy).3f, "
            "calibration error %(error).3f"
        )
        say(translate(line) % words)


def _stream(name: str, top: int, why: bool, translate: Translate) -> None:
    """Answer what comes as it comes: all lines of one piece together, each piece at once."""
    from qualipolis.lake.models import load
    from qualipolis.lake.triage import answers, lines

    model = load(name)
    source = sys.stdin.fileno()
    for some in lines(lambda size: os.read(source, size)):
        for answer in answers(model, some, top=top, why=why, translate=translate):
            sys.stdout.buffer.write(_line(answer))
        sys.stdout.buffer.flush()


def _line(answer: dict[str, Any]) -> bytes:
    """Return the answer as a line in UTF-8; a text that is none (half a pair of surrogates) is written with escapes."""
    try:
        return (json.dumps(answer, ensure_ascii=False) + "\n").encode()
    except UnicodeEncodeError:
        return (json.dumps(answer) + "\n").encode()


def _train(path: Path, label: str, text: str, model: Path, translate: Translate) -> None:
    from qualipolis.lake.models import names, save
    from qualipolis.lake.triage_training import trained

    if str(model) in names():
        what = msg("%(name)s is a model that ships.")
        raise InputError([Problem("shipped", what, msg("Write yours under another name."), {"name": str(model)})])
    learned, about = trained(path, label, text)
    written = save(learned, model, about, packed=False)
    if about["left_out"]:
        left = msg("Left out, with fewer than five texts: %(labels)s")
        say(translate(left) % {"labels": ", ".join(about["left_out"][:20])}, error=True)
    held = about["measured"]
    done = msg(
        "Written to %(path)s: %(labels)s labels; on %(n)s texts held out accuracy %(accuracy).3f, "
        "top 3 %(top3).3f, calibration error %(calibration_error).3f"
    )
    say(translate(done) % {"path": written, "labels": len(learned.labels), **held})
