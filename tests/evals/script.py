"""The rules by which the sandbox's model answers a case as a good model would."""

from typing import Any

from tests.evals.case import Case

_DRAFT = {"kind": "answer", "intent": "other", "used": [], "score": 0.9, "staff_text": "", "client_text": ""}


def rules_of(case: Case) -> list[dict[str, Any]]:
    said = case.scripted
    match case.kind:
        case "incoming" | "outgoing":
            return [{"answer": {"object": {"translation": said["translation"]}}}]
        case "staff":
            return [{"answer": {"object": {"part": "other", "urgency": "normal", "title": case.text[:100]} | said}}]
        case "draft":
            looks = [
                {"when": {"tool_results": place, "offers": call["name"]}, "answer": {"tool_calls": [call]}}
                for place, call in enumerate(said.get("calls", ()))
            ]
            told = {name: value for name, value in said.items() if name != "calls"}
            return [*looks, {"answer": {"object": _DRAFT | told}}]
