## განგაში: რა მოხდა, რამდენჯერ, როდის დასრულდა

alarm-repeated = განმეორდა: { $count }-ჯერ
alarm-over = ✅ დასრულდა:
alarm-total = სულ: { $count }-ჯერ, { $minutes } წუთში
alarm-quarantined = ⚠️ გაუგებარი ვებჰუკი ({ $system }): { $reason }. შენახულია და არ არის გამოყენებული.
alarm-quarantined-event = 🔎 მოვლენა { $event }: { $system }, { $reason }. შინაარსი: jarvis events show { $event }
alarm-dead-run = ❗️ აგენტმა { $agent } მოვლენა ვერ დაამუშავა ({ $subject }), გაშვება { $run }
alarm-dead-command = ❗️ ბრძანება { $command } ({ $who }) არ შესრულდა: { $text }
alarm-unknown-command = ❓ უცნობია, შესრულდა თუ არა ბრძანება { $command } ({ $who }): { $text }. გადაამოწმეთ.
alarm-needs-attention = ⏸ { $who } ადამიანს ელოდება: { $text }
alarm-chat-lost = 🚪 ბოტი აღარ არის ჩატში „{ $title }“: დააბრუნეთ ადმინისტრატორად.
alarm-chat-rights = 🔐 ჩატში „{ $title }“ ბოტს აკლია უფლებები: { $rights }
alarm-forum-off = 🧵 ჩატში „{ $title }“ თემები გამორთულია: ჩართეთ, თორემ მანქანის ბარათს ვერ ვაჩვენებ.
alarm-file-too-big = 📦 ფაილი ჩატიდან „{ $title }“ { $megabytes } მბ-ზე დიდია: Telegram ბოტს მის ჩამოტვირთვას არ აძლევს, შეტყობინება ადგილზე რჩება.
alarm-webhook-silence = 🔇 ფილიალი { $branch }: ვებჰუკი არ მოსულა { $minutes } წუთია
alarm-sync-stale = 🔄 ფილიალი { $branch }: შეჯერება არ დასრულებულა { $minutes } წუთია
alarm-sync-stuck = ⏳ ფილიალის { $branch } შეჯერება უძრავად დგას
alarm-token-expires = 🔑 ფილიალის { $branch } RentProg-ის გასაღები იწურება { $days } დღეში
alarm-storage-away = 🗄 საცავს ელოდება { $count } ფაილი, { $minutes } წუთამდე ({ $reason }). ისინი თავიანთ ჩატებში რჩება, ტექსტები გრძელდება.
alarm-quarantine = 📥 ფილიალი { $branch }: მიუღებელია { $count } ჩანაწერი, მაგალითად { $entity } { $number }: { $reason }
alarm-unknown-company = 🏢 { $entity } { $number }: უცნობი კომპანია { $company_id }. ჩანაწერი შენახულია, ფილიალს არ ვხვდებით. შეამოწმეთ პარამეტრები.
alarm-branch-differs = 🔀 ფილიალის { $branch } ვებჰუკმა მოიტანა { $entity } { $number } კომპანიისა { $company_id }. შეამოწმეთ ვებჰუკის მისამართი.
alarm-many-vanished = 🕳 ფილიალი { $branch }: სიებში აკლია { $count } ან მეტი ჩანაწერი. არაფერი წაშლილა, თითოეული მოწმდება.
alarm-model-price = 💰 მოდელ { $model }-ის ფასი უცნობია: ხარჯი უმაღლესი ფასით ითვლება. ჩაწერეთ ფასი პარამეტრში llm.prices.
