import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.rentprog.ruby import DEEPEST, BadPayloadError, parse_hash
from tests.integrations.rentprog.conftest import load

VECTORS = load("ruby_inspect_vectors.json")
CONTROLS = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\a": "\\a", "\b": "\\b", "\x1b": "\\e", "\f": "\\f", "\v": "\\v"}
KEYS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False).map(lambda number: Decimal(repr(number)))
    | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=15,
)


def inspect(value, arrow="=>"):  # noqa: PLR0911 - one line for each kind of value
    """What Ruby's `inspect` would print."""
    match value:
        case None:
            return "nil"
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case Decimal():
            return _float(value)
        case str():
            return _string(value)
        case list():
            return "[" + ", ".join(inspect(item, arrow) for item in value) + "]"
        case _:
            pairs = (f"{_string(key)}{arrow}{inspect(item, arrow)}" for key, item in value.items())
            return "{" + ", ".join(pairs) + "}"


def read_or_reason(source):
    try:
        return parse_hash(source).value
    except BadPayloadError as error:
        return str(error)


def _float(number):
    mantissa, _, exponent = str(number).lower().partition("e")
    return (mantissa if "." in mantissa else f"{mantissa}.0") + (f"e{exponent}" if exponent else "")


def _string(text):
    escaped = "".join(_character(character) for character in text.replace("\\", "\\\\"))
    return '"' + escaped.replace("#{", "\\#{").replace("#$", "\\#$").replace("#@", "\\#@") + '"'


def _character(character):
    unprintable = f"\\x{ord(character):02X}" if ord(character) < 0x80 else f"\\u{{{ord(character):X}}}"
    printable = {'"': '\\"', **CONTROLS}.get(character, character)
    return printable if printable.isprintable() else unprintable


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_what_ruby_prints_is_read_back(value):
    assert parse_hash(inspect(value)).value == value


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_what_newer_ruby_prints_is_read_back(value):
    assert parse_hash(inspect(value, arrow=" => ")).value == value


@given(st.text(st.sampled_from(list('{}[]"=>:,\\ \nabnilxu0123.-e#éД')), max_size=60))
def test_any_text_is_read_or_refused_and_never_crashes(text):
    assert isinstance(read_or_reason("{" + text), dict | str)


@pytest.mark.parametrize(
    "vector", [vector for vector in VECTORS if "expected" in vector], ids=lambda vector: vector["name"]
)
def test_good_vectors(vector):
    assert parse_hash(vector["input"]).value == vector["expected"]


@pytest.mark.parametrize(
    "vector", [vector for vector in VECTORS if "error" in vector], ids=lambda vector: vector["name"]
)
def test_bad_vectors(vector):
    with pytest.raises(BadPayloadError):
        parse_hash(vector["input"])


@pytest.mark.parametrize(
    "text", ["vanilla", "nil", "a=>b, c", "21:00", "{}", "'; DROP--", "#{x}", "it's", ":a", "true"]
)
def test_g29_nothing_inside_a_text_is_replaced(text):
    assert parse_hash(inspect({"t": text})).value == {"t": text}


@pytest.mark.parametrize(
    "source",
    [
        '{"a"=>1}',
        '{"a" => 1}',
        "{:a=>1}",
        "{:a => 1}",
        '{:"a"=>1}',
        "{a: 1}",
        '{"a": 1}',
        ' \n{ "a"\t=>\n1 } ',
    ],
)
def test_every_style_of_key_means_the_same(source):
    assert parse_hash(source).value == {"a": 1}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{:odd?=>1, really!: 2}", {"odd?": 1, "really!": 2}),
        ('{:"odd key"=>1, "other key": 2}', {"odd key": 1, "other key": 2}),
        ("{nil: 1, true: 2}", {"nil": 1, "true": 2}),
        ('{a: :b, c: :"d e"}', {"a": "b", "c": "d e"}),
        ("{a: [], b: {}, c: [[], [nil]]}", {"a": [], "b": {}, "c": [[], [None]]}),
        ("{a: 0, b: -12, c: -1.5}", {"a": 0, "b": -12, "c": Decimal("-1.5")}),
        ("{a: 1.0e-05, b: 1.0e+20}", {"a": Decimal("0.00001"), "b": Decimal("1e20")}),
        ("{имя: 1}", {"имя": 1}),
    ],
)
def test_symbols_numbers_and_nesting(source, value):
    assert parse_hash(source).value == value


