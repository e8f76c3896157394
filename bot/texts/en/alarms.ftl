## Alarms: what happened, how often, when it was over

alarm-repeated = Repeated: { $count ->
    [one] once
   *[other] { $count } times
}
alarm-over = ✅ Over:
alarm-total = In total: { $count ->
    [one] once
   *[other] { $count } times
} within { $minutes } min
alarm-quarantined = ⚠️ A webhook nobody could read ({ $system }): { $reason }. It is kept and was not applied.
alarm-quarantined-event = 🔎 Event { $event }: { $system }, { $reason }. Its content: jarvis events show { $event }
alarm-dead-run = ❗️ Agent { $agent } could not deal with an event ({ $subject }), run { $run }
alarm-dead-command = ❗️ Command { $command } for { $who } was not done: { $text }
alarm-unknown-command = ❓ Nobody knows whether command { $command } for { $who } was done: { $text }. Please look.
alarm-needs-attention = ⏸ { $who } waits for a person: { $text }
alarm-chat-lost = 🚪 The bot is no longer in the chat “{ $title }”: make it an administrator again.
alarm-chat-rights = 🔐 In the chat “{ $title }” the bot lacks these rights: { $rights }
alarm-forum-off = 🧵 Topics are switched off in the chat “{ $title }”: switch them on, or no car card can be shown.
alarm-file-too-big = 📦 A file in the chat “{ $title }” is larger than { $megabytes } MB: Telegram lets no bot download it, so the message stays where it is.
alarm-webhook-silence = 🔇 Branch { $branch }: no webhook for { $minutes } min
alarm-sync-stale = 🔄 Branch { $branch }: no reconcile has ended for { $minutes } min
alarm-sync-stuck = ⏳ Reconciling the branch { $branch } stands still
alarm-token-expires = 🔑 The RentProg token of the branch { $branch } expires in { $days } days
alarm-storage-away = 🗄 { $count } files have waited up to { $minutes } min for the storage ({ $reason }). They stay in their chats, texts go on.
alarm-quarantine = 📥 Branch { $branch }: { $count } records not accepted, for example { $entity } { $number }: { $reason }
alarm-unknown-company = 🏢 { $entity } { $number }: unknown company { $company_id }. The record is kept, no branch is guessed. Please check the settings.
alarm-branch-differs = 🔀 A webhook of the branch { $branch } brought { $entity } { $number } of the company { $company_id }. Please check the webhook's address.
alarm-many-vanished = 🕳 Branch { $branch }: { $count } records or more are missing from the lists. Nothing was deleted, each one is being checked.
alarm-model-price = 💰 The price of the model { $model } is not known: it is counted as a dear one. Put the price into the setting llm.prices.
