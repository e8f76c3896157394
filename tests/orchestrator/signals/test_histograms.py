"""A histogram of many values says the same as the library's own of one value after the other."""

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Histogram, generate_latest

from orchestrator.signals.histograms import BulkHistogram

BUCKETS = (0.1, 1.0, 10.0)
SECONDS = st.floats(min_value=0, max_value=100).map(lambda value: round(value, 2)) | st.sampled_from(BUCKETS)


def samples(registry: CollectorRegistry) -> list[str]:
    """Without the moment of creation, which ours does not tell."""
    lines = generate_latest(registry).decode().splitlines()
    return sorted(line for line in lines if "_created" not in line and not line.startswith("#"))


@given(st.lists(st.tuples(st.sampled_from("ab"), st.lists(SECONDS, max_size=5)), max_size=5))
def test_it_counts_as_the_librarys_own(observed: list[tuple[str, list[float]]]):
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    bulk = BulkHistogram("waits_seconds", "Waits", "agent", BUCKETS)
    ours.register(bulk)
    plain = Histogram("waits_seconds", "Waits", ["agent"], registry=theirs, buckets=BUCKETS)
    for agent, values in observed:
        bulk.observe(agent, [float(int(value * 4)) / 4 for value in values])
        child = plain.labels(agent)
        for value in values:
            child.observe(float(int(value * 4)) / 4)
    assert samples(ours) == samples(theirs)
