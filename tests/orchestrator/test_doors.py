"""The rate gate counts each address by itself and forgets those that are silent."""

import pytest

from core.settings import WrongSettings
from orchestrator import doors
from orchestrator.doors import RateGate
from orchestrator.http_server import listen


def admitted(gate: RateGate, address: str, times: int, now: float) -> int:
    return sum(gate.admits(address, now) for _ in range(times))


def test_an_address_may_do_so_much_in_a_second_and_again_in_the_next():
    gate = RateGate(30)
    assert admitted(gate, "a", 40, 0.0) == 30
    assert admitted(gate, "a", 40, 0.9) == 0
    assert admitted(gate, "a", 40, 1.0) == 30


def test_one_address_that_hurries_costs_another_nothing():
    gate = RateGate(30)
    admitted(gate, "a", 1000, 0.0)
    assert admitted(gate, "b", 30, 0.0) == 30


def test_the_memory_of_addresses_is_bounded_and_the_one_that_hurries_is_remembered(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doors, "MAX_ADDRESSES", 3)
    gate = RateGate(1)
    for stranger in range(100):
        gate.admits(f"stranger {stranger}", 0.0)
        gate.admits("hurries", 0.0)
    assert len(gate._seconds) <= 3
    assert not gate.admits("hurries", 0.5)


def test_a_taken_port_is_one_line_that_names_the_setting():
    first = listen("127.0.0.1", 0)
    with pytest.raises(WrongSettings, match=r"http\.port \(JARVIS_HTTP__PORT\).*Address already in use"):
        listen("127.0.0.1", first.getsockname()[1])
    first.close()


def test_an_address_of_another_machine_is_one_line_that_names_the_setting():
    with pytest.raises(WrongSettings, match="cannot listen on 192"):
        listen("192.0.2.1", 0)
