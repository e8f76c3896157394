"""Whether every locked entity came through a translation, and nothing new came in."""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence

from core.locked.entity import Change, Difference, Entity, Kind, Reading
from core.locked.find import find
from core.locked.names import Name

_Key = Callable[[Entity], Iterable[Hashable]]


def compare(
    original: str,
    translated: str,
    names: Sequence[Name] = (),
    *,
    original_language: str | None = None,
    translated_language: str | None = None,
) -> list[Difference]:
    """What was lost, added or changed; empty when every fact is there as often as before.

    Order is not compared: languages put the date before the price or behind it.
    """
    left, right = find(original, names, original_language), find(translated, names, translated_language)
    left, right = _unanswered(left, right)
    return _differences([e for e in left if not e.is_optional], [e for e in right if not e.is_optional])


def _unanswered(left: list[Entity], right: list[Entity]) -> tuple[list[Entity], list[Entity]]:
    """Pair the closest first: the same in every reading, then in one; with equal units, then where one has none."""
    for key in (_exact, _same_unit):
        left, right = _without_pairs(left, right, key, key)
    left, right = _without_pairs(left, right, _no_unit, _any_unit)
    return _without_pairs(left, right, _any_unit, _no_unit)


def _without_pairs(
    left: list[Entity], right: list[Entity], of_left: _Key, of_right: _Key
) -> tuple[list[Entity], list[Entity]]:
    """One walk over each side: the work grows as the texts do. Facts are answered before optional words."""
    waiting: dict[Hashable, deque[int]] = defaultdict(deque)
    for place in sorted(range(len(right)), key=lambda place: right[place].is_optional):
        for key in of_right(right[place]):
            waiting[key].append(place)
    answered: set[int] = set()
    kept: set[int] = set()
    for index in sorted(range(len(left)), key=lambda index: left[index].is_optional):
        place = _first_free(waiting, of_left(left[index]), answered)
        if place is None:
            kept.add(index)
        else:
            answered.add(place)
    return (
        [entity for index, entity in enumerate(left) if index in kept],
        [entity for place, entity in enumerate(right) if place not in answered],
    )


def _first_free(waiting: dict[Hashable, deque[int]], keys: Iterable[Hashable], answered: set[int]) -> int | None:
    for key in keys:
        queue = waiting.get(key)
        while queue:
            place = queue.popleft()
            if place not in answered:
                return place
    return None


def _exact(entity: Entity) -> Iterable[Hashable]:
    return [(entity.readings, entity.unit)]


def _same_unit(entity: Entity) -> Iterable[Hashable]:
    return [(reading, entity.unit) for reading in _sorted(entity)]


def _any_unit(entity: Entity) -> Iterable[Hashable]:
    return _sorted(entity)


def _no_unit(entity: Entity) -> Iterable[Hashable]:
    """Only what has no unit may answer a figure that has one."""
    return _sorted(entity) if entity.unit is None else ()


def _sorted(entity: Entity) -> list[Reading]:
    return sorted(entity.readings)


def _differences(lost: list[Entity], added: list[Entity]) -> list[Difference]:
    """What is lost and what is added of one kind stand together as one change."""
    arrivals: dict[Kind, deque[Entity]] = defaultdict(deque)
    for entity in added:
        arrivals[entity.kind].append(entity)
    found: list[Difference] = []
    for entity in lost:
        if arrivals[entity.kind]:
            found.append(Difference(Change.CHANGED, entity.kind, entity.text, arrivals[entity.kind].popleft().text))
        else:
            found.append(Difference(Change.LOST, entity.kind, entity.text, None))
    rest = (entity for queue in arrivals.values() for entity in queue)
    return found + [Difference(Change.ADDED, entity.kind, None, entity.text) for entity in rest]
