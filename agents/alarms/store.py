"""Counts alarms and orders their telling, in the transaction that ends the run."""

from typing import Any

from agents.alarms.decide import Rules, is_due
from agents.spec import Outcome
from core.commands import NewCommand, Priority, SendMessage, TelegramCommand, TellAlarm, Text, chat_destination
from core.errors import Broken
from core.events import AlarmCleared, AlarmRaised, Event, HealthDue, WebhookQuarantined
from db.queries import alarms
from db.queries.alarms import Alarm
from db.session import Tx


async def save(tx: Tx, event: Event[Any], outcome: Outcome) -> Outcome:
    rules: Rules = outcome.changes
    match event.body:
        case AlarmRaised() as alarm:
            return Outcome(commands=await _count(tx, event, alarm, rules))
        case AlarmCleared(key=key):
            return await _clear(tx, event, key, rules)
        case HealthDue():
            return Outcome(commands=await _tell_the_rest(tx, event, rules))
        case WebhookQuarantined() as delivery:
            return await _quarantined(tx, event, delivery, rules)
        case _:
            raise Broken(f"no rule for {event.body.kind}")


async def _count(tx: Tx, event: Event[Any], alarm: AlarmRaised, rules: Rules) -> tuple[NewCommand, ...]:
    known = await alarms.count_up(
        tx, alarm.key, text_key=alarm.text_key, args=alarm.args, now=rules.now, quiet_since=rules.quiet_since
    )
    return await _tell(tx, event, known, rules)


async def _tell_the_rest(tx: Tx, event: Event[Any], rules: Rules) -> tuple[NewCommand, ...]:
    """A burst that ended leaves repeats that no later one will bring up."""
    orders = [await _tell(tx, event, alarm, rules) for alarm in await alarms.untold(tx)]
    return tuple(command for order in orders for command in order)


async def _tell(tx: Tx, event: Event[Any], alarm: Alarm, rules: Rules) -> tuple[NewCommand, ...]:
    if not is_due(rules, opened_at=alarm.opened_at, told_at=alarm.told_at):
        return ()
    await alarms.order_telling(tx, alarm.key, at=rules.now)
    return tuple(
        NewCommand(
            body=TellAlarm(chat_id=chat_id, key=alarm.key, opened_at=alarm.opened_at),
            destination=chat_destination(chat_id),
            effect_key=f"alarm:{event.id}:{alarm.key}:{chat_id}",
            priority=Priority.ANSWER,
        )
        for chat_id in rules.chats
    )


async def _clear(tx: Tx, event: Event[Any], key: str, rules: Rules) -> Outcome:
    """The end is said once, and only of what was told."""
    ended = await alarms.clear(tx, key, now=rules.now)
    if ended is None:
        return Outcome(note="no such alarm is open")
    minutes = int((rules.now - ended.opened_at).total_seconds() // 60)
    total = (Text(key="alarm-total", args={"count": ended.count, "minutes": minutes}),) if ended.count > 1 else ()
    text = Text(key="alarm-over", parts=(Text(key=ended.text_key, args=ended.args), *total))
    bodies = [SendMessage(chat_id=chat_id, text=text, is_silent=True) for chat_id in rules.chats]
    return Outcome(commands=tuple(_say(body, f"alarm-over:{event.id}:{body.chat_id}") for body in bodies))


async def _quarantined(tx: Tx, event: Event[Any], delivery: WebhookQuarantined, rules: Rules) -> Outcome:
    """Counts for everybody; which event it was only for the restricted chat, and its content for nobody."""
    arguments: dict[str, str | int] = {"system": delivery.system, "reason": delivery.reason}
    alarm = AlarmRaised(
        key=f"quarantined:{delivery.system}:{delivery.reason}", text_key="alarm-quarantined", args=arguments
    )
    commands = await _count(tx, event, alarm, rules)
    if commands and rules.restricted is not None:
        text = Text(key="alarm-quarantined-event", args={**arguments, "event": str(event.id)})
        body = SendMessage(chat_id=rules.restricted, text=text)
        commands = (*commands, _say(body, f"quarantined-event:{event.id}"))
    return Outcome(commands=commands)


def _say(body: TelegramCommand, effect_key: str) -> NewCommand:
    return NewCommand(
        body=body, destination=chat_destination(body.chat_id), effect_key=effect_key, priority=Priority.ANSWER
    )
