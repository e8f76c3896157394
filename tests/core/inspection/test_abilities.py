"""What the machine may be trusted with is said as it was measured, and what it cannot do is said too."""

from core.commands import Text
from core.inspection.abilities import Ability, abilities, as_json, from_json
from core.inspection.damage import DamageKind


def lines(text: Text) -> list[Text]:
    return [text, *(line for part in text.parts for line in lines(part))]


def test_without_a_machine_only_people_looked():
    assert abilities(None).key == "abilities-none"
    assert abilities({}).key == "abilities-none"


def test_kinds_are_told_with_their_measured_figures_and_the_others_as_blind_spots():
    text = abilities({DamageKind.BROKEN_GLASS: Ability(0.98, 0.9), DamageKind.BROKEN_LAMP: Ability()})
    told = [(part.key, part.args) for part in lines(text)]
    assert ("abilities-kind-measured", {"kind": "broken_glass", "right": 98, "seen": 90}) in told
    assert ("abilities-kind", {"kind": "broken_lamp"}) in told
    assert ("abilities-blind-kind", {"kind": "scratch"}) in told
    assert ("abilities-blind-kind", {"kind": "broken_glass"}) not in told


def test_negatives_are_no_ability_and_no_blind_spot():
    assert abilities({DamageKind.DIRT: Ability(0.9, 0.9)}).key == "abilities-none"
    kinds = {part.args.get("kind") for part in lines(abilities({DamageKind.DENT: Ability()}))}
    assert not kinds & {"dirt", "shadow", "reflection"}


def test_what_is_kept_with_a_photo_is_read_again():
    trusted = {DamageKind.DENT: Ability(0.7, 0.5)}
    assert from_json(as_json(trusted)) == trusted
    assert from_json(None) is None
