## Закреплённая карточка машины: одна строка — один текст

car-card-title = <b>{ $plate }</b> { $model }
car-card-title-plate = <b>{ $plate }</b>
car-card-state = { $state ->
    [1] 🟢 Можно выдавать
    [2] 🔧 В ремонте
    [3] ⛔️ Критическое состояние
    [4] 📄 В долгосрочной аренде
    [5] 🚫 Не выдавать
    [6] 🛠 Нужно обслуживание
   *[other] ⚪️ Состояние неизвестно
}
car-card-inactive = 💤 Не участвует в аренде
car-card-out = 👤 Сейчас: { $client }, до { $end }
car-card-out-technical = 🔩 Сейчас: техническая бронь ({ $client }), до { $end }
car-card-free = 🅿️ Сейчас свободна
car-card-idle = 🅿️ Сейчас без брони
car-card-next = 📅 Дальше: { $client }, { $start } → { $end }
car-card-next-technical = 📅 Дальше: техническая бронь ({ $client }), { $start } → { $end }
car-card-nothing-next = 📅 Дальше броней нет
car-card-mileage = 🧭 Пробег: { NUMBER($km, useGrouping: 1) } км
car-card-clean = { $clean ->
    [1] ✨ Чистая
   *[0] 🧽 Нужна мойка
}
car-card-tank = { $full ->
    [1] ⛽️ Полный бак
   *[0] ⛽️ Бак неполный
}
car-card-tank-of = { $full ->
    [1] ⛽️ Полный бак
   *[0] ⛽️ Бак неполный
} ({ $liters } л)
car-card-fuel = 🛢 Топливо: { $fuel }
car-card-debtor = ⚠️ Клиент в списке должников
car-card-inspection = 📋 Последний осмотр: { $day }
car-card-client-topic = 💬 <a href="{ $url }">Переписка с клиентом</a>
car-unnamed = Машина { $number }

## Короткие строки в теме машины

booking-issued = 🔑 <b>Выдана</b> { $number }: { $client }, вернёт { $end }
booking-issued-technical = 🔩 <b>Техническая бронь начата</b> { $number }: { $client }, до { $end }
booking-returned = 🏁 <b>Возвращена</b> { $number }: { $client }
booking-returned-technical = 🔩 <b>Техническая бронь закончена</b> { $number }: { $client }
booking-mileage = Пробег: { NUMBER($km, useGrouping: 1) } км
booking-place = Место: { $place }
car-arrived = ➡️ Машина переехала сюда из филиала { $branch }
car-left = ⬅️ Машина переехала в филиал { $branch }. Тема закрыта.
car-left-fleet = 🗄 Машина выведена из парка. Тема закрыта.
car-forum-moved = ↪️ У филиала { $branch } теперь другой форум. Тема закрыта.
car-topic-link = <a href="{ $url }">Новая тема машины</a>

## Форум филиала

forum-welcome = 👋 Это форум филиала <b>{ $branch }</b>. { $cars ->
    [0] Машин пока нет: темы появятся, когда придут данные.
    [one] Открою тему для { $cars } машины, не спеша.
   *[other] Открою темы для { $cars } машин, не спеша.
}

## Any message

message-may-repeat = ↩️ Возможно, это повтор: на первую отправку не пришёл ответ.
