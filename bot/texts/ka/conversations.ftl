## კლიენტის თემა

client-unnamed = კლიენტი { $number }

## კლიენტის შეტყობინება. კლიენტის სიტყვები მხოლოდ ციტატაშია

client-said = 💬 <b>{ $name }</b>
client-said-aloud = 🎤 <b>{ $name }</b>
operator-said = 🖥 <b>უპასუხეს Umnico-ს ფანჯრიდან</b>
client-words = <blockquote>{ $words }</blockquote>
client-original = <blockquote expandable>{ $words }</blockquote>
client-original-below = ——— ორიგინალი ———
client-words-in-file = 📄 შეტყობინება გრძელია: მთლიანად ფაილშია.
client-said-nothing = ▫️ ცარიელი შეტყობინება
client-edited = ✏️ კლიენტმა ეს შეტყობინება შეცვალა
client-translation-waits = ⏳ ჯერჯერობით თარგმანის გარეშე: მოდელი არ პასუხობს. თარგმანი აქ გამოჩნდება.
client-translation-held = ⚠️ წაიკითხეთ ორიგინალი: სანდო თარგმანი არ არის.
client-heard = 🎧 ჩაწერილია ხმოვანი შეტყობინებიდან
client-heard-doubtful = ❓ ცუდად ისმის: სანამ ტექსტს დაეყრდნობით, მოუსმინეთ ხმოვან შეტყობინებას
client-not-heard = 🔇 ჩანაწერი ტექსტად არ არის გადატანილი: მოუსმინეთ
client-file-lost = 📎 { file-name }: { $why ->
    [dead] ფაილის ბმული აღარ მუშაობს
    [away] ფაილების სერვერმა არ უპასუხა
    [too-large] ფაილი ძალიან დიდია
    [no-link] Umnico-მ ფაილის ბმული არ მოგვცა
    [no-storage] ფაილების საცავი არ არის გამართული
    [old] ძველი ფაილია, Umnico-ში დარჩა
   *[other] ფაილი ვერ ჩაიტვირთა
}. გახსენით დიალოგი Umnico-ში
file-name = { $kind ->
    [named] { $name }
    [photo] ფოტო
    [video] ვიდეო
    [voice] ხმოვანი
    [audio] აუდიო
   *[other] ფაილი
}
client-file-late = 📎 { file-name }: საცავი არ პასუხობს, ფაილი ჯერ არ ჩანს
client-file-empty = 📎 { file-name }: ფაილი ცარიელია
client-file-too-big = 📎 { file-name }: { $megabytes } მბ-ზე მეტია, გახსენით დიალოგი Umnico-ში
colleague-said = 📤 <b>{ $name }</b> — პასუხი კლიენტს

## დიალოგის მიმაგრებული ბარათი

conversation-title = 👤 <b>{ $name }</b>
conversation-channel = { $channel ->
    [whatsapp] 💬 WhatsApp
    [telegram] 💬 Telegram
    [instagram] 💬 Instagram
   *[other] 💬 სხვა არხი
}
conversation-phone = 📞 +{ $phone }
conversation-calls-themselves = 🏷 წერს სახელით { $name }
conversation-language = { $language ->
    [en] 🌐 ინგლისური
    [ru] 🌐 რუსული
    [ka] 🌐 ქართული
    [he] 🌐 ებრაული
    [ar] 🌐 არაბული
    [tr] 🌐 თურქული
    [de] 🌐 გერმანული
   *[other] 🌐 ენა: { $language }
}
conversation-booking = 📄 ჯავშანი { $number }
conversation-car = 🚗 { $car }
conversation-car-topic = 🚗 <a href="{ $url }">{ $car }</a>
conversation-dates = 📅 { $start } → { $end }
conversation-deposit = 💰 დეპოზიტი: { $amount } (ვალუტას RentProg არ გვატყობინებს)
conversation-no-deposit = 💰 დეპოზიტის გარეშე
conversation-debtor = ⚠️ მოვალეთა სიაშია (თანხას RentProg არ გვატყობინებს)
conversation-holder = 🙋 პასუხობს: { $name }
conversation-no-holder = 🙋 ჯერ არავინ პასუხობს
conversation-unanswered = 🔴 პასუხს ელოდება { $time }-დან
conversation-answered = 🟢 ბოლო პასუხი: { $time }
conversation-consult = 🤫 თათბირი: აქ დაწერილი კლიენტთან არ მიდის
conversation-session = ⏱ სესია { $time }-მდე
conversation-closed = 🔒 დიალოგი დახურულია
conversation-open-umnico = Umnico-ში
conversation-button-take = 🙋 აღება
conversation-button-assign = 👉 გადაცემა
conversation-button-prolong = ⏱ +1 საათი
conversation-button-consult = 🤫 თათბირი
conversation-button-consult-end = 🔊 კლიენტთან
conversation-button-close = 🔒 დახურვა
conversation-button-reopen = 🔓 ხელახლა გახსნა

## რა დაემართა ჩვენს პასუხს

