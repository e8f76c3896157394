## Что узкие агенты прочли на фотографиях осмотра

reading-fuel-again = ⛽️ <b>{ $car }</b>: уровень топлива не читается. Вернитесь к приборам и сделайте ещё одно фото с включённым зажиганием или введите уровень, когда форма о нём спросит.
reading-fuel-gap = ⛽️ <b>{ $car }</b>: не хватает { $gap } % бака. При выдаче было { $before } %, при возврате { $after } %. Не закрывайте возврат, пока это не решено.
reading-mileage-less = 🧭 <b>{ $car }</b>: записано { NUMBER($km) } км, а раньше было уже { NUMBER($known) } км. Проверьте и исправьте.
reading-mileage-too-much = 🧭 <b>{ $car }</b>: записано { NUMBER($km) } км, раньше было { NUMBER($known) } км. Для этого срока слишком много — проверьте.
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
