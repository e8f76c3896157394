"""Inspections as people see them: the form, the card in the car's topic, a finding, pairs and the archive."""

from pathlib import Path
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from bot import choices
from bot.choices import Choice
from bot.forms import note_answer
from core.commands import ArchiveInspection, ShowFinding, ShowForm, ShowInspection, ShowPairs
from db.commands import Delivery
from db.session import Database
from tests.bot.inspected_car import STEPS, InspectedCar, inspected_car, png
from tests.bot.outgoing_at_work import NOW, Outgoing, outgoing_at_work


@pytest.fixture
async def out(db: Database, tmp_path: Path):
    async with outgoing_at_work(db, tmp_path) as at_work:
        yield at_work


@pytest.fixture
async def seen(out: Outgoing) -> InspectedCar:
    return await inspected_car(out)


def labels(message: dict[str, Any]) -> list[str]:
    return [button["text"] for row in message["reply_markup"]["inline_keyboard"] for button in row]


def words(message: dict[str, Any]) -> str:
    return message.get("text") or message["caption"]


async def the_form(seen: InspectedCar) -> dict[str, Any]:
    """The one message of the bot in the private chat."""
    (form,) = [one for one in await seen.out.said(seen.chat) if one["from"]["is_bot"]]
    return form


# -- the form ---------------------------------------------------------------------------------------------------------


async def test_a_step_shows_its_outline_its_number_and_what_may_be_done(seen: InspectedCar):
    await seen.show_form(is_new=True)
    form = await the_form(seen)
    assert "photo" in form
    assert form["caption"].splitlines()[:4] == [
        "🏁 Return · AA-61000-AA · Toyota Prius",
        "Step 1 of 12",
        "◉○○○○○○○○○○○",
        "📷 Front",
    ]
    assert labels(form) == ["⏭ Skip", "Pause", "Pass on", "Cancel"]


async def test_the_next_step_takes_the_place_of_the_last_one_with_its_own_outline(seen: InspectedCar):
    await seen.show_form(is_new=True)
    first = await the_form(seen)
    await seen.change(position=1)
    assert (await seen.show_form())["form"] == "edited"
    second = await the_form(seen)
    assert second["message_id"] == first["message_id"]
    assert second["photo"]["url"] != first["photo"]["url"]
    assert "Step 2 of 12" in second["caption"]
    assert "⬅️ Back" in labels(second)


async def test_an_outline_is_uploaded_once_and_then_sent_by_the_name_that_telegram_gave_it(seen: InspectedCar):
    await seen.show_form(is_new=True)
    first = (await the_form(seen))["photo"]["url"]
    await seen.change(position=1)
    await seen.show_form()
    await seen.change(position=0)
    await seen.show_form()
    assert (await the_form(seen))["photo"]["url"] == first
    await seen.show_form(is_new=True)
    assert (await the_form(seen))["photo"]["url"] == first


async def test_an_outline_whose_name_telegram_has_forgotten_is_uploaded_anew(seen: InspectedCar):
    await seen.show_form(is_new=True)
    first = (await the_form(seen))["photo"]["url"]
    async with seen.out.db.transaction() as tx:
        await tx.run("UPDATE posts SET content_hash = 'AgACgone' WHERE purpose = 'file'", ())
    assert (await seen.show_form(is_new=True))["form"] == "sent"
    assert (await the_form(seen))["photo"]["url"] != first
    await seen.show_form(is_new=True)
    assert "Step 1 of 12" in (await the_form(seen))["caption"]


async def test_after_a_photo_the_form_stands_below_it_and_the_old_one_is_gone(seen: InspectedCar):
    await seen.show_form(is_new=True)
    first = await the_form(seen)
    await seen.photo("front", ordinal=1)
    await seen.change(position=1)
    assert (await seen.show_form())["form"] == "sent"
    assert (await the_form(seen))["message_id"] > first["message_id"]


async def test_after_written_words_the_form_stands_below_them(seen: InspectedCar):
    shown = await seen.show_form(is_new=True)
    async with seen.out.db.transaction() as tx:
        await note_answer(tx, seen.chat, seen.subject, shown["message_id"] + 1, now=NOW)
    await seen.out.telegram.bot.send_message(seen.chat, "45210")
    await seen.change(position=1)
    assert (await seen.show_form())["form"] == "sent"
    await seen.change(position=2)
    assert (await seen.show_form())["form"] == "edited"