sending-waits = ⏳ <b>ჯერ არ გაგზავნილა.</b> მოდელი არ პასუხობს, თარგმანი მოგვიანებით იქნება. შეგიძლიათ თქვენი სიტყვები უცვლელად გაგზავნოთ.
sending-held = ✋ <b>ჯერ არ გაგზავნილა.</b> ნახეთ და გადაწყვიტეთ:
sending-approval = 🕓 <b>ჯერ არ გაგზავნილა.</b> ჯერ ხელმძღვანელი უნდა დაეთანხმოს.
sending-under-way = 📤 იგზავნება…
sending-sent = ✅ გაიგზავნა
sending-failed = ❌ <b>არ გაიგზავნა.</b>
sending-taken-back = ↩️ გაუქმდა, კლიენტს არაფერი მიუღია.
sending-unknown = ❓ <b>უცნობია, გაიგზავნა თუ არა.</b> ხელახლა გაგზავნამდე ნახეთ Umnico-ში.
sending-words = <blockquote>{ $words }</blockquote>
sending-files = 📎 { $count ->
    [one] { $count } ფაილი
   *[other] { $count } ფაილი
}
sending-from-voice = 🎧 ჩაწერილია თქვენი ხმოვანი შეტყობინებიდან: შეამოწმეთ. თავად ჩანაწერი არ იგზავნება.
sending-why = { $why ->
    [approval-refused] ⚠️ თანხმობაზე უარი თქვეს
    [approval-expired] ⚠️ დროულად არავინ დათანხმდა
    [off] ⚠️ კლიენტებთან გაგზავნა პარამეტრებში გამორთულია
    [no-way] ⚠️ უცნობია, რომელი არხით ვუპასუხოთ: უპასუხეთ Umnico-ში
    [file] ⚠️ ამ შეტყობინების ფაილი აღარ იკითხება
    [lost] ⚠️ Umnico-ს პასუხი არ მოვიდა
    [changed] ⚠️ სიტყვები გზაში შეიცვალა
    [nothing] ⚠️ გასაგზავნი არაფერია
    [away] ⚠️ Umnico დიდხანს არ პასუხობდა
    [broken] ⚠️ ჩვენი ხარვეზია: ინჟინერმა უკვე იცის
    [refused] ⚠️ Umnico-მ უარი თქვა: { $note }
    [refused-silently] ⚠️ Umnico-მ უარი თქვა და მიზეზი არ უთხრა
   *[other] ⚠️ { $note }
}
sending-button-send = ✅ გაგზავნა
sending-button-take-back = ↩️ გაუქმება
sending-button-as-written = ✉️ უცვლელად გაგზავნა
sending-button-retry = 🔁 ხელახლა ცდა

## რატომ ელოდება ტექსტი ადამიანს

note-facts = • { $change ->
    [lost] თარგმანში აკლია: { $facts }
    [added] თარგმანში ზედმეტია: { $facts }
    [swapped] თარგმანში გადაადგილდა: { $facts }
    [term] ლექსიკონს არ შეესაბამება: { $facts }
   *[changed] თარგმანში სხვაა: { $facts }
}
note-translation = • { $why ->
    [long] { $detail } ნიშანზე გრძელია, ასეთი ტექსტები არ ითარგმნება
    [late] { $detail } წუთზე მეტი ხნის წინ დაიწერა
    [consult] მიმდინარეობს თათბირი, კლიენტი გამორთულია
    [no-words] ჩანაწერში სიტყვები ვერ გაირჩა
    [nonsense] მოდელმა ეს ვერ თარგმნა
    [never] თარგმანი არ მოვიდა
    [empty] თარგმანი ცარიელია
    [bloated] თარგმანი ორიგინალზე ბევრად გრძელია
    [language] თარგმანი სხვა ენაზეა
    [markup] თარგმანში ზედმეტი მონიშვნაა
   *[other] { $detail }
}

## პასუხის მონახაზი

draft-title = { $state ->
    [open] 💡 <b>პასუხის მონახაზი</b>
    [held] ✋ <b>მონახაზი, რომელიც ასე არ უნდა გაიგზავნოს</b>
    [sent] ✅ <b>მონახაზი გაიგზავნა</b>
    [edited] ✏️ <b>მონახაზი ხელით შეიცვალა</b>
    [discarded] 🗑 <b>მონახაზი უარყოფილია</b>
   *[outdated] 💤 <b>მონახაზი მოძველდა</b>
}
draft-held = { $why ->
    [unfounded] ⚠️ ეს მონაცემებში, რომლებსაც ეყრდნობა, არ არის: { $note }
    [empty] ⚠️ ერთ-ერთი ტექსტი ცარიელია
    [long] ⚠️ ძალიან გრძელია
   *[other] ⚠️ { $note }
}
draft-words = <blockquote>{ $words }</blockquote>
draft-client-words = <blockquote expandable>{ $words }</blockquote>
draft-facts = 📐 ეყრდნობა მონაცემებს:
draft-fact = <blockquote expandable><b>{ $tool ->
    [availability] თავისუფალი მანქანები
    [price] ფასი
    [my_bookings] კლიენტის ჯავშნები
    [branch_hours_and_address] საათები და მისამართი
    [maintenance_windows] მანქანის მომსახურება
   *[other] მონაცემები
}</b>: { $text }</blockquote>
draft-shadow = 🌙 ღამის ცდა: თავისით არაფერი იგზავნება. პასუხი ასეთი იქნებოდა.
draft-button-send = ✅ გაგზავნა
draft-button-edit = ✏️ შეცვლა
draft-button-discard = 🗑 უარყოფა
