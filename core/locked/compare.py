"""Whether every locked entity came through a translation, and nothing new came in."""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence

from core.locked.entity import Change, Difference, Entity, Kind, Reading
from core.locked.find import find
from core.locked.names import Name

_Key = Callable[[Entity], Iterable[Hashable]]
_Pair = tuple[Entity, Entity]


def compare(
    original: str,
    translated: str,
    names: Sequence[Name] = (),
    *,
    original_language: str | None = None,
    translated_language: str | None = None,
) -> list[Difference]:
    """What was lost, added, changed or swapped; empty when every fact is there as often as before.

    Facts of one kind keep their order. That of different kinds is free: languages put the date before the price or
    behind it.
    """
    left, right = find(original, names, original_language), find(translated, names, translated_language)
    left, right, pairs = _unanswered(left, right)
    differences = _differences([e for e in left if not e.is_optional], [e for e in right if not e.is_optional])
    return differences or _swapped(pairs)


def reordered(
    original: str,
    other: str,
    kind: Kind,
    *,
    original_language: str | None = None,
    other_language: str | None = None,
) -> list[Difference]:
    """Facts of one kind that stand in both, in another order; each may then belong to something else.

    What only one of them says is no matter here.
    """
    left = [one for one in find(original, language=original_language) if one.kind is kind]
    right = [one for one in find(other, language=other_language) if one.kind is kind]
    _, _, pairs = _unanswered(left, right)
    return _swapped(pairs)


def _unanswered(left: list[Entity], right: list[Entity]) -> tuple[list[Entity], list[Entity], list[_Pair]]:
    """Pair the closest first: the same in every reading, then in one; with equal units, then where one has none."""
    pairs: list[_Pair] = []
    for of_left, of_right in (
        (_exact, _exact),
        (_same_unit, _same_unit),
        (_no_unit, _any_unit),
        (_any_unit, _no_unit),
    ):
        left, right, found = _without_pairs(left, right, of_left, of_right)
        pairs += found
    return left, right, pairs


def _without_pairs(
    left: list[Entity], right: list[Entity], of_left: _Key, of_right: _Key
) -> tuple[list[Entity], list[Entity], list[_Pair]]:
    """One walk over each side: the work grows as the texts do. Facts are answered before optional words."""
    waiting: dict[Hashable, deque[int]] = defaultdict(deque)
    for place in sorted(range(len(right)), key=lambda place: right[place].is_optional):
        for key in of_right(right[place]):
            waiting[key].append(place)
    answered: set[int] = set()
    kept: set[int] = set()
    pairs: list[_Pair] = []
    for index in sorted(range(len(left)), key=lambda index: left[index].is_optional):
        place = _first_free(waiting, of_left(left[index]), answered)
        if place is None:
            kept.add(index)
        else:
            answered.add(place)
            pairs.append((left[index], right[place]))
    return (
        [entity for index, entity in enumerate(left) if index in kept],
        [entity for place, entity in enumerate(right) if place not in answered],
        pairs,
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


def _swapped(pairs: list[_Pair]) -> list[Difference]:
    """Facts of one kind whose order is another one.

    Names may stand in any order ("Camry for Ivan"), except where several facts of one kind are told: then each may
    belong to a name ("the Prius is 50, the Camry 60").
    """
    orders: dict[tuple[str, str | None], list[_Pair]] = defaultdict(list)
    for pair in pairs:
        if not (pair[0].is_optional or pair[1].is_optional):
            orders[_order_of(pair)].append(pair)
    is_list = any(len(order) > 1 for (kind, _), order in orders.items() if kind != Kind.NAME)
    found: list[Difference] = []
    for (kind, _), order in orders.items():
        by_original = sorted(order, key=lambda pair: pair[0].start)
        by_translated = sorted(order, key=lambda pair: pair[1].start)
        if by_original != by_translated and (is_list or kind != Kind.NAME):
            one = ", ".join(left.text for left, _ in by_original)
            other = ", ".join(right.text for _, right in by_translated)
            found.append(Difference(Change.SWAPPED, by_original[0][0].kind, one, other))
    return found


def _order_of(pair: _Pair) -> tuple[str, str | None]:
    """What both mean, before what either may mean: the 24 of "24-28 November" is a date on both sides."""
    left, right = pair
    meanings = sorted(reading[0] for reading in left.readings & right.readings)
    kind = next((meaning for meaning in meanings if meaning != Kind.NUMBER), Kind.NUMBER)
    return kind, (left.unit or right.unit) if kind == Kind.NUMBER else None
