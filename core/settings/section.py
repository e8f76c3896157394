"""What every section of the settings is."""

from pydantic import BaseModel, ConfigDict


def as_list(value: object) -> object:
    return [value] if isinstance(value, str | int) else value


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
