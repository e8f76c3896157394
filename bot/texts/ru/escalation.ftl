## Кто должен ответить

wait-remind = ⏰ <a href="tg://user?id={ $id }">{ $who }</a>, { wait-what } уже { worked } рабочего времени.
worked = { $minutes ->
    [0] меньше минуты
   *[other] { $minutes } мин
}
wait-what = { $kind ->
    [conversation] клиент { $name } ждёт ответа
    [task] задача { $name } ждёт
    [inspection_hand_over] осмотра при выдаче { $name } нет
    [inspection_return] осмотра при возврате { $name } нет
    [review] находки на { $name } ждут вашего решения
   *[approval] согласование ждёт вашего решения
}
wait-moved-to-you = ⏫ { wait-thing } теперь у вас: { $why ->
    [absent] { $former } отсутствует
   *[silent] { $former } не отвечает { worked } рабочего времени
}.
wait-moved-on = ⏫ { wait-thing } теперь у <b>{ $to }</b>: { $why ->
    [absent] вас нет на месте
   *[silent] ответа не было { worked } рабочего времени
}.
wait-thing = { $kind ->
    [conversation] Клиент { $name }
    [task] Задача { $name }
    [inspection_hand_over] Осмотр при выдаче { $name }
    [inspection_return] Осмотр при возврате { $name }
    [review] Решение по находкам на { $name }
   *[approval] Согласование
}
alarm-nobody-left = 🆘 Спросить больше некого: { $kind ->
    [conversation] клиент обращения { $name }
    [task] задача { $name }
    [inspection_hand_over] осмотр при выдаче { $name }
    [inspection_return] осмотр при возврате { $name }
    [review] находки на { $name }
   *[approval] согласование ({ $name })
}, филиал { $branch }, ожидание { worked } рабочего времени. Все по цепочке отсутствуют. Решите, пожалуйста, кто ответит.

unanswered-title = ⏳ Ждут ответа: <b>{ $count }</b>
unanswered-none = ✅ Ответа никто не ждёт.
unanswered-line = { $kind ->
    [conversation] 💬
    [task] 📌
    [inspection] 🚗
    [review] 🔎
   *[approval] ✍️
} <b>{ $name }</b> · { waited } · { $holder }{ $level ->
    [1] {" "}(руководитель филиала)
    [2] {" "}(руководитель направления)
    [3] {" "}(директор)
   *[0] {""}
}
waited = { $hours ->
    [0] { $minutes ->
        [0] только что
       *[other] { $minutes } мин
    }
   *[other] { $hours } ч { $minutes } мин
}
unanswered-link = <a href="{ $url }">Открыть тему</a>
unanswered-more = … и ещё { $count }

away-how = Напишите, до какого времени: /away 25.11, /away 25.11 14:00, /away 18:00; без времени — до /back. Руководитель может указать другого: /away @username 25.11
away-set = 🌴 { $name }: нет на месте до { $until }. Всё, что ждёт ответа, перейдёт следующему по цепочке.
away-set-open = 🌴 { $name }: нет на месте до /back. Всё, что ждёт ответа, перейдёт следующему по цепочке.
away-nobody = Среди сотрудников нет { $name }.
back-set = 👋 { $name }: снова на месте.
back-not-away = { $name }: отсутствие не отмечено.

menu-unanswered = кто ждёт ответа
menu-away = меня нет на месте
menu-back = я снова на месте

## Согласование

approval-title = ✍️ <b>Нужно ваше согласие</b>: { approval-action }
approval-action = { $action ->
    [offer] предложение клиенту
   *[other] { $action }
}
approval-shown = <b>{ $label ->
    [client_text] Клиент прочитает
    [staff_text] Написал сотрудник
    [client] Клиент
    [amount] Сумма
    [car] Машина
   *[other] { $label }
}</b>: { $value }
approval-asker = Просит: { $name }
approval-branch = Филиал: { $branch }
approval-origin = ⚠️ Слова постороннего, с которых всё началось; доверять им нельзя: <i>{ $text }</i>
approval-until = ⏳ Без решения до { $time } ничего не будет сделано.
approval-state = { approval-end }
approval-end = { $state ->
    [consumed] ✅ Разрешено: { $by }
    [refused] 🚫 Отказано: { $by }
   *[expired] ⌛️ Никто не решил вовремя: не сделано
}
approval-ended = { approval-end } ({ approval-action })
approval-allow = Разрешить
approval-refuse = Отказать
approval-not-done = { $why ->
    [already] Решение уже принято. Ничего не изменилось.
    [own] Свою просьбу никто не согласует сам. Решить должен другой человек.
    [expired] Время вышло: это не сделано.
    [changed] Теперь было бы сделано не то, что вам показали, и ваше согласие на это не распространяется. Это не сделано.
   *[not_yours] Это решение не в ваших правах. Ничего не изменилось.
}
