## Слова осмотра

occasion-word = { $occasion ->
    [hand_over] 🔑 Выдача
   *[return] 🏁 Возврат
}
step-name = { $step ->
    [front] Спереди
    [front_left] Спереди слева
    [left] Левый бок
    [rear_left] Сзади слева
    [rear] Сзади
    [rear_right] Сзади справа
    [right] Правый бок
    [front_right] Спереди справа
    [dashboard] Приборы
    [trunk] Багажник
    [interior_front] Салон спереди
    [interior_rear] Салон сзади
    [document] Техпаспорт
    [fuel] Указатель топлива
    [tyre_front_left] Шина передняя левая
    [tyre_front_right] Шина передняя правая
    [tyre_rear_left] Шина задняя левая
    [tyre_rear_right] Шина задняя правая
    [fluids] Жидкости
    [close_up] Крупный план
    [video] Видео
    [mileage] Пробег
    [fuel_level] Топливо
    [fluid_levels] Уровни жидкостей
    [kit_items] Комплект в багажнике
   *[other] Фото
}
step-hint = { $step ->
    [front] Встаньте прямо перед машиной. В кадре вся машина, номер читается.
    [front_left] Отойдите к левому переднему углу: видны и перед, и левый бок.
    [left] Встаньте сбоку, со стороны водителя. Машина в кадре от бампера до бампера.
    [rear_left] Отойдите к левому заднему углу: видны и зад, и левый бок.
    [rear] Встаньте прямо за машиной. В кадре вся машина, номер читается.
    [rear_right] Отойдите к правому заднему углу: видны и зад, и правый бок.
    [right] Встаньте сбоку, со стороны пассажира. Машина в кадре от бампера до бампера.
    [front_right] Отойдите к правому переднему углу: видны и перед, и правый бок.
    [dashboard] Включите зажигание. Крупно и без бликов: пробег и топливо.
    [trunk] Откройте багажник и поднимите пол: весь комплект в кадре.
    [interior_front] Передние сиденья и панель, через открытую дверь.
    [interior_rear] Задние сиденья и пол, через открытую дверь.
    [document] Положите техпаспорт ровно. Весь текст в кадре, без бликов.
    [fuel] Указатель топлива крупно, зажигание включено.
    [tyre_front_left] Колесо целиком: виден и протектор, и диск.
    [tyre_front_right] Колесо целиком: виден и протектор, и диск.
    [tyre_rear_left] Колесо целиком: виден и протектор, и диск.
    [tyre_rear_right] Колесо целиком: виден и протектор, и диск.
    [fluids] Бачки под капотом: видны метки уровня.
    [close_up] Подойдите ближе: повреждение занимает треть кадра.
    [mileage] Пришлите пробег числом, например 45210.
    [fuel_level] Сколько в баке? Нажмите или пришлите число в процентах.
    [fluid_levels] Чего мало — нажмите, критически мало — нажмите дважды. Можно прислать и фото бачков.
    [kit_items] Отметьте, что лежит в багажнике.
   *[other] Пришлите фото.
}
damage-kind = { $kind ->
    [scratch] царапина
    [dent] вмятина
    [crack] трещина
    [broken_glass] разбитое стекло
    [broken_lamp] разбитая фара
    [flat_tyre] спущенная шина
    [missing_part] нет детали
    [airbag] сработала подушка
    [reflection] отражение
    [shadow] тень
    [dirt] грязь
   *[other] другое повреждение
}
damage-part = { $part ->
    [hood] капот
    [front_bumper] передний бампер
    [rear_bumper] задний бампер
    [front_left_fender] переднее левое крыло
    [front_right_fender] переднее правое крыло
    [rear_left_fender] заднее левое крыло
    [rear_right_fender] заднее правое крыло
    [front_left_door] передняя левая дверь
    [front_right_door] передняя правая дверь
    [rear_left_door] задняя левая дверь
    [rear_right_door] задняя правая дверь
    [tailgate] дверь багажника
    [roof] крыша
    [windscreen] лобовое стекло
    [rear_window] заднее стекло
    [side_window] боковое стекло
    [headlamp] фара
    [tail_lamp] задний фонарь
    [mirror] зеркало
    [wheel] колесо
    [interior] салон
   *[unknown] место не определено
}
damage-severity = { $severity ->
    [1] 1 — косметика
    [2] 2 — лёгкое
    [3] 3 — серьёзное
   *[4] 4 — критическое
}
kit-item = { $item ->
    [spare_wheel] запаска
    [jack] домкрат
    [wheel_wrench] баллонный ключ
    [triangle] знак
    [extinguisher] огнетушитель
    [first_aid] аптечка
    [vest] жилет
   *[other] { $item }
}
fluid-name = { $fluid ->
    [oil] масло
    [coolant] антифриз
   *[brake] тормозная жидкость
}
photo-fault = { $reason ->
    [no_vehicle] машины не видно
    [wrong_view] другая сторона
    [too_dark] темно
    [too_bright] засвечено
    [blurred] смазано
    [a_little_blurred] немного смазано
    [cut_off] машина обрезана
    [too_near] слишком близко
    [too_far] слишком далеко
    [too_small] маленькое фото
    [dirty_or_wet] машина грязная или мокрая
   *[other] есть замечания
}

