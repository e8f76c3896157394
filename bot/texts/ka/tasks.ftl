## დავალების ბარათი

task-card-title = { $status ->
    [done] ✅
    [cancelled] 🚫
   *[other] 📌
} <b>№{ $number }</b> { $title }
task-card-status = { task-status }{ $priority ->
    [urgent] {" "}· 🔴 სასწრაფო
    [high] {" "}· 🟠 მნიშვნელოვანი
    [low] {" "}· არ ეჩქარება
   *[normal] {""}
}
task-status = { $status ->
    [in_progress] მუშავდება
    [blocked] შეჩერებულია
    [done] შესრულებულია
    [cancelled] გაუქმებულია
   *[todo] გასაკეთებელია
}
task-card-nature = { task-nature }: { task-part }
task-nature = { $nature ->
    [breakdown] 🔧 დაზიანება
    [incident] ⚠️ შემთხვევა
   *[other] დავალება
}
task-part = { $part ->
    [engine] ძრავი
    [brakes] მუხრუჭები
    [suspension] სავალი ნაწილი
    [wheels] ბორბლები და საბურავები
    [body] ძარა
    [glass] მინები
    [electrics] ელექტროობა და განათება
    [climate] გათბობა და კონდიციონერი
    [fluids] ზეთი და სითხეები
    [interior] სალონი
    [documents] საბუთები
   *[other] სხვა
}
task-card-assignee = 👤 { $name }
task-card-link = { $kind ->
    [car] 🚗
    [booking] 📄 ჯავშანი
    [client] 🙂
   *[other] 💬
} { $name }
task-card-due = { $late ->
    [yes] ⏰ ვადა გავიდა:
   *[no] ⏰ ვადა:
} { $time }
task-card-snoozed = 💤 გადაიდო: { $time }
task-card-by-rules = ⚙️ შეიქმნა მხოლოდ სიტყვების მიხედვით: მოდელი ახლა მიუწვდომელია.

## ღილაკები

task-done = მზადაა
task-start = დაწყება
task-reopen = ხელახლა გახსნა
task-block = შეჩერება
task-cancel = გაუქმება
task-snooze-hour = +1 საათი
task-snooze-today = დღეს
task-snooze-tomorrow = ხვალ
task-assign = დავალება
task-details-button = დაწვრილებით

## რა ითქმება

task-reminder = { $priority ->
    [urgent] 🔴
   *[other] ⏰
} დროა: <b>№{ $number }</b> { $title }
task-not-yours = დავალება №{ $number } სხვა ფილიალისაა. არაფერი შეცვლილა.
task-gone = ასეთი დავალება აღარ არის.
task-assign-whom = ვის დაევალოს <b>№{ $number }</b> { $title }?
task-details-title = <b>№{ $number }</b> { $title }
task-details-more = { $details }
task-details-made = შეიქმნა { $time }
task-change = { $time } { $by }: { $field ->
    [status] სტატუსი → { $value ->
        [todo] გასაკეთებელია
        [in_progress] მუშავდება
        [blocked] შეჩერებულია
        [done] შესრულებულია
       *[cancelled] გაუქმებულია
    }
    [assignee_id] დაევალა: { $value }
    [due_at] ვადა { $value }
    [snooze_until] გადაიდო: { $value }
    [priority] მნიშვნელობა { $value }
    [refused] შეცვლის უფლება არ აქვს
   *[title] სათაური
}


## ბრძანებები

task-how = <b>დავალებები</b>
    /task create "ტექსტი" car:61000 due:today 18:00
    /task list — ამ თემის დავალებები, თემის გარეთ კი ჩემი და ჩემ მიერ მიცემული
    /task mine — რა მაქვს გასაკეთებელი
    /task branch — რა აქვს გასაკეთებელი ჩემს ფილიალს
    ბმულები: car:, booking:, client: RentProg-ის ნომრით, მანქანა სახელმწიფო ნომრითაც. ვადა: today, tomorrow (ან დღეს, ხვალ), 24.11, სურვილისამებრ დროით.
task-no-text = დავალებას ტექსტი სჭირდება: /task create "მანქანის გარეცხვა" due:today 18:00
task-bad-due = ვერ გავიგე ვადა „{ $due }“. მაგალითად: due:today 18:00, due:ხვალ, due:24.11 10:00
task-past-due = ეს დრო უკვე გავიდა: { $due }
task-unknown-link = არ ვიცი, რა არის { $link }. არაფერი შექმნილა.
task-several-cars = { $link } რამდენიმე მანქანას ერგება. დაწერეთ ნომერი სრულად.
task-list-title = 📋 დავალებები: { $count }
task-list-none = ღია დავალებები არ არის.
task-list-line = №{ $number } { $title } · { $name }{ $due ->
    [none] {""}
   *[other] {" "}· { $due }
}
task-number = №{ $number }
task-list-more = … და კიდევ { $count }
menu-task = დავალებები: create, list, mine, branch

## თანამშრომლების სიტყვები

triage-copied = 🔧 { task-nature }: { $title }
    { $name }, { $branch }
triage-which-car = რომელ მანქანაზეა საუბარი?
triage-answer = 💡 { $answer }
triage-unknown = ეს არ ვიცი. ჰკითხეთ: { $name }.
triage-unknown-nobody = ეს არ ვიცი.
