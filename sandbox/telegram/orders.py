"""What can be asked of the control API: one model for each body."""

from pydantic import BaseModel, ConfigDict, Field

from sandbox.faults import ANY

Rights = list[str] | dict[str, bool] | None


def granted(rights: Rights) -> list[str] | None:
    """The names of the rights, from a list or from an object of yes and no; None means all."""
    if isinstance(rights, dict):
        return [name for name, is_granted in rights.items() if is_granted]
    return rights


class Order(BaseModel):
    """Unknown fields are refused, so that a typo does not pass for a wish."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Location(Order):
    latitude: float
    longitude: float


class SendOrder(Order):
    person: int = Field(alias="as")
    chat_id: int
    thread_id: int | None = None
    text: str = ""
    location: Location | None = None
    reply_to_message_id: int | None = None


class EditOrder(Order):
    person: int = Field(alias="as")
    chat_id: int
    message_id: int
    text: str


class PressOrder(Order):
    person: int = Field(alias="as")
    chat_id: int
    message_id: int
    callback_data: str


class ReactOrder(Order):
    person: int = Field(alias="as")
    chat_id: int
    message_id: int
    emoji: str = ""


class StartOrder(Order):
    person: int = Field(alias="as")
    payload: str = ""


class PersonOrder(Order):
    person: int = Field(alias="as")


class StopDraftOrder(PersonOrder):
    draft_id: int


class JoinOrder(PersonOrder):
    invite_link: str


class BlockOrder(PersonOrder):
    is_blocked: bool = True


class TopicOrder(Order):
    """Thread 0 is General; `as` names who does it, otherwise the owner does."""

    person: int | None = Field(default=None, alias="as")
    chat_id: int
    message_thread_id: int


class NewTopicOrder(PersonOrder):
    chat_id: int
    name: str = Field(min_length=1)


class MemberOrder(Order):
    """`rights` left out means every right when promoting; an empty list takes the rank away."""

    chat_id: int
    user_id: int
    rights: Rights = None


class NewChatOrder(Order):
    """The first member owns the group; without `bot_rights` the bot gets them all, without `with_bot` it stays out."""

    title: str = Field(min_length=1)
    members: list[int] = Field(min_length=1)
    is_forum: bool = False
    type: str = Field(default="supergroup", pattern="^(group|supergroup)$")
    bot_rights: Rights = None
    with_bot: bool = True


class ForumOrder(Order):
    is_forum: bool


class TitleOrder(Order):
    title: str = Field(min_length=1)


class NewUserOrder(Order):
    id: int | None = None
    first_name: str = Field(min_length=1)
    last_name: str = ""
    username: str = ""
    language_code: str = "en"
    title: str = ""


class FaultOrder(Order):
    """`method` `*` hits every method; `effect` lets the call take effect before its answer is spoiled."""

    method: str = ANY
    chat_id: int | None = None
    times: int = Field(default=1, ge=1)
    error_code: int | None = Field(default=None, ge=400, le=599)
    description: str = ""
    retry_after: int | None = Field(default=None, ge=0)
    latency_s: float = Field(default=0.0, ge=0, le=600)
    drop: bool = False
    effect: bool = False


class ClockOrder(Order):
    advance_s: float = Field(ge=0)


class LimitsOrder(Order):
    enabled: bool


class ModesOrder(Order):
    """Settings that a bot's owner has with the real service."""

    topics_in_private: bool | None = None
    reads_all_group_messages: bool | None = None
