"""What a model may say about the words of staff: closed slots, none of which names a person, a car or a chat."""

from pydantic import BaseModel, ConfigDict, Field

from core.slang import Nature, Part, Urgency


class Reading(BaseModel):
    """How one message was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    nature: Nature = Field(description="breakdown, incident, question, task or other")
    part: Part = Field(description="the part of the car it is about; other where it is about none")
    urgency: Urgency = Field(description="high where the car must not be given out, urgent where somebody is in danger")
    title: str = Field(max_length=120, description="what is to be done, in the language of the message, in a few words")


class Reply(BaseModel):
    """An answer to a question of staff."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    is_known: bool = Field(description="whether the tools gave what is asked")
    text: str = Field(max_length=700, description="one to three sentences; empty where it is not known")