## Начало

inspect-button = { $occasion ->
    [hand_over] 📸 Выдать
   *[return] 📸 Принять
}
inspect-which = 📸 <b>{ $car }</b>: выдаём или принимаем?
inspect-planned = По плану: { $occasion ->
    [hand_over] выдача
   *[return] возврат
} { $time } · { $client }
inspect-nothing-planned = По плану ничего нет.
inspect-how = Чей осмотр? Напишите номер: /inspect AA-123-BB. В теме машины номер не нужен.
inspect-opened = Форма — в личном чате со мной
menu-inspect = Осмотр при выдаче или возврате
inspection-file-too-big = 📦 Файл больше { $megabytes } МБ: бот не может его взять, в осмотр он не попал. Пришлите обычное фото или файл поменьше.

## Форма

form-title = { occasion-word } · <b>{ $car }</b>
form-step = Шаг { $step } из { $total }
form-step-about = 📷 <b>{ step-name }</b>
    { step-hint }
form-question-about = ✏️ <b>{ step-name }</b>
    { step-hint }
form-photo-there = ✅ Фото уже есть. Новое его заменит.
form-waiting = ⏳ Смотрю фото: { $count }
form-progress = Готово { $done } из { $total }
form-proposal = 🔎 На фото я прочитал так. Верно — нажмите.
form-not-read = 🔎 На фото не прочиталось: введите сами.
form-paused = ⏸ Отложено. Всё, что снято, сохранено.
form-cancelled = ✖️ Осмотр отменён. Снятое хранится, но не учитывается.
form-submitted = ✅ Готово, спасибо! Проверяю фото; карточка осмотра — в теме машины.
form-handed = 👤 Форма теперь у { $name }.
form-skip-why = ⏭ Почему пропускаем?
form-skip-words = ✏️ Напишите причину одним сообщением.
form-hand-whom = 👤 Кому передать? Всё снятое перейдёт вместе с формой.
form-hand-nobody = 👤 В филиале сейчас некому передать.
form-cancel-sure = ✖️ Точно отменить осмотр? Снятое не будет учтено.
form-finish = 🏁 <b>Все шаги пройдены</b>
form-finish-photos = 📷 Фото: { $photos } из { $total }
form-finish-missing = ⚠️ Не хватает: { $count }
form-finish-ask = Завершаем? После этого форму изменить нельзя.
form-stale = Форма уже на другом шаге — смотрите новую
form-not-yours = Эта форма больше не у вас

