from collections import Counter
from datetime import datetime
from itertools import pairwise

import pytest

from core.clock import LOCAL_ZONE, FixedClock
from core.roles import LANGUAGES, Role
from sandbox.company import BRANCHES, PARENT_COMPANY_ID, World, big_world, company, telegram_seed
from sandbox.company.correspondents import correspondents
from sandbox.company.notation import from_wall, iso, wall, wrongly_formatted
from sandbox.company.table import Row


@pytest.fixture(scope="module")
def world() -> World:
    return company()


def rows(table) -> list[Row]:
    return list(table.rows.values())


def test_the_company_has_four_branches_and_the_parent_is_none_of_them():
    assert [(branch.code, branch.company_id) for branch in BRANCHES] == [
        ("tbilisi", 1001),
        ("kutaisi", 1002),
        ("batumi", 1003),
        ("service-center", 1004),
    ]
    assert PARENT_COMPANY_ID not in {branch.company_id for branch in BRANCHES}


def test_the_same_seed_and_moment_tell_the_same_story(world: World):
    clock = FixedClock(world.born)
    once, again, other = company(7, clock), company(7, clock), company(8, clock)
    assert once.cars.rows == again.cars.rows
    assert once.bookings.rows == again.bookings.rows
    assert once.cars.rows != other.cars.rows


def test_the_company_has_the_size_of_a_demo(world: World):
    assert (len(world.cars.rows), len(world.clients.rows), len(world.people)) == (24, 20, 12)


def test_people_fill_every_role_and_their_telegram_ids_do_not_fit_into_32_bits(world: World):
    assert {person.role for person in world.people} == set(Role)
    assert {person.language for person in world.people} == set(LANGUAGES)
    assert min(person.telegram_id for person in world.people) > 2**31
    assert len({person.telegram_id for person in world.people}) == len(world.people)


def test_the_director_is_one_user_with_a_cash_box_in_every_branch(world: World):
    director = next(person for person in world.people if person.role is Role.DIRECTOR)
    assert len(set(director.rentprog_ids.values())) == 1
    boxes = [world.user(branch.company_id, director.rentprog_ids[branch.code]) for branch in BRANCHES]
    assert len({box["account"]["cash"] for box in boxes if box}) == len(BRANCHES)


def test_every_user_of_a_branch_is_a_person_or_one_who_left(world: World):
    for branch in BRANCHES:
        known = {p.rentprog_ids[branch.code] for p in world.people if branch.code in p.rentprog_ids}
        assert known == {user["id"] for user in world.users[branch.company_id] if user["active"]}
        assert [user["active"] for user in world.users[branch.company_id]].count(False) == 1


def test_clients_come_from_many_countries_and_speak_many_languages(world: World):
    assert len({guest.country for guest in world.guests}) == 20
    assert len({guest.language for guest in world.guests}) > 10


def test_bookings_show_every_situation_around_now(world: World):
    bookings = rows(world.bookings)
    now = world.born
    states = {booking["state"] for booking in bookings}
    assert {"Новая", "Активная", "Подтверждена", "Отъездила", "Завершена", "Отмена", "Отказ клиента"} <= states
    assert any(booking["in_rent"] and from_wall(booking["end_date"]) < now for booking in bookings)
    assert any(booking["technical"] and booking["repair"] for booking in bookings)
    assert any(booking["technical"] and not booking["repair"] for booking in bookings)
    assert any(booking["archive"] for booking in bookings)
    assert any(booking["fast_booking"] for booking in bookings)
    assert any(booking["company_id"] != world.cars.rows[booking["car_id"]]["company_id"] for booking in bookings)


@pytest.mark.parametrize("hour", [0, 5, 9, 13, 20, 23])
def test_at_any_hour_of_the_day_no_car_is_promised_twice_at_one_time(hour: int):
    world = company(clock=FixedClock(datetime(2026, 3, 14, hour, 50, tzinfo=LOCAL_ZONE)))
    for car_id in world.cars.rows:
        stays = sorted(
            (from_wall(b["start_date"]), from_wall(b["end_date"]))
            for b in rows(world.bookings)
            if b["car_id"] == car_id and b["active"]
        )
        assert all(start < end for start, end in stays)
        assert all(before[1] <= after[0] for before, after in pairwise(stays))


