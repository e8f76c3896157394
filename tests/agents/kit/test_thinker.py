"""The thinker's own logic with a model of the tests: order of tools, records, prices, spans."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import BaseModel
from pydantic_ai.messages import ModelMessage, ModelResponse, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.models.test import TestModel

from agents.kit.models import Candidate, Models
from agents.kit.question import Answer, Question, Reason
from agents.kit.record import hash_of
from agents.kit.thinker import ModelThinker
from core.clock import FixedClock
from core.errors import Broken
from core.settings.llm import LlmModel, LlmPrice, LlmSettings
from tests.agents.kit.conftest import NOON, Panel, Verdict, question
from tests.agents.kit.memory_ledger import MemoryLedger
from tests.agents.kit.scripted_server import Fail, Say, answer

FINAL = ToolCallPart("final_result", {"city": "Tbilisi", "degrees": 20})
WARM = answer(city="Tbilisi", degrees=20)


def thinker_with(model) -> ModelThinker:
    models = Models([Candidate("invented", model, call_s=5)])
    return ModelThinker(LlmSettings(), models, MemoryLedger(), Panel(), FixedClock(NOON))


def scripted(*responses: list[ToolCallPart]) -> FunctionModel:
    left = list(responses)

    async def respond(_messages: list[ModelMessage], _info: AgentInfo) -> ModelResponse:
        return ModelResponse(parts=left.pop(0))

    return FunctionModel(respond)


async def test_a_tool_beside_a_final_answer_does_not_run():
    ran = []

    async def note() -> str:
        """Notes something."""
        ran.append(1)
        return "noted"

    for calls in ([ToolCallPart("note", {}), FINAL], [FINAL, ToolCallPart("note", {})]):
        found = await thinker_with(scripted(calls)).ask(question(tools=(note,)))
        assert isinstance(found, Answer)
        assert found.record.tools == []
    assert ran == []


async def test_tools_of_one_response_run_side_by_side_and_are_all_recorded():
    together = asyncio.Barrier(3)

    async def meet(number: int) -> int:
        """Waits for the others."""
        await together.wait()
        return number

    calls = [ToolCallPart("meet", {"number": number}) for number in range(3)]
    found = await thinker_with(scripted(calls, [FINAL])).ask(question(tools=(meet,)))
    assert isinstance(found, Answer)
    assert sorted(call.arguments["number"] for call in found.record.tools) == [0, 1, 2]


async def test_more_tools_at_once_than_the_limit_do_not_all_run():
    ran = []

    async def count(number: int) -> int:
        """Counts."""
        ran.append(number)
        return number

    calls = [ToolCallPart("count", {"number": number}) for number in range(10)]
    found = await thinker_with(scripted(calls, [FINAL])).ask(question(tools=(count,), tool_calls=3))
    assert (found.reason, found.detail) == (Reason.BUDGET_SPENT, "tool_calls")
    assert len(ran) <= 3


async def test_a_generated_answer_of_any_form_fits():
    found = await thinker_with(TestModel()).ask(question())
    assert isinstance(found.output, Verdict)


async def test_the_record_knows_the_prompt_by_its_hash_only(bench):
    bench.openai.script = [WARM]
    found = await bench.thinker.ask(question())
    assert found.record.prompt_hash == hash_of("You tell the weather.")
    assert found.record.prompt_hash != hash_of("You tell the weather!")
    assert (found.record.tokens_in, found.record.tokens_out) == (1000, 100)
    assert found.record.cost == Decimal("0.002")


async def test_a_price_of_the_list_is_used_where_the_table_has_none(make_bench, openai):
    bench = make_bench(models=(LlmModel(provider="first", model="gpt-4o-mini"),))
    openai.script = [WARM]
    found = await bench.thinker.ask(question())
    assert found.record.price_unknown is False
    assert Decimal(0) < found.record.cost < Decimal("0.01")


async def test_an_unknown_price_is_told_and_never_zero(make_bench, openai):
    bench = make_bench(
        models=(LlmModel(provider="first", model="model-nobody-knows"),),
        assumed_price=LlmPrice(input=Decimal(20), output=Decimal(80)),
    )
    openai.script = [WARM]
    found = await bench.thinker.ask(question())
    assert found.record.price_unknown is True
    assert found.record.cost == Decimal("0.028")


async def test_a_response_that_does_not_say_what_it_used_has_no_known_price(bench):
    bench.openai.script = [Say(calls=WARM.calls, has_usage=False)]
    found = await bench.thinker.ask(question())
    assert isinstance(found, Answer)
    assert found.record.price_unknown is True


async def test_an_order_may_be_asked_for_by_name(make_bench, anthropic):
    bench = make_bench(orders={"fast": (LlmModel(provider="second", model="model-b"),)})
    anthropic.script = [WARM]
    fast = Question(agent="a", prompt="p", content="c", output=Verdict, order="fast")
    assert (await bench.thinker.ask(fast)).record.model == "model-b"


class Open(BaseModel):
    city: str


class HasOpenPart(BaseModel, extra="forbid"):
    part: Open


class HasMap(BaseModel, extra="forbid"):
    any_key: dict[str, str]


@pytest.mark.parametrize("output", [Open, HasOpenPart, HasMap])
def test_an_answer_that_is_not_closed_is_refused(output):
    with pytest.raises(Broken, match="not closed"):
        Question(agent="a", prompt="p", content="c", output=output)


@pytest.fixture
async def spans() -> AsyncIterator[tuple[TracerProvider, InMemorySpanExporter]]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield provider, exporter
    provider.shutdown()


async def test_spans_tell_of_the_run_and_never_what_anybody_wrote(make_bench, openai, anthropic, spans):
    provider, exporter = spans
    secret = "+995 599 00 11 22"

    async def look(phone: str) -> str:
        """Looks."""
        raise ValueError(phone)

    bench = make_bench(tracer_provider=provider)
    openai.script = [Fail(500), Fail(400), Say(calls=(("look", {"phone": secret}),))]
    anthropic.script = [answer(city=secret, degrees=secret), answer(city=secret, degrees=3)]
    found = await bench.thinker.ask(question(f"My phone is {secret}"))
    assert isinstance(found, Answer)
    with pytest.raises(ValueError, match="995"):
        await bench.thinker.ask(question(f"My phone is {secret}", tools=(look,)))
    written = "".join(span.to_json() for span in exporter.get_finished_spans())
    assert "weatherman" in written
    assert "model-b" in written
    for private in (secret, "You tell the weather", "secret text"):
        assert private not in written


async def test_a_failed_record_holds_names_of_classes_and_nobodys_words(bench):
    bench.openai.script = [Fail(500)]
    bench.anthropic.script = [Say(text="The client lives at Rustaveli 1.")] * 2
    bench.openai.script += [Fail(500)]
    found = await bench.thinker.ask(question("I live at Rustaveli 1."))
    assert found.reason is Reason.NONSENSE
    assert "Rustaveli" not in repr(found)
