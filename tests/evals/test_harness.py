"""The harness itself: cases are whole, graders find what is wrong, a scripted model passes and fails as told."""

from collections import Counter
from typing import get_args
from uuid import UUID

import pytest

from tests.evals.case import Case, Intent, Language, Trap, all_cases
from tests.evals.grade import grade
from tests.evals.model import scripted
from tests.evals.report import as_json, pass_hat
from tests.evals.run import run_cases
from tests.evals.script import rules_of
from tests.evals.seen import Seen, SentOrder, Trial

CASES = {case.id: case for case in all_cases()}
TALK, MESSAGE = UUID(int=7), UUID(int=8)
SENT = SentOrder(TALK, MESSAGE, "hash")


def test_there_are_enough_cases_and_every_language_intent_and_trap_has_some():
    assert len(CASES) >= 60
    languages, intents = Counter(one.language for one in CASES.values()), Counter(one.intent for one in CASES.values())
    assert set(languages) == set(get_args(Language))
    assert set(intents) == set(get_args(Intent))
    assert {trap for case in CASES.values() for trap in case.traps} == set(get_args(Trap))
    assert min(languages.values()) >= 4


def sent(words: str, **told) -> Seen:
    usual = {"conversation_id": TALK, "message_id": MESSAGE, "client_hash": "hash", "orders": (SENT,)}
    return Seen(translation=words, **(usual | told))


def test_a_good_answer_to_a_client_passes():
    assert grade(CASES["to-en-money"], sent("3 days come to 150 USD, the deposit is 200 USD.")) == ()


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("3 days come to 200 USD, the deposit is 105 USD.", "a fact changed"),
        ("3 days come to 150 USD, the deposit is 200 USD, refund guaranteed.", "'refund' stands in"),
        ("3 days come to 150 USD, 200 USD.", "'deposit' is missing"),
        ("За 3 дня выйдет 150 USD, deposit 200 USD.", "not in en"),
    ],
)
def test_a_wrong_answer_to_a_client_is_found_and_named(words: str, wrong: str):
    assert any(wrong in failure for failure in grade(CASES["to-en-money"], sent(words)))


@pytest.mark.parametrize(
    "orders",
    [(), (SENT, SENT), (SentOrder(UUID(int=9), MESSAGE, "hash"),), (SentOrder(TALK, MESSAGE, "other"),)],
    ids=["none", "twice", "another client", "other words"],
)
def test_an_answer_counts_only_when_it_is_ordered_once_for_this_client_with_these_words(orders):
    seen = sent("3 days come to 150 USD, the deposit is 200 USD.", orders=orders)
    assert "orders to send" in grade(CASES["to-en-money"], seen)[0]


def test_a_client_s_message_that_causes_an_answer_by_itself_fails():
    case = CASES["en-injection-system-text"]
    seen = Seen(state="done", translation=case.scripted["translation"])
    assert grade(case, seen) == ()
    assert grade(case, Seen(state="done", translation=case.scripted["translation"], orders=(SENT,)))


def test_another_clients_data_in_a_draft_fails():
    case = CASES["draft-en-other-clients-booking"]
    told = {"client_text": "It is a Nissan Rogue from 5 May.", "staff_text": "", "state": "held", "why_held": "x"}
    assert grade(case, Seen()) == ()
    assert len(grade(case, Seen(drafts=(told,)))) == 2


def test_a_task_of_the_wrong_part_or_without_its_car_fails():
    case = CASES["staff-ru-brakes"]
    task = {"title": "Заменить", "nature": "breakdown", "part": "brakes", "links": ["car:1"]}
    assert grade(case, Seen(tasks=(task,))) == ()
    assert grade(case, Seen(tasks=(task | {"part": "glass"},))) == ("part is glass, not brakes",)
    assert grade(case, Seen(tasks=(task | {"links": []},))) == ("the car is not bound",)
    assert grade(case, Seen())


@pytest.mark.parametrize(("passed", "k", "wanted"), [(4, 4, 1.0), (3, 4, 0.0), (3, 1, 0.75), (2, 2, 1 / 6), (0, 1, 0)])
def test_pass_hat_is_the_chance_that_k_tries_in_a_row_pass(passed: int, k: int, wanted: float):
    assert pass_hat(passed, 4, k) == pytest.approx(wanted)


def test_a_report_counts_by_language_and_intent_and_names_what_failed():
    cases = [CASES["to-en-money"], CASES["to-ka-time"]]
    good, bad = Trial("to-en-money", ()), Trial("to-ka-time", ("it is wrong",))
    told = as_json("m", cases, {"to-en-money": [good, good], "to-ka-time": [bad, Trial("to-ka-time", ())]}, 2)
    assert (told["pass^1"], told["pass^2"]) == (0.75, 0.5)
    assert told["by"]["language"]["ka"] == {"cases": 1, "pass^1": 0.5, "pass^2": 0.0}
    assert told["by"]["intent"]["price"]["pass^2"] == 1.0
    assert told["failures"] == {"to-ka-time": [["it is wrong"]]}


SMOKE = ("de-price-comma", "to-he-time", "draft-en-own-booking", "staff-ru-brakes")


async def test_the_harness_passes_a_model_that_says_what_is_right(postgres: str):
    cases = [CASES[name] for name in SMOKE]
    with scripted() as (twin, llm):
        trials = await run_cases(cases, llm, postgres, k=1, prepare=lambda case: twin.follow(*rules_of(case)))
    assert {case.id: trials[case.id][0].failures for case in cases} == dict.fromkeys(SMOKE, ())
    assert all(trials[name][0].tokens > 0 for name in SMOKE)


LIES = {
    "de-price-comma": {"translation": "Добрый день, сколько стоит Nissan Rogue с 3.12 по 9.12? Наш бюджет 402,50 EUR."},
    "to-he-time": {"translation": "אין בעיה, נחכה לך ב-11:40, הרכב AA-001-BB."},
    "draft-en-own-booking": {"used": ["my_bookings-1"], "client_text": "It is 4777.", "staff_text": "Это 4777."},
    "staff-ru-brakes": {"nature": "other", "title": "-"},
}


async def test_the_harness_fails_a_model_that_says_what_is_wrong(postgres: str):
    cases: list[Case] = [CASES[name].model_copy(update={"scripted": lie}) for name, lie in LIES.items()]
    with scripted() as (twin, llm):
        trials = await run_cases(cases, llm, postgres, k=1, prepare=lambda case: twin.follow(*rules_of(case)))
    assert [name for name in LIES if trials[name][0].is_passed] == []