form-button-back = ⬅️ Назад
form-button-skip = ⏭ Пропустить
form-button-pause = Пауза
form-button-hand = Передать
form-button-cancel = Отменить
form-button-cancel-yes = Да, отменить
form-button-no = Нет
form-button-go-on = Оставить это фото как есть
form-button-right-car = Это та самая машина
form-button-first-page = ⬅️ К шагу
form-button-resume = ▶️ Продолжить
form-button-finish = ✅ Завершить осмотр
form-button-km = ✅ { NUMBER($number, useGrouping: 1) } км
form-button-percent = ✅ { $number } %
form-button-level = { $level ->
    [ok] ✅ { fluid-name }: в норме
    [low] ⚠️ { fluid-name }: мало
   *[critical] ⛔️ { fluid-name }: критически мало
}
form-button-fluids-fine = ✅ Всё в норме
form-button-fluids-rest = ✅ Остальное в норме
form-button-kit-item = { $on ->
    [yes] ✅
   *[no] ▫️
} { kit-item }
form-button-kit-whole = ✅ Всё на месте
form-button-kit-done = Готово: { $there } из { $total }
form-reason-cannot_reach = Не подойти с этой стороны
form-reason-dark = Темно
form-reason-car_blocked = Машина заставлена
form-reason-client_hurries = Клиент торопится
form-reason-other = ✏️ Другая причина…

## Что отвечено и снято

inspection-skipped = ⏭ { step-name }: { $reason ->
    [cannot_reach] не подойти
    [dark] темно
    [car_blocked] машина заставлена
   *[client_hurries] клиент торопится
}
inspection-skipped-words = ⏭ { step-name }: { $words }
inspection-mileage = 🧭 Пробег: { NUMBER($km, useGrouping: 1) } км
inspection-mileage-since = ↳ при выдаче { NUMBER($before, useGrouping: 1) } км, проехали { NUMBER($driven, useGrouping: 1) } км
inspection-fuel = ⛽️ Топливо: { $percent } % ({ $eighths }/8)
inspection-fuel-since = ↳ при выдаче { $percent } % ({ $eighths }/8)
inspection-fluid = 💧 { fluid-name }: { $level ->
    [ok] в норме
    [low] мало
   *[critical] критически мало
}
inspection-fluids-fine = 💧 Жидкости: в норме
inspection-kit-whole = 🧰 Комплект: всё на месте
inspection-kit-missing = 🧰 В багажнике нет:
inspection-kit-item = { kit-item }

## Карточка осмотра

inspection-title = { occasion-word } № { $number } · <b>{ $car }</b>
inspection-by =
    {""}
    👤 { $name } · { $time }{ $booking ->
    [none] {""}
   *[other] {" "}· бронь { $booking }
}
inspection-under-way = { $state ->
    [paused] ⏸ Отложен
   *[open] ✍️ Идёт
}: { $done } из { $total }
inspection-state = { $state ->
    [cancelled] ✖️ Отменён
    [submitted] 🔎 Снято, сравниваю фото…
   *[other] { $waiting ->
        [0] 👀 Осталось посмотреть пары и нажать «Проверено»
        [one] 🔔 Ждёт решения: { $waiting } находка
        [few] 🔔 Ждут решения: { $waiting } находки
       *[other] 🔔 Ждут решения: { $waiting } находок
    }
}
inspection-reviewed = ✅ <b>Проверено:</b> { $name }, { $time }
inspection-photos = 📷 Фото: { $photos } из { $total }
inspection-faulty = ⚠️ { step-name }: { photo-fault }
inspection-wash = { $verdict ->
    [ok] ✨ Чистая
    [problem] 🧽 Похоже, грязная
   *[unclear] 🧽 Чистая ли — не разобрать
}
inspection-document = { $verdict ->
    [ok] 📄 Техпаспорт читается
   *[problem] 📄 Техпаспорт не читается
}
inspection-flag = 🚩 { $flag ->
    [reused] Такое фото уже было в другом осмотре
    [odd_exif] Странные данные камеры
    [other_time] Снято в другое время
    [other_plate] Прочитан другой номер
    [taken_as_is] Оставлено как есть по решению человека
    [right_car] Человек подтвердил, что машина та самая
    [unjudged] Не проверено автоматически
   *[other] Есть замечание к фото
}: { $count }
inspection-hold = { $state ->
    [held] ⛔️ <b>Не выдавать</b> — решение принято
    [released] 🟢 Выдавать можно
   *[proposed] ⛔️ Предлагаю <b>не выдавать</b>: ждёт решения руководителя
}
inspection-finding = { $state ->
    [new] 🔴
    [need_photo] 🔍
   *[proposed] 🟡
} № { $number } { damage-kind }, { damage-part }, { damage-severity }{ $cost ->
    [none] {""}
   *[other] {" "}· ~{ $cost } ₾
}
inspection-not-damage = 🟢 Не повреждение: { $count }
inspection-known = 📌 Было и раньше: { $count }
inspection-damage = • { damage-kind }, { damage-part }, { damage-severity }
inspection-adding = ➕ <b>Новое повреждение</b>{ $what ->
    [part] : где оно?
    [kind] , { damage-part }: какое?
   *[severity] , { damage-part }, { damage-kind }: насколько?
}
inspection-report-soon = Готовлю отчёт
inspection-button-pairs = 🖼 Пары
inspection-button-add = ➕ Повреждение
inspection-button-reviewed = ✅ Проверено
inspection-button-report = 📄 Отчёт

