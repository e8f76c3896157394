"""Limits of one question, budgets of a day, and the reasons for which there is no answer."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from agents.kit.ledger import Spending
from agents.kit.question import Answer, Degraded, Reason
from core.errors import Rejected, Temporary
from core.settings.llm import LlmBudget, LlmProvider
from tests.agents.kit.conftest import question
from tests.agents.kit.scripted_server import Fail, Garble, Say, Stall, answer

WARM = answer(city="Tbilisi", degrees=20)
LOOK = Say(calls=(("look", {}),))
LOOK_TWICE = Say(calls=(("look", {}), ("look", {})))


async def look() -> str:
    """Looks out of the window."""
    return "sun"


@pytest.mark.parametrize(
    ("limit", "value"), [("requests", 2), ("tokens", 2200), ("usd", Decimal("0.004")), ("tool_calls", 2)]
)
async def test_a_question_ends_at_its_limit_and_is_answered_within_a_wider_one(bench, limit, value):
    """Each response costs 1100 tokens and 0.002 dollars; the third one would answer."""
    bench.openai.script = [LOOK, LOOK_TWICE, WARM]
    found = await bench.thinker.ask(question(tools=(look,), **{limit: value}))
    assert isinstance(found, Degraded)
    assert (found.reason, found.detail) == (Reason.BUDGET_SPENT, limit)
    bench.openai.script = [LOOK, LOOK_TWICE, WARM]
    assert isinstance(await bench.thinker.ask(question(tools=(look,), **{limit: value * 2})), Answer)


async def test_an_answer_that_is_paid_for_is_not_thrown_away(bench):
    bench.openai.script = [WARM]
    found = await bench.thinker.ask(question(tokens=10, usd=Decimal("0.0001")))
    assert isinstance(found, Answer)


@pytest.mark.parametrize("limit", ["requests", "tokens", "usd"])
async def test_a_limit_of_nothing_asks_nobody(bench, limit):
    found = await bench.thinker.ask(question(**{limit: Decimal(0)}))
    assert (found.reason, found.detail) == (Reason.BUDGET_SPENT, limit)
    assert bench.openai.requests == bench.anthropic.requests == []


async def test_a_question_that_takes_too_long_is_timed_out(bench):
    async def wait() -> str:
        """Waits for ever."""
        await asyncio.Event().wait()
        return ""

    bench.openai.script = [Say(calls=(("wait", {}),))]
    found = await bench.thinker.ask(question(tools=(wait,), seconds=0.5))
    assert found.reason is Reason.TIMED_OUT
    assert found.record.tools[0].error == "CancelledError"
    assert bench.ledger.open == {}


async def test_without_a_key_nobody_is_asked(make_bench):
    keyless = {name: LlmProvider(api="anthropic") for name in ("first", "second")}
    bench = make_bench(providers=keyless)
    assert (await bench.thinker.ask(question())).reason is Reason.NO_KEY


async def test_without_any_model_in_the_settings_there_is_no_key(make_bench):
    assert (await make_bench(models=()).thinker.ask(question())).reason is Reason.NO_KEY


@pytest.mark.parametrize("switch", [("system", "llm"), ("agent", "weatherman")])
async def test_a_switch_works_at_once_and_both_ways(bench, switch):
    bench.openai.script = [WARM]
    bench.panel.off = {switch}
    found = await bench.thinker.ask(question())
    assert (found.reason, found.detail) == (Reason.SWITCHED_OFF, switch[1])
    bench.panel.off = set()
    assert isinstance(await bench.thinker.ask(question()), Answer)


async def test_the_settings_switch_all_off(make_bench):
    bench = make_bench(is_on=False)
    assert (await bench.thinker.ask(question())).reason is Reason.SWITCHED_OFF


async def test_a_tool_that_is_switched_off_does_not_run(bench):
    ran = []

    async def look() -> str:
        """Looks."""
        ran.append(1)
        return "sun"

    bench.openai.script = [LOOK, WARM]
    bench.panel.off = {("tool", "look")}
    found = await bench.thinker.ask(question(tools=(look,)))
    assert isinstance(found, Answer)
    assert ran == []
    assert found.record.tools[0].error == "Rejected"


async def test_both_providers_down_is_provider_down(bench):
    bench.openai.script, bench.anthropic.script = [Fail(500)], [Fail(529)]
    found = await bench.thinker.ask(question())
    assert found.reason is Reason.PROVIDER_DOWN
    assert [one.error for one in found.record.attempts] == found.record.errors
    assert found.record.cost == 0


async def test_two_garbled_bodies_are_an_outage_of_both(bench):
    bench.openai.script, bench.anthropic.script = [Garble()], [Garble()]
    found = await bench.thinker.ask(question())
    assert found.reason is Reason.PROVIDER_DOWN
    assert len(found.record.attempts) == 2


async def test_both_providers_stalling_ends_within_the_time_of_the_question(bench):
    bench.openai.script, bench.anthropic.script = [Stall()], [Stall()]
    found = await bench.thinker.ask(question(seconds=1.0))
    assert found.reason is Reason.PROVIDER_DOWN


async def test_an_outage_opens_the_breakers_and_costs_nothing_until_they_close(bench):
    bench.openai.script, bench.anthropic.script = [Fail(500)] * 2, [Fail(500)] * 2
    for _ in range(2):
        await bench.thinker.ask(question())
    found = await bench.thinker.ask(question())
    assert (found.reason, found.retry_after) == (Reason.PROVIDER_DOWN, 60.0)
    assert len(bench.openai.requests) == len(bench.anthropic.requests) == 2

    bench.clock.advance(timedelta(seconds=60))
    bench.openai.script = [WARM, WARM]
    assert isinstance(await bench.thinker.ask(question()), Answer)
    assert isinstance(await bench.thinker.ask(question()), Answer)
    assert len(bench.anthropic.requests) == 2


async def test_a_provider_that_is_down_is_passed_over_without_a_call(bench):
    bench.openai.script, bench.anthropic.script = [Fail(500)] * 2, [WARM] * 3
    for _ in range(3):
        assert isinstance(await bench.thinker.ask(question()), Answer)
    assert len(bench.openai.requests) == 2


async def test_a_provider_that_asks_for_time_gets_it_at_once(bench):
    bench.openai.script, bench.anthropic.script = [Fail(429, retry_after="20")], [WARM, WARM]
    await bench.thinker.ask(question())
    await bench.thinker.ask(question())
    assert len(bench.openai.requests) == 1
    bench.clock.advance(timedelta(seconds=20))
    bench.openai.script = [WARM]
    assert (await bench.thinker.ask(question())).record.model == "model-a"


async def test_a_refused_request_does_not_open_the_breaker(bench):
    bench.openai.script, bench.anthropic.script = [Fail(400)] * 3, [WARM] * 3
    for _ in range(3):
        await bench.thinker.ask(question())
    assert len(bench.openai.requests) == 3


@pytest.mark.parametrize("scope", ["object", "branch", "agent"])
async def test_a_spent_budget_of_a_day_asks_nobody_until_the_next_day(make_bench, scope):
    bench = make_bench(**{f"{scope}_day": LlmBudget(requests=10, tokens=10_000_000, usd=Decimal("0.003"))})
    bench.openai.script = [WARM, WARM]
    small = {"usd": Decimal("0.002")}
    assert isinstance(await bench.thinker.ask(question(**small)), Answer)
    found = await bench.thinker.ask(question(**small))
    assert (found.reason, found.detail) == (Reason.BUDGET_SPENT, scope)
    assert len(bench.openai.requests) == 1
    bench.clock.advance(timedelta(days=1))
    assert isinstance(await bench.thinker.ask(question(**small)), Answer)


async def test_one_spent_object_leaves_the_others_alone(make_bench):
    bench = make_bench(object_day=LlmBudget(requests=4, tokens=10_000_000, usd=Decimal(1)))
    bench.openai.script = [WARM, WARM]
    assert isinstance(await bench.thinker.ask(question()), Answer)
    assert isinstance(await bench.thinker.ask(question()), Degraded)
    assert isinstance(await bench.thinker.ask(replace(question(), object="client:2")), Answer)


async def test_questions_side_by_side_cannot_overspend_together(make_bench):
    bench = make_bench(object_day=LlmBudget(requests=8, tokens=10_000_000, usd=Decimal(1)))
    bench.openai.script = [WARM] * 5
    found = await asyncio.gather(*(bench.thinker.ask(question(requests=4)) for _ in range(5)))
    assert sum(isinstance(one, Answer) for one in found) == 2


async def test_what_was_really_used_is_settled_also_after_a_failure(bench):
    bench.openai.script = [LOOK, Say(text="no form"), Say(text="no form")]
    found = await bench.thinker.ask(question(tools=(look,)))
    assert found.reason is Reason.NONSENSE
    assert bench.ledger.settled("object") == Spending(3, 3300, Decimal("0.006"))
    assert bench.ledger.open == {}


async def test_a_business_refusal_of_a_tool_goes_back_to_the_model(bench):
    async def look() -> str:
        """Looks."""
        raise Rejected("The window is walled up.")

    bench.openai.script = [LOOK, WARM]
    found = await bench.thinker.ask(question(tools=(look,)))
    assert isinstance(found, Answer)
    assert bench.openai.requests[1]["messages"][-1]["content"] == '{"error":"The window is walled up."}'


async def test_what_else_a_tool_raises_goes_through_and_is_paid_for(bench):
    async def look() -> str:
        """Looks."""
        raise Temporary("the database is away")

    bench.openai.script = [LOOK]
    with pytest.raises(Temporary):
        await bench.thinker.ask(question(tools=(look,)))
    assert bench.ledger.settled("object").requests == 1