def test_floats_are_exact_decimals():
    number = parse_hash('{"n"=>763.10}').value["n"]

    assert isinstance(number, Decimal)
    assert str(number) == "763.10"


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        (r"\"", '"'),
        (r"\\", "\\"),
        (r"\n\r\t\a\b\e\f\v", "\n\r\t\a\b\x1b\f\v"),
        (r"\#{x} \#$x \#@x #x", "#{x} #$x #@x #x"),
        (r"\u0418", "И"),
        (r"\u{418}", "И"),
        (r"\u{418 432 1F600}", "Ив😀"),
        (r"\xD0\x98", "И"),
        (r"\xd0\x98\xd0\xb2", "Ив"),
        (r"\320\230", "И"),
        (r"\0", "\0"),
        (r"\101", "A"),
        (r"\x41", "A"),
        (r"\q\'", "q'"),
        ("line\nbreak", "line\nbreak"),
    ],
)
def test_escapes(escaped, text):
    assert parse_hash('{"t"=>"' + escaped + '"}').value == {"t": text}


@pytest.mark.parametrize(
    "source",
    [
        "",
        "nil",
        "[1, 2]",
        '"text"',
        "5",
        "{",
        '{"a"',
        '{"a"=>',
        '{"a"=>1',
        '{"a"=>1,',
        '{"a"=>1,}',
        '{"a"=>[1,]}',
        '{"a"=>[1 2]}',
        '{"a"=>1 "b"=>2}',
        '{"a"=>1} x',
        '{"a"=>1}{}',
        '{"a"=>2025-11-03 19:00:00 +0400}',
        '{"a"=>Mon, 03 Nov 2025}',
        '{"a"=>#<Object:0x01>}',
        '{"a"=>Infinity}',
        '{"a"=>-Infinity}',
        '{"a"=>NaN}',
        '{"a"=>null}',
        '{"a"=>nilly}',
        '{"a"=>True}',
        '{"a"=>1.}',
        '{"a"=>.5}',
        '{"a"=>007}',
        '{"a"=>+5}',
        '{"a"=>1_000}',
        '{"a"=>12abc}',
        '{"a"=>1.2.3}',
        "{\"a\"=>'b'}",
        "{a => 1}",
        "{1=>2}",
        '{"a" : 1}',
        '{"a"=>"\\x4"}',
        '{"a"=>"\\xZZ"}',
        '{"a"=>"\\xFF"}',
        '{"a"=>"\\xD0q"}',
        '{"a"=>"\\777"}',
        '{"a"=>"\\u12"}',
        '{"a"=>"\\uD83D"}',
        '{"a"=>"\\u{110000}"}',
        '{"a"=>"\\u{}"}',
        '{"a"=>"\\',
        '{"a"=>1.0e+99999999999999999999}',
    ],
)
def test_anything_else_is_refused_whole(source):
    with pytest.raises(BadPayloadError):
        parse_hash(source)


def test_of_duplicate_keys_the_last_one_wins_and_they_are_counted():
    parsed = parse_hash('{"a"=>1, :a=>2, "b"=>{"c"=>1, c: 5}, a: 3}')

    assert parsed.value == {"a": 3, "b": {"c": 5}}
    assert parsed.duplicate_keys == 3


def test_fifty_levels_are_read_and_one_more_is_refused():
    deepest = '{"a"=>' * DEEPEST + "1" + "}" * DEEPEST

    assert parse_hash(deepest).value
    with pytest.raises(BadPayloadError, match="deeper than 50"):
        parse_hash('{"a"=>' + deepest + "}")


@pytest.mark.parametrize(
    "hostile",
    [
        '{"a"=>' * 40_000,
        '{"a"=>[' * 35_000,
        "{" * 262_000,
        '{"a"=>"' + "\\x" * 130_000,
        '{"a"=>"' + "\\xd0\\xb0" * 32_000 + '"}',
        '{"a"=>"' + "\\u{41 " * 40_000,
        '{"a"=>"\\u{' + "41 " * 80_000,
        '{"a"=>"\\u{' + " " * 260_000,
        '{"a"=>"' + '\\"' * 130_000,
        '{"a"=>' + "9" * 260_000 + "}",
        '{"a"=>' + "9" * 260_000,
        '{"a"=>1.' + "9" * 260_000 + "x",
        "{" + "a" * 260_000,
        "{:" + "a" * 260_000,
        '{"a"=>' + " " * 260_000 + "?",
        '{"a"=>[' + "1, " * 85_000 + "]}",
        "{" + ", ".join(f'"{n}"=>{n}' for n in range(15_000)),
    ],
    ids=lambda hostile: f"{hostile[:12]}…{hostile[-6:]}",
)
def test_a_hostile_quarter_megabyte_costs_linear_time(hostile):
    started = time.process_time()
    read_or_reason(hostile)

    # Square time would be minutes; linear time is about 0.2 s.
    assert time.process_time() - started < 3
