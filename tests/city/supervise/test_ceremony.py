"""The ceremony of a draw: order of steps, sources of randomness, replay by anyone, redraw in public view."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.supervise.cast import make_campaign, make_task, person
from tests.cli.test_draw import REPOSITORY, ROUND

from qualipolis.city.core.attachments import may_read, path_of
from qualipolis.city.core.models import Attachment, Event, Organisation
from qualipolis.city.core.policy import visible
from qualipolis.city.core.undo import open_for, undo
from qualipolis.city.supervise.draws import bundle as draw_bundle
from qualipolis.city.supervise.draws import ceremony
from qualipolis.city.supervise.draws.frames import FrameRule
from qualipolis.city.supervise.draws.plan import METHODS, DrawPlan
from qualipolis.city.supervise.draws.tables import numbers_by_stratum, without_any
from qualipolis.city.supervise.models import Campaign, DrawnUnit, DrawRun, SamplingTask
from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.draws.drand import QUICKNET

SECRET = "00112233445566778899:the bureau's own words"
WORDS = "公证员当众掷十面骰八次，按先后次序"


def codes(error):
    return {problem.code for problem in error.value.problems}


def frozen(cast, campaign=None, plan=None, frame=None):
    campaign = campaign or make_campaign(cast, status="rules_public")
    run = ceremony.prepare(cast["planner"], campaign, plan or DrawPlan("srs", 3, reserve=0.5), frame)
    return ceremony.freeze(cast["planner"], run)


def committed(cast, source="dice", **more):
    run = more.pop("run", None) or frozen(cast)
    at = timezone.now() + timedelta(minutes=30)
    return ceremony.commit(cast["planner"], run, source, at, words=WORDS, **more)


def drawn(cast, time_machine, run=None, **more):
    run = run or committed(cast)
    time_machine.move_to(run.source_at + timedelta(minutes=1))
    return ceremony.reveal(cast["planner"], run, numbers="8 3 0 7 7 1 4 9", **more)


def test_it_freezes_commits_draws_and_publishes(cast, time_machine):
    run = drawn(cast, time_machine)
    assert run.status == "drawn" and run.committed_at < run.random_at and run.seed == "8 3 0 7 7 1 4 9"
    assert run.units.filter(kind="drawn").count() == 3 and run.units.filter(kind="reserve").count() >= 2
    run = ceremony.publish(cast["planner"], run)
    assert draw_bundle.verify(run).holds and len(draw_bundle.verify(run).checks) == 8
    told = [verb.partition(".")[2] for verb in Event.objects.values_list("verb", flat=True) if "store" not in verb]
    assert told == ["prepare_draw", "freeze_draw", "commit_draw", "draw", "publish_draw"]


def unpacked(run, folder):
    with zipfile.ZipFile(BytesIO(draw_bundle.bundle(run))) as archive:
        archive.extractall(folder)
    return folder / str(run)


def script():
    page = (REPOSITORY / "docs/zh/methods/verifiable-draws.md").read_text("utf-8")
    return next(code for code in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "Replay a draw" in code)


def replayed(folder):
    line = [sys.executable, "-I", "-c", script(), str(folder)]
    return subprocess.run(line, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_is_replayed_by_the_script_of_the_documentation(cast, time_machine, tmp_path, method):
    run = frozen(
        cast, plan=DrawPlan(method, 3, least=1, reserve=0.4), frame=FrameRule("enterprise", "town", "employees")
    )
    folder = unpacked(drawn(cast, time_machine, committed(cast, run=run)), tmp_path / "out")
    said = replayed(folder)
    assert said.returncode == 0, said.stdout + said.stderr


def command(*args):
    from qualipolis.cli import main

    with pytest.raises(SystemExit) as left:
        main([str(arg) for arg in args])
    return left.value.code or 0


def test_the_command_verifies_the_bundle_and_draws_the_same_from_the_plan(cast, time_machine, tmp_path):
    folder = unpacked(drawn(cast, time_machine), tmp_path / "out")
    assert command("verify", "draw", folder) == 0
    seed = json.loads((folder / "record.json").read_bytes())["seed"]
    again = tmp_path / "again"
    files = ("--frame", folder / "frame.csv", "--plan", folder / "plan.toml")
    assert command("draw", *files, "--seed", seed, "--out", again) == 0
    for name in draw_bundle.PUBLIC:
        if name != draw_bundle.TOML:
            assert (again / name).read_bytes() == (folder / name).read_bytes(), name
    (folder / "frame.csv").write_bytes(flipped((folder / "frame.csv").read_bytes(), 30))
    assert command("verify", "draw", folder) == 1


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize("name", [n for n in draw_bundle.PUBLIC if n != draw_bundle.TOML])
def test_one_flipped_character_of_any_file_is_found(cast, time_machine, name):
    files = draw_bundle.contents(drawn(cast, time_machine))
    assert draw_bundle.replay(files).holds
    for at in {0, len(files[name]) // 2, len(files[name]) - 2}:
        assert not draw_bundle.replay(files | {name: flipped(files[name], at)}).holds, at


def test_one_flipped_digit_of_the_seed_is_found(cast, time_machine):
    files = draw_bundle.contents(drawn(cast, time_machine))
    record = files["record.json"].replace(b"8 3 0 7", b"8 3 0 6")
    assert record != files["record.json"] and not draw_bundle.replay(files | {"record.json": record}).holds


def test_a_file_changed_on_the_disk_is_found_and_stops_the_draw(cast, time_machine):
    run = committed(cast)
    path = path_of(run.frame_sha256)
    data = path.read_bytes()
    path.write_bytes(flipped(data, 20))
    with pytest.raises(InputError) as error:
        drawn(cast, time_machine, run)
    assert codes(error) == {"file_changed"}
    path.write_bytes(data)
    run = drawn(cast, time_machine, run)
    assert draw_bundle.verify(run).holds
    path.write_bytes(flipped(data, 20))
    assert not draw_bundle.verify(run).holds


def test_another_hash_on_the_row_is_found(cast, time_machine):
    run = drawn(cast, time_machine)
    run.commitment = "0" * 64
    assert not draw_bundle.verify(run).holds


def test_the_randomness_comes_after_the_commitment(cast, time_machine):
    run = frozen(cast)
    with pytest.raises(InputError) as error:
        ceremony.commit(cast["planner"], run, "dice", timezone.now() - timedelta(seconds=1), words=WORDS)
    assert codes(error) == {"source_not_ahead"}
    run = committed(cast, run=run)
    with pytest.raises(InputError) as error:
        ceremony.reveal(cast["planner"], run, numbers="1 2 3")  # the moment announced has not come
    assert codes(error) == {"too_early"}
    time_machine.move_to(run.source_at + timedelta(minutes=1))
    with pytest.raises(InputError) as error:
        ceremony.reveal(cast["planner"], run, numbers="1 2", random_at=run.committed_at - timedelta(minutes=5))
    assert codes(error) == {"too_early"}
    with pytest.raises(InputError) as error:
        ceremony.reveal(cast["planner"], run, numbers="one two")
    assert codes(error) == {"no_numbers"}


def test_a_source_is_named_clearly(cast):
    run, at = frozen(cast), timezone.now() + timedelta(hours=1)
    for source, more, code in (
        ("dice", {"words": ""}, "no_words"),
        ("stars", {"words": WORDS}, "no_source"),
        ("commit_reveal", {"words": WORDS, "secret": "short:one"}, "weak_secret"),
    ):
        with pytest.raises(InputError) as error:
            ceremony.commit(cast["planner"], run, source, at, **more)
        assert codes(error) == {code}


def by_drand(cast, time_machine):
    time_machine.move_to(datetime(2023, 8, 23, 15, 0, tzinfo=UTC))
    run = frozen(cast)
    run = ceremony.commit(cast["planner"], run, "drand", QUICKNET.time_of(1))
    time_machine.move_to(datetime(2023, 8, 23, 15, 20, tzinfo=UTC))
    return run


def test_a_drand_round_is_named_before_it_exists_and_verified_offline(cast, time_machine):
    run = ceremony.reveal(cast["planner"], by_drand(cast, time_machine), beacon=json.dumps(ROUND))
    assert run.random_at == QUICKNET.time_of(1) > run.committed_at and run.seed.startswith("drand quicknet 1 ")
    assert draw_bundle.verify(run).holds


def test_a_forged_another_or_unreadable_round_draws_nothing(cast, time_machine):
    run = by_drand(cast, time_machine)
    last = ROUND["signature"][-1]
    forged = ROUND | {"signature": ROUND["signature"][:-1] + ("0" if last != "0" else "1")}
    for beacon in (json.dumps(forged), json.dumps(ROUND | {"round": 2}), "{}", "[" * 9000, '{"round":1,"signature":7}'):
        with pytest.raises(InputError):
            ceremony.reveal(cast["planner"], run, beacon=beacon)
    run.refresh_from_db()
    assert run.status == "committed" and not DrawnUnit.objects.exists()


def test_a_secret_is_hashed_before_and_shown_after(cast, time_machine):
    run = committed(cast, "commit_reveal", secret=SECRET)
    assert len(run.secret_hash) == 64 and "own words" not in "".join(Event.objects.values_list("payload", flat=True))
    with pytest.raises(InputError) as error:
        drawn(cast, time_machine, run, secret="00112233445566778899:other words, longer")
    assert codes(error) == {"other_secret"}
    run = drawn(cast, time_machine, run, secret=SECRET)
    assert run.revealed["secret"]["secret"] == "the bureau's own words" and draw_bundle.verify(run).holds


def test_steps_out_of_order_are_impossible(cast):
    run = ceremony.prepare(cast["planner"], make_campaign(cast, status="rules_public"))
    at = timezone.now() + timedelta(hours=1)
    for act in (
        lambda: ceremony.reveal(cast["planner"], run, numbers="1 2"),
        lambda: ceremony.publish(cast["planner"], run),
        lambda: ceremony.thaw(cast["planner"], run, "x"),
        lambda: ceremony.redraw(cast["leader"], run, "x"),
        lambda: ceremony.commit(cast["planner"], DrawRun.objects.get(), "dice", at, words=WORDS),
    ):
        with pytest.raises(InputError):
            act()
    run.refresh_from_db()
    assert run.status == "prepared"


def test_a_thawed_frame_is_made_anew_and_what_is_committed_never_opens(cast, time_machine):
    run = ceremony.thaw(cast["planner"], frozen(cast), "补登企业")
    assert (run.status, run.frame_sha256, run.files) == ("prepared", "", {})
    run = ceremony.edit_draw(cast["planner"], run, DrawPlan("srs", 2), FrameRule("enterprise", "none", "one"))
    run = committed(cast, run=ceremony.freeze(cast["planner"], run))
    with pytest.raises(InputError):
        ceremony.thaw(cast["planner"], run, "x")
    with pytest.raises(InputError) as error:
        ceremony.edit_draw(cast["planner"], run, DrawPlan("srs", 1), FrameRule())
    assert codes(error) == {"draw_fixed"}


def test_a_number_the_frame_cannot_bear_is_refused_when_it_freezes(cast):
    with pytest.raises(InputError):
        frozen(cast, plan=DrawPlan("srs", 60))
    assert DrawRun.objects.get().status == "prepared"


def test_a_draw_waits_for_an_approved_scheme_and_there_is_one_at_a_time(cast):
    with pytest.raises(InputError) as error:
        ceremony.prepare(cast["planner"], make_campaign(cast, status="contracted"))
    assert codes(error) == {"campaign_not_ready"}
    run = frozen(cast)
    with pytest.raises(InputError) as error:
        ceremony.prepare(cast["planner"], run.campaign)
    assert codes(error) == {"draw_there"}


def test_a_redraw_needs_a_leader_and_a_reason_and_keeps_the_old_in_public_view(cast, time_machine):
    old = ceremony.publish(cast["planner"], drawn(cast, time_machine))
    with pytest.raises(PermissionDenied):
        ceremony.redraw(cast["planner"], old, "x")
    with pytest.raises(InputError):
        ceremony.redraw(cast["leader"], old, " ")
    new = ceremony.redraw(cast["leader"], old, "抽样框误列已注销企业")
    old.refresh_from_db()
    assert (old.status, new.number, new.supersedes, new.status) == ("superseded", 2, old, "prepared")
    assert visible(None, DrawRun.objects.all()).get() == old and draw_bundle.verify(old).holds
    run = drawn(cast, time_machine, committed(cast, run=ceremony.freeze(cast["planner"], new)))
    seal = json.loads(draw_bundle.content(old, "record.json"))["seal"]
    assert json.loads(draw_bundle.content(run, "plan.json"))["plan"]["previous"]["seal"] == seal
    assert draw_bundle.verify(run).holds and ceremony.current(run.campaign) == run


def test_a_draw_with_tasks_is_not_drawn_anew(cast, time_machine):
    run = drawn(cast, time_machine)
    ceremony.make_tasks(cast["planner"], run)
    with pytest.raises(InputError) as error:
        ceremony.redraw(cast["leader"], run, "x")
    assert codes(error) == {"tasks_made"}


def test_tasks_are_made_once_for_all_that_were_drawn(cast, time_machine):
    run = drawn(cast, time_machine)
    made = ceremony.make_tasks(cast["department"], run)
    assert {task.drawn for task in made} == set(run.units.filter(kind="drawn")) and len(made) == 3
    assert all(task.product and task.unit == task.enterprise.unit for task in made)
    assert ceremony.make_tasks(cast["planner"], run) == [] and SamplingTask.objects.count() == 3
    run.campaign.status = "testing"
    run.campaign.save()
    with pytest.raises(InputError) as error:
        ceremony.make_tasks(cast["planner"], run)
    assert codes(error) == {"campaign_not_ready"}


def test_the_reserve_steps_in_in_its_order_within_the_stratum(cast, time_machine):
    frame = FrameRule("enterprise", "town", "one")
    run = committed(cast, run=frozen(cast, plan=DrawPlan("srs", 2, reserve=2), frame=frame))
    run = drawn(cast, time_machine, run)
    reserve = list(run.units.filter(kind="reserve", stratum="T1"))
    first = ceremony.next_reserve(run.campaign, "T1")
    assert first == reserve[0] == min(reserve, key=lambda unit: unit.ticket)
    make_task(cast, run.campaign, enterprise=first.enterprise, draw=run, drawn=first)
    assert ceremony.next_reserve(run.campaign, "T1") == reserve[1]
    make_task(cast, run.campaign, enterprise=reserve[1].enterprise, draw=run, drawn=reserve[1])
    assert ceremony.next_reserve(run.campaign, "T1") is None and ceremony.next_reserve(run.campaign).stratum == "T2"


def test_products_are_drawn_with_their_firm(cast, time_machine):
    run = committed(cast, run=frozen(cast, frame=FrameRule("product", "none", "one")))
    units = drawn(cast, time_machine, run).units.all()
    assert all(unit.product and unit.key == f"{unit.enterprise.credit_code}/{unit.product.name_zh}" for unit in units)


def test_units_as_large_as_the_interval_are_certain_and_said_so(cast, time_machine):
    cast.firms[5].employees = 5000
    cast.firms[5].save()
    frame = FrameRule("enterprise", "none", "employees")
    run = drawn(cast, time_machine, committed(cast, run=frozen(cast, plan=DrawPlan("pps_pareto", 3), frame=frame)))
    sure = run.units.get(kind="certain")
    assert sure.enterprise == cast.firms[5] and sure.probability == 1.0
    others = run.units.filter(kind="drawn")
    assert len(others) == 2 and all(unit.probability == pytest.approx(unit.size * 2 / 150) for unit in others)


def test_a_department_of_another_organisation_is_refused(cast):
    other = Organisation.objects.create(code="EDU", kind="department", name_zh="教育局")
    stranger, run = person("stranger", "department", other), frozen(cast)
    at = timezone.now() + timedelta(hours=1)
    for who in (stranger, cast["inspector"], cast["enterprise"], cast["laboratory"], cast["leader"]):
        with pytest.raises(PermissionDenied):
            ceremony.commit(who, run, "dice", at, words=WORDS)
    assert ceremony.commit(cast["department"], run, "dice", at, words=WORDS).status == "committed"


def test_it_suggests_strata_in_which_everybody_can_be_drawn(cast):
    large = ceremony.prepare(cast["planner"], make_campaign(cast, status="rules_public", size=6))
    assert large.frame_rule["strata"] == "town_size"  # three strata, two units each
    small = ceremony.prepare(cast["planner"], make_campaign(cast, status="rules_public", size=3))
    assert small.frame_rule["strata"] == "none"
    risky = ceremony.prepare(cast["planner"], make_campaign(cast, status="rules_public", purpose="risk", size=4))
    assert (risky.frame_rule["strata"], risky.frame_rule["size"]) == ("town", "risk") and "pps_pareto" in risky.rule


def test_strata_that_get_nobody_are_counted_before_and_after_the_commitment(cast):
    frame = FrameRule("enterprise", "town_size", "one")
    run = frozen(cast, plan=DrawPlan("srs", 2), frame=frame)
    assert without_any(numbers_by_stratum(run)) == (1, 1)
    assert without_any(numbers_by_stratum(committed(cast, run=run))) == (1, 1)


def test_a_freeze_and_a_thaw_are_taken_back_whole(cast):
    run = frozen(cast)
    kept = (run.frame_sha256, run.files)
    undo(cast["planner"], open_for(cast["planner"]))
    run.refresh_from_db()
    assert (run.status, run.frame_sha256, run.frame, run.files) == ("prepared", "", None, {})
    run = ceremony.freeze(cast["planner"], run)
    ceremony.thaw(cast["planner"], run, "补登企业")
    undo(cast["planner"], open_for(cast["planner"]))
    run.refresh_from_db()
    assert (run.status, run.frame_sha256, run.files) == ("frozen", *kept)


def test_who_was_left_out_is_not_among_the_public_files(cast, time_machine):
    run = ceremony.publish(cast["planner"], drawn(cast, time_machine))
    Campaign.objects.filter(pk=run.campaign_id).update(status="testing")
    everyone = {file.name: may_read(cast["enterprise"], file) for file in Attachment.objects.all()}
    assert everyone.pop("left_out.csv") is False and all(everyone.values())
    assert not any(may_read(cast["laboratory"], file) for file in Attachment.objects.all())
    assert draw_bundle.LEFT_OUT not in draw_bundle.contents(run)
