## The topic of a client

client-unnamed = Client { $number }

## A client's message. What a client wrote stands only inside quotes

client-said = 💬 <b>{ $name }</b>
client-said-aloud = 🎤 <b>{ $name }</b>
operator-said = 🖥 <b>Answered in Umnico's window</b>
client-words = <blockquote>{ $words }</blockquote>
client-original = <blockquote expandable>{ $words }</blockquote>
client-original-below = ——— The original ———
client-words-in-file = 📄 The message is long: all of it is in the file.
client-said-nothing = ▫️ An empty message
client-edited = ✏️ The client changed this message
client-translation-waits = ⏳ Without a translation for now: the model does not answer. It will appear here.
client-translation-held = ⚠️ Read the original: there is no translation to rely on.
client-heard = 🎧 Written down from the voice message
client-heard-doubtful = ❓ Poorly heard: listen to the voice message before you rely on this text
client-not-heard = 🔇 The recording was not written down: please listen to it
client-file-lost = 📎 { file-name }: { $why ->
    [dead] the link to the file does not work any more
    [away] the server of the files did not answer
    [too-large] the file is too large
    [no-link] Umnico gave no link to the file
    [no-storage] no storage for files is set up
    [old] an old file, it stayed in Umnico
   *[other] the file could not be loaded
}. Open the conversation in Umnico
file-name = { $kind ->
    [named] { $name }
    [photo] photo
    [video] video
    [voice] voice message
    [audio] audio
   *[other] file
}
client-file-late = 📎 { file-name }: our storage does not answer, the file is not shown yet
client-file-empty = 📎 { file-name }: the file is empty
client-file-too-big = 📎 { file-name }: larger than { $megabytes } MB, open the conversation in Umnico
colleague-said = 📤 <b>{ $name }</b> answered the client

## The pinned card of a conversation

conversation-title = 👤 <b>{ $name }</b>
conversation-channel = { $channel ->
    [whatsapp] 💬 WhatsApp
    [telegram] 💬 Telegram
    [instagram] 💬 Instagram
   *[other] 💬 Another channel
}
conversation-phone = 📞 +{ $phone }
conversation-calls-themselves = 🏷 Writes as { $name }
conversation-language = { $language ->
    [en] 🌐 English
    [ru] 🌐 Russian
    [ka] 🌐 Georgian
    [he] 🌐 Hebrew
    [ar] 🌐 Arabic
    [tr] 🌐 Turkish
    [de] 🌐 German
   *[other] 🌐 Language: { $language }
}
conversation-booking = 📄 Booking { $number }
conversation-car = 🚗 { $car }
conversation-car-topic = 🚗 <a href="{ $url }">{ $car }</a>
conversation-dates = 📅 { $start } → { $end }
conversation-deposit = 💰 Deposit: { $amount } (RentProg tells no currency)
conversation-no-deposit = 💰 No deposit
conversation-debtor = ⚠️ On the list of debtors (RentProg tells no amount)
conversation-holder = 🙋 Answers: { $name }
conversation-no-holder = 🙋 Nobody answers yet
conversation-unanswered = 🔴 Waits for an answer since { $time }
conversation-answered = 🟢 Last answer: { $time }
conversation-consult = 🤫 Consulting: nothing written here goes to the client
conversation-session = ⏱ Session until { $time }
conversation-closed = 🔒 The conversation is closed
conversation-open-umnico = Open Umnico
conversation-button-take = 🙋 Take
conversation-button-assign = 👉 Assign
conversation-button-prolong = ⏱ +1 hour
conversation-button-consult = 🤫 Consult
conversation-button-consult-end = 🔊 With client
conversation-button-close = 🔒 Close
conversation-button-reopen = 🔓 Reopen

## What becomes of an answer of ours

sending-waits = ⏳ <b>Not sent yet.</b> The model does not answer; the translation will follow. You may send your own words as they are.
sending-held = ✋ <b>Not sent yet.</b> Please look at it and decide:
sending-approval = 🕓 <b>Not sent yet.</b> A head has to consent first.
sending-under-way = 📤 On its way…
sending-sent = ✅ Sent
sending-failed = ❌ <b>Not sent.</b>
sending-taken-back = ↩️ Taken back, the client got nothing.
sending-unknown = ❓ <b>It may have left, or not.</b> Look in Umnico before you send it again.
sending-words = <blockquote>{ $words }</blockquote>
sending-files = 📎 { $count ->
    [one] { $count } file
   *[other] { $count } files
}
sending-from-voice = 🎧 Written down from your voice message: check it. The recording itself is not sent.
sending-why = { $why ->
    [approval-refused] ⚠️ Consent was refused
    [approval-expired] ⚠️ Nobody consented in time
    [off] ⚠️ Sending to clients is switched off in the settings
    [no-way] ⚠️ It is not known by which channel to answer: answer in Umnico
    [file] ⚠️ A file of this message cannot be read any more
    [lost] ⚠️ Umnico's answer did not come
    [changed] ⚠️ The words changed on their way
    [nothing] ⚠️ There is nothing in it to send
    [away] ⚠️ Umnico did not answer for a long time
    [broken] ⚠️ A fault of ours: the engineer was told
    [refused] ⚠️ Umnico refused it: { $note }
    [refused-silently] ⚠️ Umnico refused it and did not say why
   *[other] ⚠️ { $note }
}
sending-button-send = ✅ Send
sending-button-take-back = ↩️ Take back
sending-button-as-written = ✉️ Send as written
sending-button-retry = 🔁 Try again

## Why a text waits for a person

note-facts = • { $change ->
    [lost] missing in the translation: { $facts }
    [added] too much in the translation: { $facts }
    [swapped] swapped in the translation: { $facts }
    [term] not as in the glossary: { $facts }
   *[changed] different in the translation: { $facts }
}
note-translation = • { $why ->
    [long] it is longer than { $detail } characters, such texts are not translated
    [late] it was written more than { $detail } minutes ago
    [consult] you are consulting, the client is switched off
    [no-words] no words could be made out in the recording
    [nonsense] the model could not translate it
    [never] the translation never came
    [empty] the translation is empty
    [bloated] the translation is much longer than the original
    [language] the translation is in another language
    [markup] the translation brings markup of its own
   *[other] { $detail }
}

## A draft of an answer

draft-title = { $state ->
    [open] 💡 <b>A draft of an answer</b>
    [held] ✋ <b>A draft that must not go out as it is</b>
    [sent] ✅ <b>The draft was sent</b>
    [edited] ✏️ <b>The draft was edited by hand</b>
    [discarded] 🗑 <b>The draft was discarded</b>
   *[outdated] 💤 <b>The draft is out of date</b>
}
draft-held = { $why ->
    [unfounded] ⚠️ The data it rests on do not say this: { $note }
    [empty] ⚠️ A text of it is empty
    [long] ⚠️ It is too long
   *[other] ⚠️ { $note }
}
draft-words = <blockquote>{ $words }</blockquote>
draft-client-words = <blockquote expandable>{ $words }</blockquote>
draft-facts = 📐 It rests on:
draft-fact = <blockquote expandable><b>{ $tool ->
    [availability] Free cars
    [price] Price
    [my_bookings] Bookings of the client
    [branch_hours_and_address] Hours and address
    [maintenance_windows] Maintenance of the car
   *[other] Data
}</b>: { $text }</blockquote>
draft-shadow = 🌙 Night trial: nothing is sent by itself. This is what would have been said.
draft-button-send = ✅ Send
draft-button-edit = ✏️ Edit
draft-button-discard = 🗑 Discard
