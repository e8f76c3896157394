## Доступ

access-asked = Заявка отправлена. Руководитель решит, и ответ придёт сюда.
access-waiting = Заявка уже у руководителя. Ответ придёт сюда.
access-too-soon = Заявку уже рассмотрели. Новую можно отправить через сутки.
access-request = 🙋 <b>{ $name }</b> ({ $username }, id { $id }) просит доступ к Jarvis. Впускайте только того, кого знаете.
access-give = { role } · { $branch }
access-give-above = { role }
access-refuse = Отказать
access-was-approved = ✅ <b>{ $name }</b>: { role }, { $branch }. Решение: { $by }
access-was-refused = 🚫 <b>{ $name }</b>: отказано. Решение: { $by }
access-welcome = ✅ Доступ открыт: { role }, { $branch }.
access-refused = 🚫 В доступе отказано. Повторить заявку можно через сутки.
access-already-decided = Заявку ({ $name }) уже рассмотрели: { $by }.
access-not-yours-to-decide = Это решение не в ваших правах. Ничего не изменилось.

role = { $role ->
    [employee] сотрудник
    [branch_head] руководитель филиала
    [division_head] руководитель направления
    [director] директор
    [admin] администратор
   *[other] без роли
}

## Сотрудники

people-list = 👥 Сотрудники: { $count }. Нажмите на имя.
people-button = { $name } · { role } · { $branch }
people-card = <b>{ $name }</b>
    { role }, { $branch }
    { $username }, в Jarvis с { $since }
people-make = Сделать: { role }
people-end = Закрыть доступ
people-gone = Этот человек здесь больше не работает.
people-in-private = Список сотрудников показываю только в личном чате.
people-role-set = ✅ <b>{ $name }</b>: теперь { role }.
people-role-ended = ✅ <b>{ $name }</b>: доступ закрыт.
role-changed = Ваша роль теперь: { role }.
role-ended = Ваш доступ к Jarvis закрыт.

## Первые слова

greeting = 👋 Здравствуйте, <b>{ $name }</b>!
help-title = <b>Что я умею</b>
help-everybody =
    {""}
    <b>Машины и день</b>
    /today — выдачи и приёмы на сегодня
    /car — машина по номеру (в теме машины — без номера)
    /free — свободные машины сейчас или на даты
    /inspect — осмотр при выдаче или возврате, с фото по шагам
    Фото и видео кладите в тему машины в форуме филиала: я сохраню их и уберу из чата. О поломке пишите там же или мне своими словами, можно голосом.

    <b>Задачи и ответы</b>
    /task — задачи: create, list, mine, branch
    /unanswered — кто ждёт ответа
    /away и /back — меня нет на месте, я вернулся

    <b>О себе</b>
    /bind me — группа с темами, где вы это напишете, станет вашей группой для клиентов
    /bind tasks — то же для задач
    /link_rentprog — ваш номер в RentProg: клиенты ваших броней придут к вам
    /language — язык
    /myinfo — мои данные
help-managers =
    {""}
    <b>Руководителю</b>
    /people — сотрудники и роли
    /bind — сделать форум форумом филиала (пишите в самом форуме)
    /away @username 25.11 — отметить отсутствие сотрудника
    /unanswered показывает всех, кому вы руководитель. Согласования приходят вам сюда, в личный чат.
help-divisions = /bind archive — сделать группу архивом осмотров (пишите в самой группе; люди в ней только читают)
my-info = <b>{ $name }</b>
    Роль: { role }
    Филиал: { $branch }
    Язык: { $language }
    Telegram id: { $id }
language-choose = Выберите язык
language-ru = Русский
language-en = English
language-ka = ქართული
language-set = Говорим по-русски.
no-right = На это у вас нет прав.
not-understood = Я понимаю команды: список в /help.
edit-not-read = Исправленные сообщения я не читаю. Отправьте команду заново.

## Кнопки

button-plain = { $label }
button-back = ‹ Назад
button-more = Дальше ›
button-accepted = Принято
button-used = По этому вопросу уже решено
button-stale = Кнопка устарела. Запросите заново
button-not-yours = Эта кнопка не для вас
button-no-right = На это у вас нет прав

## Форум филиала

bind-in-forum = Напишите /bind в форуме филиала.
bind-choose = Какому филиалу принадлежит этот форум?
bind-not-this-branch = Такого филиала среди ваших нет. Выберите:
bind-not-checked = Не получилось проверить форум в Telegram. Попробуйте ещё раз через минуту.
bind-missing = Форум пока не готов. Исправьте и повторите /bind:
bind-problem = • { $problem ->
    [not_supergroup] это должна быть супергруппа
    [not_forum] включите темы
    [can_manage_topics] дайте боту право управлять темами
    [can_delete_messages] дайте боту право удалять сообщения
    [can_pin_messages] дайте боту право закреплять сообщения
   *[other] { $problem }
}
bind-done = ✅ Это теперь форум филиала <b>{ $branch }</b>.
bind-already = Это уже форум филиала <b>{ $branch }</b>.
bind-branch-has-forum = У филиала <b>{ $branch }</b> уже есть форум «{ $forum }». Перенести сюда?
bind-forum-has-branch = Этот форум принадлежит филиалу <b>{ $other }</b>. Отдать его филиалу <b>{ $branch }</b>?
bind-move = Перенести
forum-hello = 👋 Сделайте меня администратором с правами на темы, удаление и закрепление, включите темы и напишите /bind. Для своей группы: /bind me (клиенты) или /bind tasks (задачи).

## Файлы

media-in-private = Фото, видео и файлы кладите в тему машины в форуме вашего филиала: там я сохраню их к машине.
media-moved = 📥 Ваши файлы из форума «{ $forum }» сохранены и убраны из чата, чтобы тему было легко читать. Ничего не потеряно.
media-moved-car = 📥 Ваши файлы сохранены у машины <b>{ $car }</b> и убраны из чата, чтобы тему было легко читать. Ничего не потеряно.

## Сбой

alarm-telegram-update = ❗️ Сообщение { $update } от Telegram не удалось обработать ({ $error }). Оно сохранено, остальные идут дальше.

## Меню команд

menu-today = выдачи и приёмы на сегодня
menu-car = машина по номеру
menu-free = свободные машины
menu-language = язык
menu-myinfo = мои данные
menu-help = что я умею
menu-bind = форум филиала

## Номер в RentProg

link-done = ✅ Вы в RentProg: { $name }, номер { $number }. Клиенты ваших броней придут к вам.
link-unknown = В вашем филиале в RentProg нет работающего пользователя с номером { $number }.
link-taken = Номер { $number } уже связан с другим человеком. Если это ошибка, скажите руководителю.
link-other = Вы уже связаны с пользователем { $name } этого филиала.
link-no-branch = Номер RentProg есть только у тех, кто работает в филиале.
link-how = Напишите так: /link_rentprog 15001. Номер стоит в вашем профиле в RentProg.
menu-link_rentprog = мой номер в RentProg
