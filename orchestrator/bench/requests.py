"""The requests that ``bench ingress`` sends: true-to-form webhooks as bytes of HTTP/1.1."""

import json
from collections.abc import Iterator
from itertools import count


def webhooks(path: str, first: int) -> Iterator[bytes]:
    """Booking updates in RentProg's own notation, every one of another booking."""
    return (webhook(path, number) for number in count(first))


def webhook(path: str, number: int) -> bytes:
    ruby = (
        '{"state"=>["Новая", "Активная"], "in_rent"=>[false, true], "start_worker_id"=>[nil, 15001], '
        f'"id"=>{number}, "created_from_api"=>false, "updated_from_api"=>false, "user_id"=>15001}}'
    )
    return post(path, json.dumps({"event": "booking_update", "payload": ruby}).encode())


def post(path: str, body: bytes) -> bytes:
    lines = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return lines.encode() + body
