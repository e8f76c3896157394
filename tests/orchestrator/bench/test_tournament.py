"""Who takes part in a bench, and who is left out with a reason."""

from dataclasses import replace

import pytest

from core.errors import Broken
from orchestrator.bench.contenders import LIMITS, OURS, peers
from orchestrator.bench.tournament import Tournament

PEER = replace(peers("all")[0], name="somebody", package="pytest", libraries=None, cannot_run=None)


def fails() -> int:
    raise Broken("  | it began\n  | it ended with 1\n  +---")


def test_all_peers_are_the_table_without_ours_and_the_limits() -> None:
    everybody = peers("all")

    assert not {OURS, *LIMITS} & set(everybody)
    assert peers(f"{everybody[3].name},{everybody[0].name}") == (everybody[3], everybody[0])
    assert peers("") == ()


def test_an_unknown_peer_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no peer 'nobody'"):
        peers("nobody")


def test_a_peer_that_is_not_installed_is_left_out_and_said_so() -> None:
    absent = replace(PEER, name="absent", package="no-such-distribution")
    tournament = Tournament([OURS, PEER, absent])

    assert tournament.able == [OURS, PEER]
    assert "not installed" in tournament.left_out[absent.name]


def test_a_peer_that_fails_ends_nothing_for_the_others() -> None:
    tournament = Tournament([OURS, PEER])

    assert tournament.turn(PEER, fails) is None
    assert tournament.turn(PEER, lambda: 1) is None, "it has no second turn"
    assert tournament.turn(OURS, lambda: 2) == 2
    assert tournament.left_out == {PEER.name: "it ended with 1"}


def test_our_own_failure_is_never_forgiven() -> None:
    with pytest.raises(Broken):
        Tournament([OURS]).turn(OURS, fails)