def test_hours_are_not_padded_and_formatted_dates_are_four_hours_late(world: World):
    assert any(" 9:00" in booking["start_date"] for booking in rows(world.bookings))
    moment = from_wall("24-11-2025 9:00")
    assert iso(moment) == "2025-11-24T09:00:00.000+04:00"
    assert wall(moment) == "24-11-2025 9:00"
    assert wrongly_formatted("24-11-2025 9:00") == "2025-11-24T13:00:00.000+04:00"


def test_a_date_that_does_not_exist_has_no_formatted_form():
    assert wrongly_formatted("31-02-2025 10:00") is None


def test_visible_numbers_are_unique_in_a_branch_and_repeat_between_branches(world: World):
    numbers = Counter((booking["company_id"], booking["number"]) for booking in rows(world.bookings))
    assert set(numbers.values()) == {1}
    assert len({number for _, number in numbers}) < len(numbers)


def test_some_cars_have_no_price_and_some_only_in_other_seasons(world: World):
    has_price = Counter(price["car_id"] for price in rows(world.prices) if any(price["values"]))
    assert set(has_price.values()) == {3, 4}
    assert len(has_price) == len(world.cars.rows) - 1


def test_the_id_of_a_destroyed_row_is_never_given_again():
    cars = company().cars
    last = cars.last_id
    cars.drop(last)
    assert cars.next_id() == last + 1


def test_a_big_world_has_exactly_the_size_that_was_asked_for():
    world = big_world(cars=50, clients=440, bookings=500)
    assert (len(world.cars.rows), len(world.clients.rows), len(world.bookings.rows)) == (50, 440, 500)
    numbers = Counter((booking["company_id"], booking["number"]) for booking in rows(world.bookings))
    assert set(numbers.values()) == {1}
    assert {booking["state"] for booking in rows(world.bookings)} >= {"Новая", "Активная", "Отъездила", "Отмена"}


def test_telegram_gets_a_forum_for_each_branch_headquarters_and_alerts(world: World):
    seed = telegram_seed(world.people)
    titles = [chat.title for chat in seed.chats if "| clients" not in chat.title]
    assert titles == [
        *("Branch Tbilisi", "Branch Kutaisi", "Branch Batumi", "Branch Service Center"),
        *("Headquarters", "Alerts"),
    ]
    assert len({chat.id for chat in seed.chats}) == len(seed.chats)
    assert all("can_manage_topics" in chat.bot_rights for chat in seed.chats if chat.is_forum)


def test_everybody_who_may_answer_a_client_has_a_group_that_nobody_else_is_in(world: World):
    seed = telegram_seed(world.people)
    owners = {chat.title: chat.members for chat in seed.chats if "| clients" in chat.title}
    assert owners == {
        f"{person.first_name} | clients": (person.telegram_id,)
        for person in world.people
        if person.role is not Role.ADMIN
    }


def test_clients_who_write_have_the_digits_of_their_phone_and_some_have_none(world: World):
    people = {one.key: one for one in correspondents(world.guests)}
    assert people["david"].login == "972000000004"
    assert people["tamar"].login == "995555000014"
    assert {one.channel for one in people.values()} == {"whatsapp", "telegram", "instagram"}
    assert {people[key].language for key in ("mohammed", "david", "john")} == {"ar", "he", "en"}
    assert people["layla"].client_id is None
    booked = {booking["client_id"] for booking in rows(world.bookings) if booking["active"]}
    assert {people[key].client_id for key in ("mohammed", "david", "john")} <= booked


def test_branch_staff_are_in_their_own_forum_and_leaders_in_all(world: World):
    seed = telegram_seed(world.people)
    for person in world.people:
        own = {chat.title for chat in seed.chats if person.telegram_id in chat.members}
        expected = {f"Branch {branch.title}" for branch in BRANCHES if person.branch in (branch.code, None)}
        assert expected <= own
