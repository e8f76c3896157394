"""What people hear of commands that went wrong: one alarm for each kind of trouble and queue, however it was found."""

from core.events import AlarmRaised, NewEvent


def command_alarm(
    text_key: str, *, who: str, command_id: int, text: str, occurrence: str = ""
) -> NewEvent[AlarmRaised]:
    """``who`` is the queue or system that is in trouble; ``occurrence`` tells repeats of one command apart."""
    key = f"{text_key.removeprefix('alarm-')}:{who}"
    return NewEvent(
        body=AlarmRaised(key=key, text_key=text_key, args={"who": who, "text": text, "command": command_id}),
        subject=f"alarm:{key}",
        external_id=f"{text_key}:{command_id}:{occurrence}",
    )
