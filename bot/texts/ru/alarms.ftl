## Тревоги: что случилось, сколько раз, когда кончилось

alarm-repeated = Повторилось: { $count } { $count ->
    [one] раз
    [few] раза
   *[other] раз
}
alarm-over = ✅ Закончилось:
alarm-total = Всего: { $count } { $count ->
    [one] раз
    [few] раза
   *[other] раз
}, за { $minutes } мин
alarm-quarantined = ⚠️ Непонятный вебхук ({ $system }): { $reason }. Он сохранён и не применён.
alarm-quarantined-event = 🔎 Событие { $event }: { $system }, { $reason }. Содержимое: jarvis events show { $event }
alarm-dead-run = ❗️ Агент { $agent } не справился с событием ({ $subject }), запуск { $run }
alarm-dead-command = ❗️ Команда { $command } для { $who } не выполнена: { $text }
alarm-unknown-command = ❓ Неизвестно, выполнена ли команда { $command } для { $who }: { $text }. Проверьте вручную.
alarm-needs-attention = ⏸ { $who } ждёт человека: { $text }
alarm-chat-lost = 🚪 Бота больше нет в чате «{ $title }»: верните его администратором.
alarm-chat-rights = 🔐 В чате «{ $title }» боту не хватает прав: { $rights }
alarm-forum-off = 🧵 В чате «{ $title }» выключены темы: включите их, иначе карточки машин не показать.
alarm-file-too-big = 📦 Файл из чата «{ $title }» больше { $megabytes } МБ: Telegram не даёт боту его скачать, сообщение оставлено на месте.
alarm-webhook-silence = 🔇 Филиал { $branch }: нет вебхуков уже { $minutes } мин
alarm-sync-stale = 🔄 Филиал { $branch }: сверка не завершалась уже { $minutes } мин
alarm-sync-stuck = ⏳ Сверка филиала { $branch } стоит на месте
alarm-token-expires = 🔑 Ключ RentProg филиала { $branch } истекает через { $days } дн.
alarm-storage-away = 🗄 Файлов ждут хранилища: { $count }, до { $minutes } мин ({ $reason }). Они остаются в своих чатах, тексты идут дальше.
alarm-quarantine = 📥 Филиал { $branch }: не принято записей { $count }, например { $entity } { $number }: { $reason }
alarm-unknown-company = 🏢 { $entity } { $number }: неизвестная компания { $company_id }. Запись сохранена, филиал не угадываем. Проверьте настройки.
alarm-branch-differs = 🔀 Вебхук филиала { $branch } принёс { $entity } { $number } компании { $company_id }. Проверьте адрес вебхука.
alarm-many-vanished = 🕳 Филиал { $branch }: при сверке пропало { $count } записей или больше. Они не удалены, проверяем по одной.
alarm-model-price = 💰 Цена модели { $model } неизвестна: расходы считаются по самой высокой. Впишите цену в настройки llm.prices.
