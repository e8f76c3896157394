## Одна машина

view-car-how = Напишите номер машины: /car AA-123-BB. В теме машины — просто /car.
view-car-none = Машины «{ $wanted }» не нашёл.
view-car-several = Нашлось машин: { $count }. { $shown ->
    [10] Первые десять:
   *[other] Какая?
}
view-car-gone = Этой машины больше нет в парке.
view-car-title = 🚗 <b>{ $title }</b>
view-car-place = 📍 { $branch } · { car-card-state }
view-car-shape = { $clean ->
    [yes] ✨ чистая
    [no] 🧽 нужна мойка
   *[unknown] чистота неизвестна
} · { $tank ->
    [yes] ⛽️ полный бак
    [no] ⛽️ бак не полный
   *[unknown] бак неизвестен
}
view-car-mileage = 🧭 { NUMBER($mileage, useGrouping: 1) } км
view-car-about = { $about }
view-car-now = 👤 Сейчас: { view-kind }{ $client }, до { $end } (№ { $number }, { $responsible })
view-car-now-none = 🅿️ Сейчас свободна
view-car-next = 📅 Далее: { view-kind }{ $client }, { $start } → { $end } (№ { $number }, { $responsible })
view-car-next-none = 📅 Дальше броней нет
view-car-topic = <a href="{ $url }">Тема машины</a>
view-kind = { $kind ->
    [repair] 🔧{" "}
    [technical] 🔩{" "}
   *[client] {""}
}

## День филиала

view-day-which = День какого филиала показать?
view-day-title = 📋 <b>{ $branch }</b>, { $date }{ $pages ->
    [1] {""}
   *[other] {" "}({ $page } из { $pages })
}
view-day-late-return = ⚠️ приём просрочен с { $time }: { view-kind }<b>{ $car }</b>, { $client } · { $responsible } · { $place }
view-day-late-issue = ⚠️ выдача просрочена с { $time }: { view-kind }<b>{ $car }</b>, { $client } · { $responsible } · { $place }
view-day-issue = 🔑 { $time } выдача: { view-kind }<b>{ $car }</b>, { $client } · { $responsible } · { $place }
view-day-return = 🏁 { $time } приём: { view-kind }<b>{ $car }</b>, { $client } · { $responsible } · { $place }
view-day-done = ✅ Сделано за день: { $count }
view-day-none = На сегодня ничего нет.

## Свободные машины

view-free-how = Напишите даты так: /free 24.11-27.11 или /free 24.11 10:00 - 27.11 18:00. Без дат — свободные сейчас.
view-free-now = 🅿️ Свободны сейчас: <b>{ $count }</b>
view-free-window = 🅿️ Свободны { $start } → { $end }: <b>{ $count }</b>
view-free-branch = <b>{ $branch }</b>
view-free-car = • { $car }
view-free-car-until = • { $car } — до { $until }
