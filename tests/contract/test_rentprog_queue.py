"""A call that waits long for its turn still goes out with a token that lives (240 s) when it is its turn."""

import asyncio

from tests.contract.rentprog_calls import calling
from tests.sandbox.twin_at_work import twin_at_work


async def test_a_queue_longer_than_the_life_of_a_token_is_answered_to_the_end():
    with twin_at_work() as twin:
        async with calling(twin) as client:
            # At one call in 1.5 s two hundred calls take five minutes of the twin's clock.
            answers = await asyncio.gather(*(client.cars() for _ in range(200)))
    assert all(page.rows for page in answers)