async def test_an_unchanged_form_costs_no_call(seen: InspectedCar):
    await seen.show_form(is_new=True)
    before = await seen.out.calls()
    assert (await seen.show_form())["form"] == "unchanged"
    assert await seen.out.calls() == before


async def test_a_form_that_was_deleted_by_hand_is_sent_anew(seen: InspectedCar):
    first = await seen.show_form(is_new=True)
    await seen.out.telegram.bot.delete_message(seen.chat, first["message_id"])
    await seen.change(position=1)
    assert (await seen.show_form())["form"] == "sent"
    assert "Step 2" in (await the_form(seen))["caption"]


async def test_without_an_outline_the_words_stand_alone(seen: InspectedCar, monkeypatch, tmp_path):
    monkeypatch.setattr("bot.forms.OUTLINES", tmp_path)
    monkeypatch.setattr("bot.forms.outline", lambda _side: None)
    await seen.show_form(is_new=True)
    assert "Step 1 of 12" in (await the_form(seen))["text"]


async def test_a_photo_to_be_taken_again_says_why_and_may_be_taken_as_it_is(seen: InspectedCar):
    await seen.photo("front", ordinal=1, state="retake")
    await seen.change(notice=Jsonb({"key": "form-not-read", "args": {}}))
    await seen.show_form(is_new=True)
    form = await the_form(seen)
    assert "🔎 I could not read it on the photo" in form["caption"]
    assert labels(form)[0] == "Take this photo as it is"


async def test_a_photo_that_showed_another_plate_may_be_of_the_right_car(seen: InspectedCar):
    await seen.photo("front", ordinal=1, state="refused")
    await seen.show_form(is_new=True)
    assert labels(await the_form(seen))[0] == "It is the right car"


async def test_mileage_is_proposed_as_it_was_read(seen: InspectedCar):
    await seen.out.put(
        "readings",
        id=seen.car,
        inspection_id=seen.inspection,
        topic="mileage",
        verdict="ok",
        value={"km": 45210},
    )
    await seen.change(position=STEPS.index("mileage"))
    await seen.show_form(is_new=True)
    assert labels(await the_form(seen))[0] == "✅ 45,210 km"


async def test_fuel_is_answered_by_eighths(seen: InspectedCar):
    await seen.change(position=STEPS.index("fuel_level"))
    await seen.show_form(is_new=True)
    assert labels(await the_form(seen))[:9] == [f"{part}/8" for part in range(9)]


async def test_what_was_switched_on_is_shown_until_the_step_changes(seen: InspectedCar):
    async with seen.out.db.transaction() as tx:
        chosen = Choice("switches", "kit_items", ("jack", "vest"))
        await choices.put(tx, seen.chat, seen.subject, chosen, now=NOW)
    await seen.change(position=STEPS.index("kit_items"))
    await seen.show_form(is_new=True)
    there = labels(await the_form(seen))
    assert [label for label in there if label.startswith("✅")] == ["✅ jack", "✅ vest", "✅ All there"]
    assert "Done: 2 of 7" in there


async def test_the_last_page_names_what_is_missing_and_is_a_message_of_its_own(seen: InspectedCar):
    await seen.show_form(is_new=True)
    await seen.photo("front", ordinal=1)
    await seen.answer("left", None, why="dark")
    await seen.answer("rear", None, why="A lorry stands there")
    await seen.answer("mileage", {"km": 45210})
    await seen.change(position=len(STEPS))
    await seen.show_form()
    form = await the_form(seen)
    assert "📷 Photos: 1 of 8" in form["text"]
    assert "⏭ Left side: dark" in form["text"]
    assert "⏭ Rear: A lorry stands there" in form["text"]
    assert "🧭 Mileage: 45,210 km" in form["text"]
    assert labels(form)[0] == "✅ Finish the inspection"


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"state": "paused"}, "⏸ Put aside"),
        ({"state": "cancelled"}, "✖️ The inspection is cancelled"),
        ({"state": "submitted", "submitted_at": NOW}, "✅ Done, thank you!"),
    ],
)
async def test_a_form_that_rests_or_ended_says_so(seen: InspectedCar, columns, said):
    await seen.change(**columns)
    await seen.show_form(is_new=True)
    assert said in words(await the_form(seen))


async def test_whoever_gave_the_form_away_sees_who_has_it(seen: InspectedCar):
    guest = seen.out.telegram.guest
    await seen.out.perform(ShowForm(chat_id=guest, inspection_id=seen.inspection, is_new=True))
    (form,) = [one for one in await seen.out.said(guest) if one["from"]["is_bot"]]
    assert "👤 Форма теперь у Nino." in form["text"]


