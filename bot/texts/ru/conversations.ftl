## Тема клиента

client-unnamed = Клиент { $number }

## Сообщение клиента. Слова клиента стоят только внутри цитат

client-said = 💬 <b>{ $name }</b>
client-said-aloud = 🎤 <b>{ $name }</b>
operator-said = 🖥 <b>Ответили в окне Umnico</b>
client-words = <blockquote>{ $words }</blockquote>
client-original = <blockquote expandable>{ $words }</blockquote>
client-original-below = ——— Оригинал ———
client-words-in-file = 📄 Сообщение длинное: целиком оно в файле.
client-said-nothing = ▫️ Пустое сообщение
client-edited = ✏️ Клиент изменил это сообщение
client-translation-waits = ⏳ Пока без перевода: модель не отвечает. Перевод появится здесь.
client-translation-held = ⚠️ Читайте оригинал: перевода, которому можно верить, нет.
client-heard = 🎧 Записано с голосового сообщения
client-heard-doubtful = ❓ Расслышано плохо: прослушайте голосовое, прежде чем полагаться на текст
client-not-heard = 🔇 Запись не расшифрована: прослушайте её
client-file-lost = 📎 { file-name }: { $why ->
    [dead] ссылка на файл уже не работает
    [away] сервер файлов не ответил
    [too-large] файл слишком большой
    [no-link] Umnico не дал ссылки на файл
    [no-storage] хранилище файлов не настроено
    [old] старый файл, он остался в Umnico
   *[other] файл не удалось загрузить
}. Откройте диалог в Umnico
file-name = { $kind ->
    [named] { $name }
    [photo] фото
    [video] видео
    [voice] голосовое
    [audio] аудио
   *[other] файл
}
client-file-late = 📎 { file-name }: хранилище не отвечает, файл пока не показан
client-file-empty = 📎 { file-name }: файл пустой
client-file-too-big = 📎 { file-name }: больше { $megabytes } МБ, откройте диалог в Umnico
colleague-said = 📤 <b>{ $name }</b> — ответ клиенту

## Закреплённая карточка диалога

conversation-title = 👤 <b>{ $name }</b>
conversation-channel = { $channel ->
    [whatsapp] 💬 WhatsApp
    [telegram] 💬 Telegram
    [instagram] 💬 Instagram
   *[other] 💬 Другой канал
}
conversation-phone = 📞 +{ $phone }
conversation-calls-themselves = 🏷 Пишет как { $name }
conversation-language = { $language ->
    [en] 🌐 Английский
    [ru] 🌐 Русский
    [ka] 🌐 Грузинский
    [he] 🌐 Иврит
    [ar] 🌐 Арабский
    [tr] 🌐 Турецкий
    [de] 🌐 Немецкий
   *[other] 🌐 Язык: { $language }
}
conversation-booking = 📄 Бронь { $number }
conversation-car = 🚗 { $car }
conversation-car-topic = 🚗 <a href="{ $url }">{ $car }</a>
conversation-dates = 📅 { $start } → { $end }
conversation-deposit = 💰 Залог: { $amount } (валюту RentProg не передаёт)
conversation-no-deposit = 💰 Без залога
conversation-debtor = ⚠️ В списке должников (суммы RentProg не передаёт)
conversation-holder = 🙋 Отвечает: { $name }
conversation-no-holder = 🙋 Пока никто не отвечает
conversation-unanswered = 🔴 Ждёт ответа с { $time }
conversation-answered = 🟢 Последний ответ: { $time }
conversation-consult = 🤫 Совещание: написанное здесь клиенту не уходит
conversation-session = ⏱ Сессия до { $time }
conversation-closed = 🔒 Диалог закрыт
conversation-open-umnico = Открыть Umnico
conversation-button-take = 🙋 Взять
conversation-button-assign = 👉 Передать
conversation-button-prolong = ⏱ +1 час
conversation-button-consult = 🤫 Совещание
conversation-button-consult-end = 🔊 С клиентом
conversation-button-close = 🔒 Закрыть
conversation-button-reopen = 🔓 Открыть снова

## Что стало с нашим ответом

