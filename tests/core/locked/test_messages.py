"""Messages of clients and staff in seven languages: what is the same fact, and what is not."""

import pytest

from core.locked import Change, Kind, compare, find

SAME = [
    ("en", "We arrive on November 24 at 5 PM, flight TK 384", "ru", "Мы прилетаем 24 ноября в 17:00, рейс TK 384"),
    ("en", "two days", "ru", "2 дня"),
    ("en", "24.11", "tr", "24 Kasım"),
    ("en", "24th of November", "ka", "24 ნოემბერს"),
    ("en", "$100 per day, €50 deposit", "ru", "100 долларов в день, залог 50 евро"),
    (
        "ru",
        "Машина AA-123-BB, залог 300 лари, с 24 по 28 ноября",
        "en",
        "Car AA-123-BB, 300 GEL, from 24 to 28 November",
    ),
    ("ru", "с 5 до 7 вечера", "en", "from 17:00 to 19:00"),
    ("ru", "с 5 до 7 вечера", "en", "from 5 to 7 PM"),
    ("ar", "أريد سيارة لمدة يومين من ٢٤ نوفمبر الساعة ٥ مساءً", "ru", "Хочу машину на два дня с 24 ноября в 17:00"),
    ("he", 'רכב לשלושה ימים מ-24 בנובמבר, 1,200 ש"ח', "ru", "Машина на 3 дня с 24 ноября, 1200 шекелей"),
    ("de", "1.234,56 Euro für fünfundzwanzig Tage", "en", "€1,234.56 for twenty-five days"),
    ("tr", "Fiyat 1.500 lira, yüzde 10 indirim, akşam saat 8'de", "ru", "Цена 1500 лир, скидка 10%, в 8 вечера"),
    ("ka", "ფასი 50 ლარი დღეში, საღამოს 6 საათზე", "en", "Price 50 GEL per day, at 6 PM"),
    ("ka", "ოცდახუთი ლარი", "ru", "25 лари"),
    ("en", "one hundred and twenty dollars", "ru", "сто двадцать долларов"),
    ("de", "Um 17 Uhr am Flughafen", "ru", "В 17 часов в аэропорту"),
    ("en", "5 o'clock", "ru", "в 5 часов"),
    ("ar", "خمسة وعشرون يوما", "en", "25 days"),
    ("ru", "50к км пробег", "en", "50,000 km mileage"),
    ("ru", "5 тысяч лари", "en", "5000 GEL"),
    ("en", "call +995 555 12 34 56 or a.b@example.com", "ru", "звоните +995 (555) 12-34-56, a.b@example.com"),
    ("en", "see https://site.example/a?b=1.", "ru", "смотрите https://site.example/a?b=1"),
    ("tr", "34 ABC 123 plakalı araç 2 Mayıs 2026", "en", "Vehicle with plate 34 ABC 123, 2 May 2026"),
    ("en", "at 10:30 in the morning", "he", "בשעה 10:30 בבוקר"),
    ("en", "$50-60 a day", "ru", "50–60 долларов в день"),
    ("ar", "بنسبة 10 في المئة", "en", "10 percent"),
    ("en", "1st day and 2nd", "ru", "1-й день и 2-й"),
    ("ru", "Двигатель 2.5 литра, бензин 95", "en", "2.5 litre engine, 95 petrol"),
    ("he", "בעוד שבועיים ב-5 אחר הצהריים", "ru", "через 2 недели в 17:00"),
    ("en", "from 24.11.2026 to 28/11/2026", "de", "vom 24. November 2026 bis 28.11.2026"),
    ("ru", "в 2 часа дня", "en", "at 2 PM"),
    ("ru", "на 3 ночи", "en", "for 3 nights"),
    ("ru", "в 3 ночи", "en", "at 3 AM"),
    ("de", "zweihundertfünfzig Kilometer", "en", "250 km"),
    ("tr", "on beş gün", "en", "15 days"),
    ("he", "חמש עשרה דקות", "en", "fifteen minutes"),
    ("ar", "لوحة AA123BB، 3 أيام بسعر ٢٥٠ لاري", "ru", "номер АА-123-ВВ, 3 дня за 250 лари"),
    ("ar", "\u200f۲۵۰ لاري\u200e", "en", "250 GEL"),
    ("en", "12 AM", "ru", "0:00"),
    ("en", "Monday", "de", "Montag"),
    ("he", "45 דולר, ביום שני", "ru", "45 долларов, в понедельник"),
    ("en", "Nov 24th-28th", "ru", "24–28 ноября"),
    ("ru", "Приеду в пятницу к 9 утра", "en", "I will come on Friday by 9 AM"),
    ("ru", "джип 4х4", "en", "a 4x4"),
    ("en", "I CAN PAY 300 GEL FOR 3 DAYS", "ru", "МОГУ ЗАПЛАТИТЬ 300 ЛАРИ ЗА 3 ДНЯ"),
    ("de", "Ich bin am 3. Mai um 14 Uhr da", "ru", "Я буду 3 мая в 14:00"),
    ("ka", "3 დღით, 24 ნოემბრიდან 27 ნოემბრამდე", "ru", "на 3 дня, с 24 ноября по 27 ноября"),
]

