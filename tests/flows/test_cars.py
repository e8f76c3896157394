"""Cars move between branches, come back, and leave the fleet."""

from db.queries import evidence
from tests.flows.company import BATUMI, FREE_IN_BATUMI, PLANNED, TBILISI, Company, car_id, car_of, words
from tests.wait import wait_until


async def is_closed(company: Company, branch: str, car: int) -> bool:
    """In Telegram and in what Jarvis knows."""
    topic = await company.topic(branch, car)
    shown = {t["message_thread_id"]: t for t in await company.director.topics(company.forums[branch])}
    return topic["is_closed"] and shown[topic["thread_id"]]["closed"]


async def test_a_car_that_moves_gets_a_topic_in_its_new_branch_and_a_farewell_with_a_link_in_the_old(
    company: Company,
) -> None:
    await company.director.act(f"cars/{FREE_IN_BATUMI}/move", to_branch=TBILISI)
    await company.quiet()
    assert len(await company.ask(evidence.events_of, "car.moved", car_of(FREE_IN_BATUMI))) == 1
    assert await company.ask(evidence.branch_of_car, car_id(FREE_IN_BATUMI)) == TBILISI
    new = await company.topic(TBILISI, FREE_IN_BATUMI)
    assert not new["is_closed"]
    assert await company.card(TBILISI, FREE_IN_BATUMI)
    assert await company.lines(TBILISI, FREE_IN_BATUMI, words("car-arrived", branch="Batumi"))
    assert await is_closed(company, BATUMI, FREE_IN_BATUMI)
    [farewell] = await company.lines(BATUMI, FREE_IN_BATUMI, words("car-left", branch="Tbilisi"))
    assert f"/{new['thread_id']}" in farewell["html"]


async def test_a_move_that_is_told_through_the_other_branchs_address_is_the_same_move(company: Company) -> None:
    await company.director.act(f"cars/{FREE_IN_BATUMI}/move", to_branch=TBILISI, via_branch=TBILISI)
    await company.quiet()
    assert len(await company.ask(evidence.events_of, "car.moved", car_of(FREE_IN_BATUMI))) == 1
    assert await company.ask(evidence.branch_of_car, car_id(FREE_IN_BATUMI)) == TBILISI
    assert not (await company.topic(TBILISI, FREE_IN_BATUMI))["is_closed"]
    assert await is_closed(company, BATUMI, FREE_IN_BATUMI)


async def test_a_car_that_comes_back_finds_its_old_topic_open_again(company: Company) -> None:
    before = await company.topic(BATUMI, FREE_IN_BATUMI)
    await company.director.act(f"cars/{FREE_IN_BATUMI}/move", to_branch=TBILISI)
    await company.quiet()
    await company.director.act(f"cars/{FREE_IN_BATUMI}/move", to_branch=BATUMI)
    await company.quiet()
    assert len(await company.ask(evidence.events_of, "car.moved", car_of(FREE_IN_BATUMI))) == 2
    assert await company.topic(BATUMI, FREE_IN_BATUMI) == before
    assert not await is_closed(company, BATUMI, FREE_IN_BATUMI)
    assert await is_closed(company, TBILISI, FREE_IN_BATUMI)
    assert len(await company.lines(BATUMI, FREE_IN_BATUMI, words("car-arrived", branch="Tbilisi"))) == 1


async def test_a_car_that_leaves_the_fleet_leaves_its_topic_closed_with_a_last_line(company: Company) -> None:
    await company.director.act(f"cars/{FREE_IN_BATUMI}/destroy")
    await company.quiet()
    assert len(await company.ask(evidence.events_of, "car.removed", car_of(FREE_IN_BATUMI))) == 1
    stored = await company.ask(evidence.car, car_id(FREE_IN_BATUMI))
    assert stored is not None
    assert stored["deleted_at"] is not None
    assert await is_closed(company, BATUMI, FREE_IN_BATUMI)
    assert len(await company.lines(BATUMI, FREE_IN_BATUMI, words("car-left-fleet"))) == 1


async def test_a_car_that_is_archived_leaves_the_forum_and_stays_away_whatever_is_changed_on_it(
    company: Company,
) -> None:
    await company.director.act(f"cars/{FREE_IN_BATUMI}", fields={"active": False})
    await company.quiet()
    assert await is_closed(company, BATUMI, FREE_IN_BATUMI)
    await company.director.act(f"cars/{FREE_IN_BATUMI}", fields={"mileage": 1})
    await company.quiet()
    assert await is_closed(company, BATUMI, FREE_IN_BATUMI)


async def test_a_new_car_gets_its_topic_by_itself(company: Company) -> None:
    made = await company.director.act(
        "cars", branch=TBILISI, fields={"car_name": "Kia Rio", "number": "ZZ777ZZ", "state": 1}
    )
    await company.quiet()
    assert "ZZ777ZZ" in (await company.card(TBILISI, made["id"]))["text"]
    assert len(await company.ask(evidence.events_of, "car.added", car_of(made["id"]))) == 1


async def test_a_change_of_a_car_shows_on_its_card_and_is_no_new_message(company: Company) -> None:
    before = await company.in_topic(TBILISI, PLANNED)
    await company.director.act(f"cars/{PLANNED}", fields={"mileage": 150_777})

    async def shown() -> bool:
        return "150\u00a0777" in (await company.card(TBILISI, PLANNED))["text"]

    await wait_until(shown)
    await company.quiet()
    assert [m["message_id"] for m in await company.in_topic(TBILISI, PLANNED)] == [m["message_id"] for m in before]
