"""Make schema.json from a full Bot API schema file: names, types and limits, without the vendor's prose."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TARGET = Path(__file__).with_name("schema.json")

METHODS = (
    "getMe",
    "getUpdates",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "sendMessage",
    "sendPhoto",
    "sendDocument",
    "sendVideo",
    "sendVoice",
    "sendAudio",
    "sendMediaGroup",
    "sendLocation",
    "sendChatAction",
    "sendMessageDraft",
    "copyMessage",
    "copyMessages",
    "forwardMessage",
    "forwardMessages",
    "editMessageText",
    "editMessageCaption",
    "editMessageMedia",
    "editMessageReplyMarkup",
    "deleteMessage",
    "deleteMessages",
    "answerCallbackQuery",
    "setMessageReaction",
    "getFile",
    "getChat",
    "getChatMember",
    "getChatAdministrators",
    "getChatMemberCount",
    "banChatMember",
    "unbanChatMember",
    "restrictChatMember",
    "setChatPermissions",
    "approveChatJoinRequest",
    "declineChatJoinRequest",
    "createChatInviteLink",
    "revokeChatInviteLink",
    "pinChatMessage",
    "unpinChatMessage",
    "setMyCommands",
    "setChatMenuButton",
    "answerWebAppQuery",
    "leaveChat",
    "getForumTopicIconStickers",
    "createForumTopic",
    "editForumTopic",
    "closeForumTopic",
    "reopenForumTopic",
    "deleteForumTopic",
    "unpinAllForumTopicMessages",
    "editGeneralForumTopic",
    "closeGeneralForumTopic",
    "reopenGeneralForumTopic",
    "hideGeneralForumTopic",
    "unhideGeneralForumTopic",
    "unpinAllGeneralForumTopicMessages",
)

# A constant such as the `type` of a variant, in any of the quotation marks in use.
CONSTANT = re.compile(r"(?:must be|always) [\"'“”‘’]?([a-z_0-9]+)[\"'“”‘’]?$")
LENGTH = re.compile(r"(\d+)-(\d+) (characters|bytes|items|identifiers)(?! long)")
RANGE = re.compile(
    r"(?:[Vv]alues between |[Mm]ust be between |delivery, |meters; )(\d+)(?:-| and )(\d+)(?!,? or)(?!\d*, or)"
)


def extract(full: dict[str, Any]) -> dict[str, Any]:
    """The methods we need and every type that they or an Update reach."""
    methods = {
        name: {
            "returns": [_short(one) for one in full["methods"][name]["returns"]],
            "fields": _fields(full["methods"][name]),
        }
        for name in METHODS
    }
    reached = _reach(full, [full["methods"][name] for name in METHODS])
    types = {name: _type(full["types"][name], reached) for name in sorted(reached)}
    return {"version": str(full["version"]), "methods": methods, "types": types}


def _type(described: dict[str, Any], known: set[str]) -> dict[str, str] | list[str]:
    """A record as its fields, a union as the list of its variants, without those that the source only names."""
    variants = [_short(one) for one in described.get("subtypes", ())]
    return [one for one in variants if one.strip("[]") in known | {"String"}] or _fields(described)


def _fields(described: dict[str, Any]) -> dict[str, str]:
    return {field["name"]: _field(field) for field in described["fields"]}


def _field(field: dict[str, Any]) -> str:
    """One field as `!Type|Type{least,most}unit=constant`; `!` stands for required."""
    prose = field["description"].strip()
    types = "|".join(_short(one) for one in field["types"])
    constant = CONSTANT.search(prose) if field["types"] == ["String"] else None
    return f"{'!' if field['required'] else ''}{types}{_limit(prose)}{f'={constant[1]}' if constant else ''}"


def _limit(prose: str) -> str:
    """`{1,64}b` counts bytes, `{1,4096}p` characters after parsing, no unit: characters, items or the number itself."""
    if found := LENGTH.search(prose):
        parsed = re.search(r"after entit\w+ parsing", prose)
        unit = "b" if found[3] == "bytes" else "p" if parsed else ""
        return f"{{{found[1]},{found[2]}}}{unit}"
    found = RANGE.search(prose)
    return f"{{{found[1]},{found[2]}}}" if found else ""


def _short(name: str) -> str:
    return name.replace("Array of ", "[]")


def _reach(full: dict[str, Any], starts: list[dict[str, Any]]) -> set[str]:
    reached: set[str] = set()
    waiting = ["Update", *(name for start in starts for name in _names(start))]
    while waiting:
        name = waiting.pop()
        if name in full["types"] and name not in reached:
            reached.add(name)
            waiting.extend(_names(full["types"][name]))
    return reached


def _names(described: dict[str, Any]) -> Iterator[str]:
    mentioned = [*described.get("returns", ()), *described.get("subtypes", ())]
    mentioned += [one for field in described["fields"] for one in field["types"]]
    for one in mentioned:
        yield one.replace("Array of ", "")


def render(schema: dict[str, Any]) -> str:
    """One line for each method and type, so that a diff of two versions can be read."""
    parts: list[str] = []
    for part in ("methods", "types"):
        lines = ",\n".join(
            f"{json.dumps(name)}:{json.dumps(value, separators=(',', ':'))}" for name, value in schema[part].items()
        )
        parts.append(f"{json.dumps(part)}:{{\n{lines}\n}}")
    return f'{{"version":{json.dumps(schema["version"])},\n' + ",\n".join(parts) + "}\n"


def main(source: str) -> None:
    full = json.loads(Path(source).read_text("utf-8"))
    TARGET.write_text(render(extract(full)), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
