"""A person says which user of RentProg they are: the number exists, is nobody else's, and each has one."""

import pytest


async def staff(stage, branch, number, name, *, is_active=True):
    async with stage.db.transaction() as tx:
        await tx.run(
            "INSERT INTO rentprog_staff (branch, rentprog_id, name, is_active) VALUES (%s, %s, %s, %s)",
            (branch, number, name, is_active),
        )


async def linked(stage):
    rows = await stage.rows(
        """SELECT s.rentprog_id, p.tg_user_id FROM rentprog_staff AS s JOIN people AS p ON p.id = s.person_id
           ORDER BY s.rentprog_id"""
    )
    return [(row["rentprog_id"], row["tg_user_id"]) for row in rows]


@pytest.fixture
async def clerk(stage, cast):
    await stage.hire(cast.employee)
    await staff(stage, "tbilisi", 15001, "Ivan P.")
    await staff(stage, "tbilisi", 15002, "Oleg S.")
    await staff(stage, "batumi", 15003, "Lela O.")
    return cast.employee.telegram_id


async def test_a_number_of_the_own_branch_is_linked_once(stage, clerk):
    assert "Ivan P." in await stage.ask(clerk, "/link_rentprog 15001")
    assert "Ivan P." in await stage.ask(clerk, "/link_rentprog 15001")
    assert await linked(stage) == [(15001, clerk)]
    assert [row["action"] for row in await stage.rows("SELECT action FROM audit")] == ["staff.linked"]


@pytest.mark.parametrize("number", ["15003", "99999"])
async def test_a_number_that_is_not_of_the_branch_is_refused(stage, clerk, number):
    assert "No active user" in await stage.ask(clerk, f"/link_rentprog {number}")
    assert await linked(stage) == []


async def test_a_number_of_another_person_stays_theirs(stage, cast, clerk):
    await stage.ask(clerk, "/link_rentprog 15001")
    await stage.hire(cast.head)
    assert "another person" in await stage.ask(cast.head.telegram_id, "/link_rentprog 15001")
    assert await linked(stage) == [(15001, clerk)]


async def test_a_person_has_one_number(stage, clerk):
    await stage.ask(clerk, "/link_rentprog 15001")
    assert "already" in await stage.ask(clerk, "/link_rentprog 15002")
    assert await linked(stage) == [(15001, clerk)]


@pytest.mark.parametrize("words", ["", "abc", "1 OR 1=1", "١٥٠٠١", "9" * 40])
async def test_what_is_no_number_is_explained(stage, clerk, words):
    assert "Write it like this" in await stage.ask(clerk, f"/link_rentprog {words}".strip())


async def test_whoever_has_no_branch_has_no_number(stage, cast):
    await stage.hire(cast.director)
    assert "Only people of a branch" in await stage.ask(cast.director.telegram_id, "/link_rentprog 15001")