sending-waits = ⏳ <b>Пока не отправлено.</b> Модель не отвечает, перевод появится позже. Можно отправить ваши слова как есть.
sending-held = ✋ <b>Пока не отправлено.</b> Посмотрите и решите:
sending-approval = 🕓 <b>Пока не отправлено.</b> Сначала должен согласиться руководитель.
sending-under-way = 📤 Отправляется…
sending-sent = ✅ Отправлено
sending-failed = ❌ <b>Не отправлено.</b>
sending-taken-back = ↩️ Отозвано, клиент ничего не получил.
sending-unknown = ❓ <b>Неизвестно, ушло ли.</b> Прежде чем повторять, посмотрите в Umnico.
sending-words = <blockquote>{ $words }</blockquote>
sending-files = 📎 { $count ->
    [one] { $count } файл
    [few] { $count } файла
   *[other] { $count } файлов
}
sending-from-voice = 🎧 Записано с вашего голосового: проверьте. Сама запись не отправляется.
sending-why = { $why ->
    [approval-refused] ⚠️ В согласии отказано
    [approval-expired] ⚠️ Никто не согласился вовремя
    [off] ⚠️ Отправка клиентам выключена в настройках
    [no-way] ⚠️ Неизвестно, по какому каналу отвечать: ответьте в Umnico
    [file] ⚠️ Файл этого сообщения больше не читается
    [lost] ⚠️ Ответ Umnico не пришёл
    [changed] ⚠️ Слова изменились по дороге
    [nothing] ⚠️ Отправлять нечего
    [away] ⚠️ Umnico долго не отвечал
    [broken] ⚠️ Сбой у нас: инженер уже знает
    [refused] ⚠️ Umnico отказал: { $note }
    [refused-silently] ⚠️ Umnico отказал без объяснений
   *[other] ⚠️ { $note }
}
sending-button-send = ✅ Отправить
sending-button-take-back = ↩️ Отозвать
sending-button-as-written = ✉️ Отправить как написано
sending-button-retry = 🔁 Повторить

## Почему текст ждёт человека

note-facts = • { $change ->
    [lost] в переводе нет: { $facts }
    [added] в переводе лишнее: { $facts }
    [swapped] в переводе переставлено: { $facts }
    [term] не по словарю: { $facts }
   *[changed] в переводе другое: { $facts }
}
note-translation = • { $why ->
    [long] текст длиннее { $detail } знаков, такие не переводятся
    [late] это написано больше { $detail } минут назад
    [consult] идёт совещание, клиент отключён
    [no-words] слов в записи разобрать не удалось
    [nonsense] модель не смогла это перевести
    [never] перевода так и не было
    [empty] перевод пустой
    [bloated] перевод намного длиннее оригинала
    [language] перевод не на том языке
    [markup] в переводе лишняя разметка
   *[other] { $detail }
}

## Черновик ответа

draft-title = { $state ->
    [open] 💡 <b>Черновик ответа</b>
    [held] ✋ <b>Черновик, который нельзя отправить как есть</b>
    [sent] ✅ <b>Черновик отправлен</b>
    [edited] ✏️ <b>Черновик исправлен вручную</b>
    [discarded] 🗑 <b>Черновик отклонён</b>
   *[outdated] 💤 <b>Черновик устарел</b>
}
draft-held = { $why ->
    [unfounded] ⚠️ Этого нет в данных, на которых он основан: { $note }
    [empty] ⚠️ Один из текстов пуст
    [long] ⚠️ Он слишком длинный
   *[other] ⚠️ { $note }
}
draft-words = <blockquote>{ $words }</blockquote>
draft-client-words = <blockquote expandable>{ $words }</blockquote>
draft-facts = 📐 Основано на данных:
draft-fact = <blockquote expandable><b>{ $tool ->
    [availability] Свободные машины
    [price] Цена
    [my_bookings] Брони клиента
    [branch_hours_and_address] Часы и адрес
    [maintenance_windows] Обслуживание машины
   *[other] Данные
}</b>: { $text }</blockquote>
draft-shadow = 🌙 Ночная проба: само ничего не отправляется. Так бы звучал ответ.
draft-button-send = ✅ Отправить
draft-button-edit = ✏️ Изменить
draft-button-discard = 🗑 Отклонить