## Находка

finding-open = 🟡 <b>№ { $number }</b> { damage-kind }, { damage-part }
    Тяжесть: { damage-severity }{ $cost ->
    [none] {""}
   *[other] {" "}· ~{ $cost } ₾
}
finding-decided = { $state ->
    [new] 🔴 <b>№ { $number } Новое:</b>
    [known] 📌 <b>№ { $number } Было раньше:</b>
   *[not_damage] 🟢 <b>№ { $number } Не повреждение:</b>
} { damage-kind }, { damage-part }{ $state ->
    [not_damage] {""}
   *[other] , { damage-severity }{ $cost ->
        [none] {""}
       *[other] {" "}· ~{ $cost } ₾
    }
}
finding-where = 📷 { step-name }
finding-by-person = 👤 Отметил человек
finding-sure = 🤖 Уверенность { $percent } %, видно на фото: { $views }
finding-why = { $why ->
    [matched] ↳ было и на прошлом фото
    [not_matched] ↳ на прошлом фото этого нет
    [not_compared] ↳ прошлое фото наложить не удалось: сравните сами
    [looks_otherwise] ↳ здесь было старое повреждение, но место выглядит иначе: сравните сами
    [nothing_before] ↳ прошлого фото этой стороны нет
    [several_views] ↳ видно с нескольких сторон
    [one_view] ↳ на соседних фото этого не видно
    [negative] ↳ может быть отражением, тенью или грязью
    [known_near] ↳ рядом есть известное повреждение
   *[said_no_damage] ↳ раньше здесь сказали: не повреждение
}
finding-photo-asked = 🔍 Попросил фото получше
finding-by = 👤 Решение: { $name }
finding-choose = { $what ->
    [kind] <b>Что это?</b>
    [part] <b>Где это?</b>
   *[severity] <b>Насколько серьёзно?</b>
}
finding-kind = { damage-kind }
finding-part = { damage-part }
finding-severity = { damage-severity }
finding-edit-kind = Что: { damage-kind }
finding-edit-part = Где: { damage-part }
finding-edit-severity = Тяжесть: { damage-severity }
finding-button-new = 🔴 Новое
finding-button-known = 📌 Было раньше
finding-button-not-damage = 🟢 Не повреждение
finding-button-need-photo = 🔍 Фото лучше
finding-button-edit = ✏️ Исправить
finding-button-new-so = 🔴 Новое, именно так
finding-button-change = ✏️ Изменить решение

## Пары и архив

pairs-head = 🖼 Осмотр № { $number }: на каждой картинке сначала было, потом стало. Ищите то, чего не заметил я.
pairs-none = 🖼 Осмотр № { $number }: прошлого осмотра для сравнения нет, вот фото как есть.
pairs-side = { step-name }: было — стало
pairs-alone = { step-name }
archive-photo = { step-name } · фото { $ordinal } · { $time } · { $sha }
archive-marks = { step-name } · с отметками
bind-archive-done = ✅ Здесь теперь архив осмотров.
bind-archive-already = Это и так архив осмотров.
bind-archive-writable = ⚠️ Участники могут здесь писать. Запретите им сообщения в настройках группы: архив только читают.
