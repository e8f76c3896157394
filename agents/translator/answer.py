"""What the model may answer: a translation, and nothing else that could do anything."""

from pydantic import BaseModel, ConfigDict


class Translation(BaseModel):
    """The message in the other language, whole, without a word about it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    translation: str
