"""What runs asked of models: one row of figures for each run, an alarm for a model whose price nobody knows."""

from collections.abc import Sequence

from agents.kit.record import Record
from core.events import AlarmRaised, NewEvent
from db.runs import Asked, ClaimedRun


def asked_of(run: ClaimedRun, records: Sequence[Record]) -> Asked:
    """The questions of one run added up; its model and prompt are those of the last one that was answered."""
    answered = [record for record in records if record.model is not None]
    last = (answered or list(records))[-1]
    return Asked(
        run_id=run.id,
        model=last.model,
        prompt_hash=last.prompt_hash,
        tools=[call for record in records for call in record.tools_as_json()],
        tokens_in=sum(record.tokens_in for record in records),
        tokens_out=sum(record.tokens_out for record in records),
        cost=sum((record.cost for record in records), start=type(last.cost)(0)),
    )


def price_alarms(records: Sequence[Record]) -> list[NewEvent[AlarmRaised]]:
    """An unknown price is no price of nothing: it is counted as a dear one, and somebody is told."""
    unknown = dict.fromkeys(record.model for record in records if record.price_unknown and record.model is not None)
    return [
        NewEvent(
            body=AlarmRaised(key=f"model-price:{model}", text_key="alarm-model-price", args={"model": model}),
            subject=f"alarm:model-price:{model}",
        )
        for model in unknown
    ]
