## Кто узнаёт о повреждении

damage-told = { $severity ->
    [4] 🆘
    [3] 🔴
   *[other] 🟠
} <b>Новое повреждение</b>, { $car }: { damage-kind }, { damage-part }
    Тяжесть: { damage-severity }. Осмотр № { $inspection } ({ $occasion ->
    [hand_over] выдача
   *[return] возврат
}), указал(а) { $by }. Фотографии — в теме машины.
damage-waits = 🟡 { $car }: { $count ->
    [one] { $count } находка ждёт
    [few] { $count } находки ждут
   *[other] { $count } находок ждут
} вашего решения. Самое тяжёлое из возможного: { damage-severity }. Осмотр № { $inspection }, в теме машины.

## Ответы на нажатие

damage-not-yours = Это решает { role } или выше ({ $who }). Ничего не изменилось.
damage-taken = По находке № { $number } уже решил(а) { $by }: { $state ->
    [new] новое повреждение
    [known] известное повреждение
    [not_damage] не повреждение
   *[other] нужно фото лучше
}. Изменить может тот же человек или тот, чья роль выше.
damage-too-late = Проверка осмотра № { $inspection } закончена: решения в нём больше не меняются.
damage-reviewed-already = Осмотр № { $inspection } уже проверил(а) { $by }.
damage-review-too-early = Осмотр № { $inspection } ещё нельзя завершить: фотографии ещё снимают или разбирают.
damage-review-fuel = ⛽ В баке не хватает { $gap } %. Осмотр № { $inspection } закрывает { role } или выше ({ $who }). Ничего не изменилось.
damage-review-undecided = В осмотре № { $inspection } не решено: { $count ->
    [one] { $count } находка
    [few] { $count } находки
   *[other] { $count } находок
}. Сначала решите, потом нажмите снова.

## Фото вблизи

damage-close-up = 🔍 { $by } подтвердил(а) № { $number }: { damage-kind }, { damage-part } ({ $car }). Пришлите, пожалуйста, одно фото вблизи.
damage-better-photo = 🔍 { $by } просит фото лучше, № { $number }: { damage-kind }, { damage-part } ({ $car }). Пришлите, пожалуйста, одно вблизи и при хорошем свете.

## Можно ли выдавать машину

damage-hold-proposed = ⛔ Предложение: не выдавать { $car }. Осмотр № { $inspection }: { damage-severity }. Решает руководитель.
damage-hold-asked = ❓ Можно ли выдавать { $car }? Осмотр № { $inspection }: { damage-severity }. Решает руководитель.
damage-hold-button-keep = ⛔ Не выдавать
damage-hold-button-issue = ✅ Можно выдавать
damage-held = ⛔ { $car } не выдавать: { $by }
damage-released = ✅ { $car } можно выдавать: { $by }
damage-hold-withdrawn = Предложение не выдавать { $car } снято: повреждения, из-за которого оно появилось, нет.
damage-hold-already = { $state ->
    [held] Уже решено: не выдавать ({ $by }).
   *[free] Эту машину ничто не держит.
}

## Чему у машинного зрения можно верить

abilities-none = 👁 Повреждения искали только люди: машинного зрения здесь нет.
abilities-sees = 🤖 Машинное зрение ищет:
abilities-kind = • { damage-kind } (насколько хорошо — не измеряли)
abilities-kind-measured = • { damage-kind }: верны { $right } из 100, находит { $seen } из 100
abilities-blind = Ищут только люди:
abilities-blind-kind = { damage-kind }
