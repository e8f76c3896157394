## Что узкие агенты прочли на фотографиях осмотра

reading-fuel-again = ⛽️ <b>{ $car }</b>: уровень топлива не читается. Вернитесь к приборам и сделайте ещё одно фото с включённым зажиганием или введите уровень, когда форма о нём спросит.
reading-fuel-gap = ⛽️ <b>{ $car }</b>: не хватает { $gap } % бака. При выдаче было { $before } %, при возврате { $after } %. Не закрывайте возврат, пока это не решено.
reading-wash-dirty = 🧽 <b>{ $car }</b> выглядит грязной. Помойте её до выдачи.
reading-document-again = 📄 <b>{ $car }</b>: техпаспорт не читается. Вернитесь к нему и снимите заново — ровно и без бликов.
reading-document-missing = 📄 <b>{ $car }</b>: техпаспорт не читается и на втором фото ({ $person }). Считается, что его нет.
reading-kit-missing = 🧰 <b>{ $car }</b>: в багажнике не хватает
reading-kit-lost = 🧰 <b>{ $car }</b>: при выдаче было, теперь нет
reading-kit-item = • { $item ->
    [spare_wheel] запасное колесо
    [jack] домкрат
    [wheel_wrench] баллонный ключ
    [triangle] знак аварийной остановки
    [extinguisher] огнетушитель
    [first_aid] аптечка
    [vest] светоотражающий жилет
   *[other] { $item }
}
reading-fluids-low = 💧 <b>{ $car }</b>: мало жидкостей
reading-fluid = • { $fluid ->
    [oil] масло
    [coolant] охлаждающая жидкость
    [brake] тормозная жидкость
   *[other] { $fluid }
}: { $level ->
    [critical] критически мало
   *[low] ниже нормы
}

mileage-question = 🧭 <b>{ $car }</b> · осмотр № { $number }: какой пробег верный?
mileage-answered = 🧭 <b>{ $car }</b> · осмотр № { $number }: пробег { NUMBER($km, useGrouping: 1) } км
mileage-why = { $why ->
    [less] Записано меньше, чем было известно раньше.
    [too-much] Для этого срока слишком много.
   *[other] На фото другое число.
}
mileage-typed = ✏️ Записано: { NUMBER($km, useGrouping: 1) } км ({ $name })
mileage-read = 📷 Прочитано с фото: { NUMBER($km, useGrouping: 1) } км
mileage-known = 📒 Было известно: { NUMBER($km, useGrouping: 1) } км
mileage-by = 👤 Решение: { $name } — { $choice ->
    [typed] верно записанное
    [read] верно число с фото
   *[other] записано заново
}
mileage-button-typed = ✅ Верно записанное: { NUMBER($km, useGrouping: 1) } км
mileage-button-read = 📷 Верно число с фото: { NUMBER($km, useGrouping: 1) } км
mileage-button-again = ✏️ Записать заново
mileage-type = 🧭 <b>{ $car }</b>: напишите пробег в километрах, одним числом, в течение 15 минут.
mileage-type-toast = Напишите пробег боту в личный чат
mileage-form-first = В открытом осмотре бот ждёт от вас число. Ответьте или поставьте осмотр на паузу, потом нажмите снова.
mileage-not-yours = 🧭 <b>{ $car }</b>: о пробеге решает тот, кто осматривал, тот, кому дана задача, или руководитель филиала.
mileage-decided-already = 🧭 <b>{ $car }</b>: о пробеге уже решено ({ $name }).
mileage-stale = 🧭 <b>{ $car }</b>: вопрос о пробеге уже другой — посмотрите на него ещё раз.