# -- the card ---------------------------------------------------------------------------------------------------------


async def show_card(seen: InspectedCar) -> dict[str, Any]:
    await seen.out.perform(ShowInspection(chat_id=seen.forum, inspection_id=seen.inspection))
    [topic] = await seen.out.topics(seen.forum)
    return (await seen.out.said(seen.forum, topic["message_thread_id"]))[-1]


async def test_the_card_in_the_cars_topic_tells_how_far_it_is(seen: InspectedCar):
    await seen.photo("front", ordinal=1)
    card = await show_card(seen)
    assert "✍️ Under way: 1 of 12" in card["text"]
    assert "👤 Nino" in card["text"]
    assert "reply_markup" not in card


async def test_an_examined_inspection_says_what_was_found_and_what_it_can_see(seen: InspectedCar):
    await seen.photo("front", ordinal=1, flags=Jsonb([{"flag": "faulty", "reason": "blurred"}, {"flag": "reused"}]))
    await seen.answer("fuel_level", {"percent": 62.5})
    await seen.finding()
    await seen.change(state="examined", submitted_at=NOW, examined_at=NOW, is_seen_by_machine=False)
    card = await show_card(seen)
    assert "🔔 To decide: 1 finding" in card["text"]
    assert "⚠️ Front: blurred" in card["text"]
    assert "🚩 This photo was in another inspection before: 1" in card["text"]
    assert "⛽️ Fuel: 62 % (5/8)" in card["text"]
    assert "🟡 № 1 dent, front left door, 2 – light · ~180\u00a0GEL" in card["text"]
    assert labels(card) == ["🖼 Pairs", "📄 Report", "➕ Add damage", "✅ Reviewed"]


async def test_what_has_to_be_decided_stands_above_what_may_be_read_later(seen: InspectedCar):
    await seen.photo("front", ordinal=1)
    await seen.answer("fluid_levels", {"levels": {"oil": "ok", "coolant": "low", "brake": "ok"}})
    await seen.finding()
    await seen.change(state="examined", submitted_at=NOW, examined_at=NOW, is_seen_by_machine=False)
    told = (await show_card(seen))["text"].splitlines()
    assert [line[:1] for line in told[:5]] == ["🏁", "🔔", "🟡", "", "👤"]
    assert [line for line in told if line.startswith("💧")] == ["💧 coolant: low"]


async def test_a_damage_that_was_missed_is_told_part_by_part_on_the_card(seen: InspectedCar):
    await seen.change(state="examined", submitted_at=NOW, examined_at=NOW)
    async with seen.out.db.transaction() as tx:
        await choices.put(tx, seen.forum, seen.subject, Choice("add", "", ("hood", "scratch")), now=NOW)
    card = await show_card(seen)
    assert "➕ New damage, bonnet, scratch: how bad is it?" in card["text"]
    assert labels(card) == ["1 – cosmetic", "2 – light", "3 – serious", "4 – critical", "‹ Back"]


async def test_the_card_is_edited_as_the_inspection_goes_on(seen: InspectedCar):
    first = await show_card(seen)
    await seen.change(state="paused")
    second = await show_card(seen)
    assert second["message_id"] == first["message_id"]
    assert "⏸ Put aside" in second["text"]


# -- a finding --------------------------------------------------------------------------------------------------------


async def show_finding(seen: InspectedCar, finding_id: Any) -> dict[str, Any]:
    await seen.out.perform(ShowFinding(chat_id=seen.forum, inspection_id=seen.inspection, finding_id=finding_id))
    [topic] = await seen.out.topics(seen.forum)
    return (await seen.out.said(seen.forum, topic["message_thread_id"]))[-1]


async def test_a_finding_is_a_picture_with_a_question(seen: InspectedCar):
    photo = await seen.photo("front", ordinal=1)
    await seen.change(state="examined", submitted_at=NOW)
    shown = await show_finding(seen, await seen.finding(photo_id=photo))
    assert "photo" in shown
    assert shown["caption"].splitlines() == [
        "🟡 № 1 dent, front left door",
        "Severity: 2 – light · ~180\u00a0GEL",
        "📷 Front",
        "🤖 71 % sure, seen on photos: 1",
        "↳ it is not on the photo before",
    ]
    assert labels(shown) == ["🔴 New", "📌 Known", "🟢 Not damage", "🔍 Better photo", "✏️ Correct"]


