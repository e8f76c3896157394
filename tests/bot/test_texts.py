"""The words of the bot: every key in every language, every argument escaped once, nothing ever missing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.texts import Texts, read_catalogs, render_html, render_plain
from core.commands import Text
from core.errors import Broken
from core.roles import LANGUAGES

ROOT = Path(__file__).parents[2]
SPEAKERS = ("agents", "bot", "orchestrator")
ALARM_KEY = re.compile(r"alarm(-[a-z]+)+")
CATALOGS = read_catalogs()
STRICT = Texts(CATALOGS, is_strict=True)


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    return (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    )


def _keywords(call: ast.Call, name: str) -> Iterator[ast.expr]:
    return (keyword.value for keyword in call.keywords if keyword.arg == name)


def _words(node: ast.AST) -> Iterator[str]:
    """Every key that an expression may give: a word, or one of two."""
    return (part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))


def _spoken() -> list[tuple[str, str]]:
    """(place, key) of every text that the code names; an alarm's key is known by its first word wherever it stands."""
    found = []
    for package in SPEAKERS:
        for file in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            keys = [key for call in _calls(tree, "Text") for value in _keywords(call, "key") for key in _words(value)]
            keys += [word for word in _words(tree) if ALARM_KEY.fullmatch(word)]
            found += [(str(file.relative_to(ROOT)), key) for key in keys]
    return found


def _literal_arguments() -> list[tuple[str, str, frozenset[str]]]:
    """(place, key, names of arguments) of every text whose key and arguments stand together in the code."""
    found = []
    for package in SPEAKERS:
        for file in sorted((ROOT / package).rglob("*.py")):
            for call in _calls(ast.parse(file.read_text(encoding="utf-8")), "Text"):
                given = {keyword.arg: keyword.value for keyword in call.keywords}
                keys = list(_words(given["key"])) if isinstance(given.get("key"), ast.Constant | ast.IfExp) else []
                arguments = given.get("args", ast.Dict(keys=[], values=[]))
                known = isinstance(arguments, ast.Dict) and all(isinstance(key, ast.Constant) for key in arguments.keys)
                names = frozenset(key.value for key in arguments.keys) if known else None
                found += [(str(file.relative_to(ROOT)), key, names) for key in keys if names is not None]
    return found


def _is_part_of_one(part: str, known: set[str]) -> bool:
    """``menu-`` and ``-none`` are the fixed parts of keys that the code completes."""
    return any(part.endswith("-") and name.startswith(part) for name in known) or any(
        part.startswith("-") and name.endswith(part) for name in known
    )


def test_the_search_finds_texts_at_all():
    assert len(_spoken()) > 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_key_with_the_same_variables(language):
    assert dict(CATALOGS[language].variables) == dict(CATALOGS["en"].variables)


def test_every_text_that_the_code_names_exists():
    known = set(CATALOGS["en"].variables)
    missing = [(place, key) for place, key in _spoken() if key not in known and not _is_part_of_one(key, known)]
    assert missing == []


def test_every_text_gets_the_variables_it_needs():
    lacking = [
        (place, key, sorted(CATALOGS["en"].variables[key] - names))
        for place, key, names in _literal_arguments()
        if not CATALOGS["en"].variables.get(key, frozenset()) <= names
    ]
    assert lacking == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_can_be_said_in_every_language(language):
    said = {
        key: STRICT.html(Text(key=key, args=dict.fromkeys(variables, 7)), language)
        for key, variables in CATALOGS[language].variables.items()
    }
    assert said.keys() == CATALOGS["en"].variables.keys()


def test_arguments_are_escaped_once_and_markup_comes_only_from_our_texts():
    text = Text(key="car-card-title", args={"plate": "AB-1 <b>&\"'", "model": "</b><a href='tg://x'>"})
    assert STRICT.html(text, "en") == (
        "<b>AB-1 &lt;b&gt;&amp;&quot;&#x27;</b> &lt;/b&gt;&lt;a href=&#x27;tg://x&#x27;&gt;"
    )


def test_plain_text_gives_the_argument_back_as_it_was():
    text = Text(key="car-card-title", args={"plate": "<i>1</i> & 2", "model": "3"})
    assert render_plain(text, "en") == "<i>1</i> & 2 3"


def test_parts_follow_one_a_line():
    text = Text(key="car-card-free", parts=(Text(key="car-card-nothing-next"), Text(key="car-card-debtor")))
    assert len(render_html(text, "ka").splitlines()) == 3


def test_a_list_stands_on_one_line():
    text = Text(key="car-card-free", parts=(Text(key="car-card-debtor"), Text(key="car-card-debtor")), is_list=True)
    assert render_html(text, "en").count(", ") == 1
    assert len(render_html(text, "en").splitlines()) == 1


def test_a_long_value_is_filled_in_whole_and_escaped():
    value = "\ue0000\ue001 <&> " + "длинный текст " * 500
    text = Text(key="booking-place", args={"place": value})
    assert render_plain(text, "en") == f"Place: {value}"


def test_names_are_not_wrapped_in_invisible_marks():
    assert STRICT.html(Text(key="car-unnamed", args={"number": "61000"}), "ru") == "Машина 61000"


def test_a_name_from_right_to_left_keeps_its_direction_to_itself():
    """Without the marks its letters would draw the dates behind it to their side."""
    args = {"client": "דוד לדוגמה", "start": "22.11 04:00", "end": "25.11 04:00"}
    shown = STRICT.html(Text(key="car-card-next", args=args), "en")
    assert shown == "📅 Next: \u2068דוד לדוגמה\u2069, 22.11 04:00 → 25.11 04:00"


def test_a_name_that_keeps_to_itself_already_is_not_wrapped_again():
    once = Text(key="booking-returned", args={"number": "7", "client": "\u2068דוד\u2069"})
    assert STRICT.plain(once, "en") == "🏁 Returned 7: \u2068דוד\u2069"


def test_a_missing_key_is_broken_in_tests_and_only_logged_at_work():
    text = Text(key="no-such-text")
    with pytest.raises(Broken, match="no-such-text is missing"):
        STRICT.html(text, "ru")
    assert Texts(CATALOGS).html(text, "ru") == "no-such-text"


def test_a_missing_variable_is_broken_in_tests_and_falls_back_to_the_key_at_work():
    text = Text(key="car-unnamed")
    with pytest.raises(Broken, match="number"):
        STRICT.html(text, "ru")
    assert Texts(CATALOGS).html(text, "ru") == "car-unnamed"


def test_a_language_we_do_not_speak_reads_english():
    assert Texts(CATALOGS).html(Text(key="car-card-free"), "he") == "🅿️ Free now"


def test_a_text_that_stands_twice_in_one_language_is_refused(tmp_path):
    for language in LANGUAGES:
        (tmp_path / language).mkdir()
        (tmp_path / language / "a.ftl").write_text("same = one\n")
    (tmp_path / "ru" / "b.ftl").write_text("same = two\n")
    with pytest.raises(Broken, match="stands twice in ru"):
        read_catalogs(tmp_path)


def test_an_entry_that_is_no_fluent_is_refused(tmp_path):
    (tmp_path / "ru").mkdir()
    (tmp_path / "ru" / "a.ftl").write_text("broken = { $x\n")
    with pytest.raises(Broken, match="cannot be read"):
        read_catalogs(tmp_path)
