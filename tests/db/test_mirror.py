"""The mirror's statements: many rows at a time, only what is RentProg's, and never somebody else's insert."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from core.errors import Temporary
from core.events import NewEvent, RefreshWanted
from core.ids import rentprog_id
from core.plans import Plan
from db.events import record
from db.queries import mirror, mirror_links, quarantine, sync
from db.queries.quarantine import Held
from db.session import Database

META = {"raw": {}, "fingerprint": None, "updated_by": "fetch", "updated_by_event": 1, "deleted_at": None}


@pytest.fixture
async def branch(db: Database) -> str:
    async with db.transaction() as tx:
        await tx.run("INSERT INTO branches (code, name, company_id) VALUES ('tbilisi', 'Tbilisi', 1001)")
    return "tbilisi"


def row(entity, rentprog_number, **columns):
    return {"id": rentprog_id(entity, rentprog_number), "rentprog_id": rentprog_number, **META, **columns}


def booking(rentprog_number, **columns):
    return row("booking", rentprog_number, branch="tbilisi", state="new", **columns)


async def test_values_come_back_as_they_went_in(db: Database, branch):
    start = datetime(2026, 1, 10, 5, 0, tzinfo=UTC)
    text = 'O\'Brien; -- "quoted" \\ %s {1} тест'
    given = booking(1, start_at=start, total=Decimal("455.50"), description=text, in_rent=True, raw={"k": [1, text]})
    async with db.transaction() as tx:
        assert await mirror.insert(tx, "booking", [given], branch="tbilisi") == {1}
        stored = await mirror.read(tx, "booking", 1)
    assert stored is not None
    assert {name: stored[name] for name in given} == given


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("a\x00b", "a\\u0000b"),
        ("\\\x00", "\\\\u0000"),
        ("\\u0000", "\\u0000"),
        ("\\\\u0000", "\\\\u0000"),
        ("x\ud800é", "x\\ud800é"),
        (Decimal("763.0"), 763.0),
        (Decimal("0.1234567890123456789"), "0.1234567890123456789"),
        (10**30, 10**30),
    ],
)
async def test_what_postgres_refuses_is_kept_visibly(db: Database, told, kept):
    async with db.transaction() as tx:
        await mirror.insert(tx, "client", [row("client", 1, raw={"note": told})], branch="tbilisi")
        stored = await mirror.read(tx, "client", 1)
    assert stored is not None
    assert stored["raw"] == {"note": kept}


async def test_a_second_insert_of_one_object_is_left_to_its_first_writer(db: Database, branch):
    async with db.transaction() as tx:
        assert await mirror.insert(tx, "booking", [booking(1, total=Decimal(1))], branch="tbilisi") == {1}
        assert await mirror.insert(tx, "booking", [booking(1, total=Decimal(2)), booking(2)], branch="tbilisi") == {2}
        stored = await mirror.read(tx, "booking", 1)
    assert stored is not None
    assert stored["total"] == Decimal(1)


async def test_many_rows_change_in_one_statement_and_keep_what_is_not_rentprogs(db: Database):
    clients = [row("client", number, first_name="A") for number in range(1, 501)]
    async with db.transaction() as tx:
        assert len(await mirror.insert(tx, "client", clients, branch="tbilisi")) == 500
        await tx.run("UPDATE clients SET language = 'ka' WHERE rentprog_id = 7")
        stored = await mirror.lock(tx, "client", range(1, 501))
        await mirror.update(
            tx, "client", [stored[number] | {"first_name": f"B{number}", "language": "en"} for number in stored]
        )
        seventh = await mirror.read(tx, "client", 7)
    assert seventh is not None
    assert (seventh["first_name"], seventh["language"]) == ("B7", "ka")


async def test_a_new_row_whose_number_was_taken_at_the_same_moment_is_left_to_a_second_look(db: Database, branch):
    async with db.transaction() as tx:
        await mirror.insert(tx, "booking", [booking(1, number=5)], branch="tbilisi")
    async with db.transaction() as tx:
        assert await mirror.insert(tx, "booking", [booking(2, number=5), booking(3, number=6)], branch="tbilisi") == {3}
        holders = await mirror.number_holders(tx, [("tbilisi", 5), ("tbilisi", 7)])
    assert holders == {("tbilisi", 5): 1}


async def test_a_change_to_a_number_that_was_taken_at_the_same_moment_is_tried_again(db: Database, branch):
    async with db.transaction() as tx:
        await mirror.insert(tx, "booking", [booking(1, number=5), booking(2)], branch="tbilisi")
        stored = await mirror.lock(tx, "booking", [2])
        with pytest.raises(Temporary, match="taken meanwhile"):
            await mirror.update(tx, "booking", [stored[2] | {"number": 5}])


async def test_two_writers_of_the_same_new_rows_both_learn_whose_they_are(db: Database, branch):
    async def write(*numbers):
        async with db.transaction() as tx:
            return await mirror.insert(tx, "booking", [booking(number) for number in numbers], branch="tbilisi")

    forwards, backwards = range(1, 101), range(100, 0, -1)
    results = await asyncio.gather(*(write(*numbers) for numbers in (forwards, backwards) * 3))
    assert sorted(map(len, results)) == [0, 0, 0, 0, 0, 100]


async def test_only_untouched_rows_show_their_fingerprint(db: Database, branch):
    async with db.transaction() as tx:
        await mirror.insert(tx, "booking", [booking(1), booking(2)], branch="tbilisi")
        await mirror.set_fingerprints(tx, "booking", {1: "a", 3: "c"})
        assert await mirror.fingerprints(tx, "booking", [1, 2, 3]) == {1: "a"}


async def test_links_are_repaired_for_those_who_arrived(db: Database, branch):
    async with db.transaction() as tx:
        await mirror.insert(
            tx, "booking", [booking(1, client_rentprog_id=7), booking(2, client_rentprog_id=8)], branch="tbilisi"
        )
        since = await mirror.database_now(tx) - timedelta(minutes=1)
        assert set(await mirror_links.unlinked(tx, "tbilisi", since=since, limit=9)) == {("client", 7), ("client", 8)}
        await mirror.insert(tx, "client", [row("client", 7), row("client", 8)], branch="tbilisi")
        assert [linked["rentprog_id"] for linked in await mirror_links.repair(tx, "client", [7])] == [1]
        assert [linked["rentprog_id"] for linked in await mirror_links.repair(tx, "client", None)] == [2]


async def test_one_number_of_two_entities_is_two_references_and_a_move_is_of_one_of_them(db: Database, branch):
    car = row("car", 500, branch="tbilisi", company_id=1001)
    async with db.transaction() as tx:
        await tx.run("INSERT INTO branches (code, name, company_id) VALUES ('batumi', 'Batumi', 1002)")
        await mirror.insert(tx, "car", [car], branch="tbilisi")
        await mirror.insert(tx, "booking", [booking(500)], branch="tbilisi")
        await mirror.insert(tx, "client", [row("client", 500)], branch="tbilisi")
        await mirror_links.move(tx, "car", {500: "batumi"})
        refs = await tx.rows("SELECT entity_type, entity_id, branch FROM external_refs ORDER BY entity_type")
    assert [(ref["entity_type"], ref["entity_id"], ref["branch"]) for ref in refs] == [
        ("booking", rentprog_id("booking", 500), "tbilisi"),
        ("car", rentprog_id("car", 500), "batumi"),
        ("client", rentprog_id("client", 500), "tbilisi"),
    ]


async def test_a_record_is_held_once_until_it_is_released_and_then_anew(db: Database):
    held = Held("tbilisi", "booking", "1", "bad_date", {"row": 1})
    async with db.transaction() as tx:
        assert await quarantine.put_away(tx, [held, held]) == [held]
        assert await quarantine.put_away(tx, [held]) == []
        assert await quarantine.count_open(tx, system="rentprog", branch="tbilisi") == 1
        assert await quarantine.release(tx, system="rentprog", entity="booking", external_ids=["1", "2"]) == [
            ("1", "bad_date")
        ]
        assert await quarantine.put_away(tx, [held]) == [held]


async def test_a_first_pass_is_one_before_which_none_was_finished(db: Database, branch):
    async with db.transaction() as tx:
        first = await sync.start_pass(tx, "tbilisi")
        opened = await sync.open_pass(tx, "tbilisi")
        assert opened is not None
        assert (opened.id, opened.is_first) == (first, True)
        await sync.finish(tx, first, vanished_rows=0)
        await sync.start_pass(tx, "tbilisi")
        opened = await sync.open_pass(tx, "tbilisi")
        assert opened is not None
        assert opened.is_first is False


async def test_staff_who_left_stay_as_inactive_and_an_empty_list_proves_nothing(db: Database, branch):
    async with db.transaction() as tx:
        await sync.put_staff(tx, "tbilisi", [(1, "A", True), (2, "B", True)])
        await sync.put_staff(tx, "tbilisi", [(2, "B", True)])
        await sync.put_staff(tx, "tbilisi", [])
        staff = await tx.rows("SELECT rentprog_id, is_active FROM rentprog_staff ORDER BY 1")
    assert [(person["rentprog_id"], person["is_active"]) for person in staff] == [(1, False), (2, True)]


async def test_a_waiting_refresh_is_seen_and_a_running_one_is_not(db: Database):
    def wish(name):
        body = RefreshWanted(entity="car", entity_id=1, reason="test")
        return NewEvent(body=body, subject="car:1", external_id=name)

    async with db.transaction() as tx:
        await record(tx, [wish("a"), wish("b")], lambda _: Plan.of("rental_sync"))
        assert await sync.subjects_with_waiting_refresh(tx, ["car:1", "car:2"]) == {"car:1"}
        first = await tx.row("UPDATE runs SET state = 'running' WHERE state = 'queued' RETURNING event_id")
        assert first is not None
        assert (await sync.before_fetch(tx, "car:1", first["event_id"])).has_later_wish
        await tx.run("UPDATE runs SET state = 'done' WHERE state = 'waiting'")
        assert await sync.subjects_with_waiting_refresh(tx, ["car:1"]) == set()