async def test_a_decided_finding_says_what_it_is_and_who_said_so(seen: InspectedCar):
    photo = await seen.photo("front", ordinal=1)
    await seen.change(state="examined", submitted_at=NOW)
    finding = await seen.finding(photo_id=photo)
    first = await show_finding(seen, finding)
    await seen.out.change(
        "findings", finding, state="new", decided_kind="scratch", decided_by=seen.person, decided_at=NOW
    )
    second = await show_finding(seen, finding)
    assert second["message_id"] == first["message_id"]
    assert second["caption"].startswith("🔴 № 1 New: scratch, front left door, 2 – light · ~180\u00a0GEL")
    assert "👤 Decided by Nino" in second["caption"]
    assert labels(second) == ["✏️ Change the decision"]


async def test_after_the_review_a_finding_keeps_its_verdict_and_no_buttons(seen: InspectedCar):
    await seen.change(state="examined", submitted_at=NOW)
    finding = await seen.finding()
    await seen.out.change("findings", finding, state="new", decided_by=seen.person, decided_at=NOW)
    first = await show_finding(seen, finding)
    async with seen.out.db.transaction() as tx:
        await choices.put(tx, seen.forum, f"finding:{finding}", Choice("kind", "", ("part=hood",)), now=NOW)
    await seen.change(state="reviewed", reviewed_by=seen.person, reviewed_at=NOW)
    last = await show_finding(seen, finding)
    assert last["message_id"] == first["message_id"]
    assert (labels(first), "reply_markup" in last) == (["✏️ Change the decision"], False)
    assert "New: dent, front left door" in (last.get("caption") or last["text"])


async def test_what_is_put_right_stands_on_the_buttons(seen: InspectedCar):
    await seen.change(state="examined", submitted_at=NOW)
    finding = await seen.finding()
    async with seen.out.db.transaction() as tx:
        await choices.put(tx, seen.forum, f"finding:{finding}", Choice("edit", "", ("part=hood",)), now=NOW)
    shown = await show_finding(seen, finding)
    assert labels(shown) == ["What: dent", "Where: bonnet", "Severity: 2 – light", "🔴 New, exactly so", "‹ Back"]


# -- pairs and archive ------------------------------------------------------------------------------------------------


async def test_pairs_come_as_an_album_with_the_side_under_each(seen: InspectedCar):
    stored = await seen.out.performer._means.storage.put(png(7), content_type="image/png")
    await seen.photo("front", ordinal=1, pair_key=stored.key)
    await seen.photo("left", ordinal=2, pair_key=stored.key)
    await seen.out.perform(ShowPairs(chat_id=seen.forum, inspection_id=seen.inspection))
    [topic] = await seen.out.topics(seen.forum)
    head, *album = await seen.out.said(seen.forum, topic["message_thread_id"])
    assert "before, then now" in head["text"]
    assert [one["caption"] for one in album] == ["Front: before – now", "Left side: before – now"]
    assert album[0]["media_group_id"] == album[1]["media_group_id"]


async def archive_of(seen: InspectedCar) -> int:
    chat_id = await seen.out.telegram.group(title="Archive", is_forum=False)
    await seen.out.put("chats", chat_id=chat_id, purpose="archive", title="Archive", language="en")
    return chat_id


async def test_the_archive_gets_summary_and_photos_once(seen: InspectedCar):
    chat_id = await archive_of(seen)
    await seen.photo("front", ordinal=1)
    await seen.photo("left", ordinal=2)
    body = ArchiveInspection(chat_id=chat_id, inspection_id=seen.inspection)
    await seen.out.perform(body)
    await seen.out.perform(body)
    head, *album = await seen.out.said(chat_id)
    assert "🏁 Return" in head["text"]
    assert [one["caption"].split(" · ")[0] for one in album] == ["Front", "Left side"]


async def test_what_came_since_is_added_to_the_archive(seen: InspectedCar):
    chat_id = await archive_of(seen)
    await seen.photo("front", ordinal=1)
    body = ArchiveInspection(chat_id=chat_id, inspection_id=seen.inspection)
    await seen.out.perform(body)
    await seen.photo("left", ordinal=2)
    delivery = await seen.out.perform(body)
    assert isinstance(delivery, Delivery)
    assert delivery.result["post"] == "1 pictures"
    assert len(await seen.out.said(chat_id)) == 3


async def test_nothing_goes_into_a_chat_that_is_no_archive(seen: InspectedCar):
    delivery = await seen.out.perform(ArchiveInspection(chat_id=seen.forum, inspection_id=seen.inspection))
    assert isinstance(delivery, Delivery)
    assert "skipped" in delivery.result
