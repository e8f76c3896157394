## Карточка задачи

task-card-title = { $status ->
    [done] ✅
    [cancelled] 🚫
   *[other] 📌
} <b>№{ $number }</b> { $title }
task-card-status = { task-status }{ $priority ->
    [urgent] {" "}· 🔴 срочно
    [high] {" "}· 🟠 важно
    [low] {" "}· не к спеху
   *[normal] {""}
}
task-status = { $status ->
    [in_progress] В работе
    [blocked] Ждёт
    [done] Сделано
    [cancelled] Отменено
   *[todo] Нужно сделать
}
task-card-nature = { task-nature }: { task-part }
task-nature = { $nature ->
    [breakdown] 🔧 Поломка
    [incident] ⚠️ Происшествие
   *[other] Задача
}
task-part = { $part ->
    [engine] двигатель
    [brakes] тормоза
    [suspension] подвеска
    [wheels] колёса и шины
    [body] кузов
    [glass] стёкла
    [electrics] электрика и свет
    [climate] печка и кондиционер
    [fluids] масло и жидкости
    [interior] салон
    [documents] документы
   *[other] другое
}
task-card-assignee = 👤 { $name }
task-card-link = { $kind ->
    [car] 🚗
    [booking] 📄 Бронь
    [client] 🙂
   *[other] 💬
} { $name }
task-card-due = { $late ->
    [yes] ⏰ Просрочено с
   *[no] ⏰ Срок:
} { $time }
task-card-snoozed = 💤 Отложено до { $time }
task-card-by-rules = ⚙️ Создано по словам сообщения, без модели: её сейчас нет.

## Кнопки

task-done = Готово
task-start = Начать
task-reopen = Открыть снова
task-block = Ждёт
task-cancel = Отменить
task-snooze-hour = +1 час
task-snooze-today = Сегодня
task-snooze-tomorrow = Завтра
task-assign = Поручить
task-details-button = Подробнее

## Что говорится

task-reminder = { $priority ->
    [urgent] 🔴
   *[other] ⏰
} Пора: <b>№{ $number }</b> { $title }
task-not-yours = Задача №{ $number } — другого филиала. Ничего не изменено.
task-gone = Такой задачи больше нет.
task-assign-whom = Кому поручить <b>№{ $number }</b> { $title }?
task-details-title = <b>№{ $number }</b> { $title }
task-details-more = { $details }
task-details-made = Создана { $time }
task-change = { $time } { $by }: { $field ->
    [status] статус → { $value ->
        [todo] нужно сделать
        [in_progress] в работе
        [blocked] ждёт
        [done] сделано
       *[cancelled] отменено
    }
    [assignee_id] поручено: { $value }
    [due_at] срок { $value }
    [snooze_until] отложено до { $value }
    [priority] важность { $value }
    [refused] менять не разрешено
   *[title] название
}


## Команды

task-how = <b>Задачи</b>
    /task create "текст" car:61000 due:today 18:00
    /task list — задачи этой темы, а вне темы мои и порученные мной
    /task mine — что должен сделать я
    /task branch — что должен сделать мой филиал
    Ссылки: car:, booking:, client: с номером RentProg, машину можно и по номеру. Срок: today, tomorrow (или сегодня, завтра), 24.11, можно со временем.
task-no-text = Задаче нужен текст: /task create "Помыть машину" due:today 18:00
task-bad-due = Не понимаю срок «{ $due }». Например: due:today 18:00, due:завтра, due:24.11 10:00
task-past-due = Это время уже прошло: { $due }
task-unknown-link = Не знаю, что такое { $link }. Ничего не создано.
task-several-cars = { $link } подходит к нескольким машинам. Напишите номер целиком.
task-list-title = 📋 Задачи: { $count }
task-list-none = Открытых задач нет.
task-list-line = №{ $number } { $title } · { $name }{ $due ->
    [none] {""}
   *[other] {" "}· { $due }
}
task-number = №{ $number }
task-list-more = … и ещё { $count }
menu-task = Задачи: create, list, mine, branch

## Слова сотрудников

triage-copied = 🔧 { task-nature }: { $title }
    { $name }, { $branch }
triage-which-car = О какой машине речь?
triage-answer = 💡 { $answer }
triage-unknown = Этого я не знаю. Спросите: { $name }.
triage-unknown-nobody = Этого я не знаю.