DIFFERENT = [
    ("AA-123-BB", "AA-123-BC"),
    ("24 November", "25 ноября"),
    ("24 November", "24 декабря"),
    ("24.11.2026", "24 ноября"),
    ("24.11", "24,11"),
    ("05/11", "5 ноября"),
    ("5 PM", "в 5:00"),
    ("5 PM", "в 5"),
    ("17 hours", "в 17:00"),
    ("2 days", "2 часа"),
    ("$100", "100 евро"),
    ("$100", "100"),
    ("ok", "ok 5"),
    ("10%", "10"),
    ("1.234", "1234"),
    ("hundred", "сто один"),
    ("25 days", "twenty days"),
    ("two hundred", "двести пять"),
    ("5-7 pm", "5-8 pm"),
    ("Monday at 5", "Tuesday at 5"),
    ("two days", "день"),
    ("flight TK 384", "рейс TK 834"),
    ("+995 555 12 34 56", "+995 555 12 34 57"),
    ("https://site.example/a", "https://site.example/b"),
    ("a.b@example.com", "a.c@example.com"),
    ("ask @jarvis_demo", "ask @jarvis_dem"),
    ("⟦phone-1⟧", "⟦phone-2⟧"),
    ("⟦phone-1⟧", "⟦phone-1⟧ ⟦phone-1⟧"),
    ("it is -5 outside", "it is 5 outside"),
    ("50 GEL for 2 days, 40 GEL for 5 days", "40 лари за 2 дня, 50 лари за 5 дней"),
    ("50 GEL for 2 days, 40 GEL for 5 days", "50 лари за 5 дней, 40 лари за 2 дня"),
    ("from 24 November to 28 November", "с 28 ноября по 24 ноября"),
    ("home ⟦phone-1⟧, work ⟦phone-2⟧", "дом ⟦phone-2⟧, работа ⟦phone-1⟧"),
]


@pytest.mark.parametrize(("first", "one", "second", "other"), SAME)
def test_same_facts_in_two_languages_are_equal_both_ways(first, one, second, other):
    assert compare(one, other, original_language=first, translated_language=second) == []
    assert compare(other, one, original_language=second, translated_language=first) == []


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_fact_is_a_difference_both_ways(one, other):
    assert compare(one, other)
    assert compare(other, one)


def test_an_invented_price_is_named():
    [difference] = compare("The car is free", "Машина свободна за 50 лари")
    assert (difference.change, difference.kind, difference.translated) == (Change.ADDED, Kind.MONEY, "50")


def test_a_changed_figure_is_told_with_both_sides():
    [difference] = compare("3 days", "4 дня")
    assert str(difference) == 'number changed: "3" -> "4"'


def test_a_lost_name_is_named_and_a_spelling_that_was_handed_in_is_not():
    names = ["John Smith", ("Toyota Camry", "Тойота Камри"), ("deposit", "залог")]
    assert compare("John Smith, Toyota Camry, deposit", "John Smith, Тойота Камри, залог", names) == []
    [difference] = compare("John Smith takes the car", "Клиент берёт машину", names)
    assert (difference.change, difference.kind, difference.original) == (Change.LOST, Kind.NAME, "John Smith")


def test_a_name_is_found_behind_a_prefix_and_before_an_ending():
    names = [("Иван", "Ivan"), "Camry"]
    assert compare("Camry для Ивана", "Camry for Ivan", names) == []
    assert [entity.kind for entity in find("ל-Camry", names)] == [Kind.NAME]


def test_figures_inside_a_name_are_no_figures():
    assert [entity.kind for entity in find("Mazda CX-5 for 3 days", ["Mazda CX-5"])] == [Kind.NAME, Kind.NUMBER]


@pytest.mark.parametrize("plate", ["AA-123-BB", "AA123BB", "aa-123-bb", "AB-123", "АВ-123", "M-AB 1234", "AB12 CDE"])
def test_a_plate_is_one_code(plate):
    assert [entity.kind for entity in find(f"car {plate}, please")] == [Kind.CODE]


@pytest.mark.parametrize("text", ["ein Auto", "bir araba", "one of us", "just a second", "подождите, пожалуйста"])
def test_words_that_are_seldom_figures_may_go(text):
    assert compare(text, "...") == []


def test_one_answers_a_figure_but_not_another_figure():
    assert compare("one car", "1 машина") == []
    assert compare("one car", "2 машины")


def test_swapped_figures_are_told_in_both_orders():
    [difference] = compare("Prius $50, Camry $60", "Prius $60, Camry $50", ["Prius", "Camry"])
    assert str(difference) == 'money swapped: "50, 60" -> "60, 50"'


def test_names_in_a_list_of_prices_keep_their_places_and_elsewhere_may_move():
    names = ["Prius", "Camry"]
    [difference] = compare("Prius $50, Camry $60", "Camry $50, Prius $60", names)
    assert (difference.change, difference.kind) == (Change.SWAPPED, Kind.NAME)
    assert compare("Prius or Camry for 3 days", "на 3 дня Camry или Prius", names) == []
