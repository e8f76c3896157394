"""Measures plate reading on a folder of photos with `.txt` truths (file, box x y w h, text) and a made-up fleet."""

import random
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from cv.plates.check import read_plates
from cv.plates.verdict import PlateCheck, PlateVerdict, Reads, decide, identify, nearest

FLEET = 400
SEED = 5


@dataclass(frozen=True, slots=True)
class PlateFigures:
    """Shares of the photos, 0..1.

    ``right``, ``wrong``, ``undecided``: which car of the fleet is it; ``false_accept``: the car is outside the fleet
    and is taken for one of it. The three dictionaries are verdicts of `check_plate`: for the right car, for another car
    of the fleet (each photo against 20 others), and for a car outside the fleet when the likest one is expected.
    """

    photos: int
    right: float
    wrong: float
    undecided: float
    false_accept: float
    right_car: dict[str, float]
    other_car: dict[str, float]
    outside_car_likest: dict[str, float]
    seconds_per_photo: float


def measure(data: Path, detector_weights: Path | None = None) -> PlateFigures:
    truths = {}
    for line in sorted(data.glob("*.txt")):
        name, *_, text = line.read_text().split()
        truths[name] = text
    started = time.perf_counter()
    reads = {name: read_plates((data / name).read_bytes(), detector_weights) for name in truths}
    seconds = (time.perf_counter() - started) / len(truths)
    fleet = fleet_like(sorted(set(truths.values())))
    rng = random.Random(SEED)  # noqa: S311 - a fixed choice of cars, no secret
    named, outside = Counter[str](), Counter[str]()
    checks: dict[str, Counter[str]] = {"right": Counter(), "other": Counter(), "outside": Counter()}
    for name, truth in truths.items():
        found, rest = reads[name], [plate for plate in fleet if plate != truth]
        who = _identify(found, fleet)
        named["undecided" if who is None else "right" if who == truth else "wrong"] += 1
        outside[str(_identify(found, rest) is not None)] += 1
        checks["right"][decide(found, truth, fleet).verdict] += 1
        for expected in rng.sample(rest, 20):
            checks["other"][_told(decide(found, expected, fleet), truth)] += 1
        likest = min((nearest(each, rest)[0] for each in found if each.texts), default=(9.0, rest[0]))[1]
        checks["outside"][decide(found, likest, rest).verdict] += 1
    shares = {key: {verdict: n / counted.total() for verdict, n in counted.items()} for key, counted in checks.items()}
    return PlateFigures(
        photos=len(truths),
        right=named["right"] / len(truths),
        wrong=named["wrong"] / len(truths),
        undecided=named["undecided"] / len(truths),
        false_accept=outside["True"] / len(truths),
        right_car=shares["right"],
        other_car=shares["other"],
        outside_car_likest=shares["outside"],
        seconds_per_photo=seconds,
    )


def _told(check: PlateCheck, truth: str) -> str:
    if check.verdict is PlateVerdict.DISAGREES and check.other not in {truth, None}:
        return "disagrees, names a third car"
    return check.verdict


def _identify(found: list[Reads], fleet: list[str]) -> str | None:
    """The one plate that the places on the photo agree on."""
    named = {plate for reads in found if reads.texts and (plate := identify(reads, fleet))}
    return named.pop() if len(named) == 1 else None


def fleet_like(plates: list[str]) -> list[str]:
    """``plates`` and others in their style up to 400: the region of one, figures and letters by chance."""
    rng = random.Random(SEED)  # noqa: S311 - a fixed fleet, no secret
    letters = sorted({char for plate in plates for char in plate[2:] if char.isalpha()})
    fleet = list(plates)
    while len(fleet) < FLEET:
        model = rng.choice(plates)
        tail = (rng.choice("0123456789") if char.isdigit() else rng.choice(letters) for char in model[2:])
        plate = model[:2] + "".join(tail)
        if plate not in fleet:
            fleet.append(plate)
    return fleet
