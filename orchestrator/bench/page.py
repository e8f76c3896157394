"""Figures as Markdown tables, and their place in docs/PERFORMANCE.md: between the marks of their bench."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from core.settings import WrongSettings

Figures = dict[str, Any]


def put_into(page: Path, name: str, figures: Figures, command: str) -> None:
    """Replace what stands between ``<!-- NAME -->`` and ``<!-- end of NAME -->``."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, opened, rest = page.read_text(encoding="utf-8").partition(begin)
    _old, closed, after = rest.partition(end)
    if not opened or not closed:
        raise WrongSettings(f"{page} has no place for {name}: {begin} … {end}")
    tables = markdown(name, figures, command)
    page.write_text(f"{before}{begin}\n{tables}\n{end}{after}", encoding="utf-8")


def markdown(name: str, figures: Figures, command: str) -> str:
    machine = figures["machine"]
    origin = (
        f"`{command}` · {machine['date']} · {machine['cpus']} cores, {machine['memory_gb']} GB, "
        f"Python {machine['python']}, PostgreSQL {machine['postgres']}, Redis {machine['redis']} · "
        f"load before {machine['load_before']}, noise {machine['noise']}"
    )
    return "\n\n".join([origin, *TABLES[name](figures)])


def _dispatch(figures: Figures) -> list[str]:
    head = ("", "events/s", "Jarvis is", "CPU s per 1,000: worker", "Postgres", "Redis", "lost", "doubled", "as")
    rows = [_dispatch_row(figures, name) for name in figures["contenders"]]
    best = figures["best_peer_that_loses_nothing"]
    words = f"{figures['events']:,} events, {figures['rounds']} rounds in turn; median (lowest–highest)."
    if best is not None:
        words += f" The best peer that loses nothing is {best}."
    return [words, _table(head, rows), *_left_out(figures)]


def _dispatch_row(figures: Figures, name: str) -> Sequence[str]:
    one, about = figures["contenders"][name], figures["about"][name]
    ratio = figures["ratio_of_ours_to"].get(name)
    cpu = one["per_1000_events"]
    return (
        _name(name, about),
        _spread(one["events_per_s"], digits=0),
        "" if ratio is None else f"× {_spread(ratio, digits=2)}",
        f"{cpu['worker_cpu_s'] + cpu['other_cpu_s']:.3f}",
        f"{cpu['postgres_cpu_s']:.3f}",
        f"{cpu['redis_cpu_s']:.3f}",
        str(one["undone"]),
        str(one["doubled"]),
        about["about"] + ("" if about["at_once"] is None else f"; {about['at_once']} at once"),
    )


def _kill(figures: Figures) -> list[str]:
    words = (
        f"{figures['tasks']:,} tasks, {figures['in_flight']} at once, each thinks {figures['think_s'] * 1000:.0f} ms; "
        f"undone is counted {figures['cap_s']:.0f} s after the kill."
    )
    rows = [
        *(_kill_row(f"**Jarvis**, {way.replace('_', ' ')}", one) for way, one in figures["ours"].items()),
        *(_kill_row(_name(name, figures["about"][name]), one) for name, one in figures["peers"].items()),
    ]
    head = ("", "kills", "undone", "doubled", "done again after s")
    return [words, _table(head, rows), *_left_out(figures)]


def _kill_row(name: str, one: Figures) -> Sequence[str]:
    done = "" if one["done_s"] is None else _spread(one["done_s"], digits=1)
    return name, str(one["kills"]), str(one["undone"]), str(one["doubled"]), done


def _latency(figures: Figures) -> list[str]:
    rates = ("at_200_per_s", "at_1000_per_s")
    head = ("", "200/s: p50 ms", "p99 ms", "undone", "1,000/s: p50 ms", "p99 ms", "undone")
    rows = [
        (_name(name, figures["about"][name]), *(cell for rate in rates for cell in _delay_cells(one.get(rate))))
        for name, one in figures["contenders"].items()
    ]
    words = f"{figures['rounds']} rounds in turn; median (lowest–highest) of each round's percentile."
    return [words, _table(head, rows), *_left_out(figures)]


def _delay_cells(one: Figures | None) -> tuple[str, str, str]:
    if one is None:
        return "", "", ""
    return _spread(one["p50_ms"], digits=1), _spread(one["p99_ms"], digits=1), str(one["undone"])


def _history(figures: Figures) -> list[str]:
    speed = figures["events_per_s"]
    first = _table(
        ("", "events/s"),
        [
            ("empty tables", _spread(speed["empty"], digits=0)),
            (f"{figures['finished_events']:,} finished events", _spread(speed["with_history"], digits=0)),
            ("ratio", _spread(figures["ratio_with_history_to_empty"], digits=2)),
        ],
    )
    ratios = figures["ratio_p99_to_quiet"]
    names = {
        "quiet": "nothing else",
        "subjects_wait": f"{figures['subjects_waiting']:,} other subjects wait",
        "one_long_line": f"one subject's line of {figures['line_waiting']:,} is worked off",
    }
    rows = [
        (
            names[name],
            _spread(one["p50_ms"], digits=1),
            _spread(one["p99_ms"], digits=1),
            "" if name not in ratios else f"× {_spread(ratios[name], digits=2)}",
        )
        for name, one in figures["delay_at_200_per_s"].items()
    ]
    second = _table(("delay of the others at 200/s", "p50 ms", "p99 ms", "p99 to quiet"), rows)
    words = f"Backlog of {figures['backlog']:,}, {figures['rounds']} rounds in turn; median (lowest–highest)."
    return [words, first, second]


def _ingress(figures: Figures) -> list[str]:
    head = ("", "requests/s", "p50 ms", "p99 ms", "refused")
    rows = [
        (
            words,
            _spread(figures[name]["requests_per_s"], digits=0),
            _spread(figures[name]["p50_ms"], digits=1),
            _spread(figures[name]["p99_ms"], digits=1),
            _spread(figures[name]["refused"], digits=0),
        )
        for name, words in (
            ("ours", "**Jarvis**: webhook to 200 after the commit"),
            ("bare_insert_commit", "bare FastAPI + INSERT + COMMIT"),
        )
    ]
    ratio = f"Jarvis is × {_spread(figures['ratio_ours_to_bare'], digits=2)} of the bare handler."
    return [f"{figures['clients']} clients. {ratio}", _table(head, rows)]


TABLES: dict[str, Callable[[Figures], list[str]]] = {
    "dispatch": _dispatch,
    "kill": _kill,
    "latency": _latency,
    "history": _history,
    "ingress": _ingress,
}


def _name(name: str, about: Figures) -> str:
    match about["part"]:
        case "ours":
            return "**Jarvis**"
        case "limit":
            return f"_{name.replace('_', ' ')}_"
        case _:
            return f"{about['package']} {about['version']}"


def _left_out(figures: Figures) -> list[str]:
    left_out = figures["left_out"]
    return [f"Without figures: {'; '.join(f'{name}: {why}' for name, why in left_out.items())}."] if left_out else []


def _spread(values: Figures, *, digits: int) -> str:
    middle, low, high = (f"{values[key]:,.{digits}f}" for key in ("median", "min", "max"))
    return middle if low == high else f"{middle} ({low}–{high})"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
