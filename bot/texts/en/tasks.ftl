## The card of a task

task-card-title = { $status ->
    [done] ✅
    [cancelled] 🚫
   *[other] 📌
} <b>#{ $number }</b> { $title }
task-card-status = { task-status }{ $priority ->
    [urgent] {" "}· 🔴 urgent
    [high] {" "}· 🟠 important
    [low] {" "}· can wait
   *[normal] {""}
}
task-status = { $status ->
    [in_progress] In progress
    [blocked] Blocked
    [done] Done
    [cancelled] Cancelled
   *[todo] To do
}
task-card-nature = { task-nature }: { task-part }
task-nature = { $nature ->
    [breakdown] 🔧 Breakdown
    [incident] ⚠️ Incident
   *[other] Task
}
task-part = { $part ->
    [engine] engine
    [brakes] brakes
    [suspension] suspension
    [wheels] wheels and tyres
    [body] body
    [glass] glass
    [electrics] electrics and lights
    [climate] heating and cooling
    [fluids] oil and fluids
    [interior] interior
    [documents] documents
   *[other] something else
}
task-card-assignee = 👤 { $name }
task-card-link = { $kind ->
    [car] 🚗
    [booking] 📄 Booking
    [client] 🙂
   *[other] 💬
} { $name }
task-card-due = { $late ->
    [yes] ⏰ Overdue since
   *[no] ⏰ Due
} { $time }
task-card-snoozed = 💤 Until { $time }
task-card-by-rules = ⚙️ Made by words alone: no model was there to read the message.

## Buttons

task-done = Done
task-start = Start
task-reopen = Reopen
task-block = Blocked
task-cancel = Cancel it
task-snooze-hour = +1 hour
task-snooze-today = Today
task-snooze-tomorrow = Tomorrow
task-assign = Assign
task-details-button = Details

## What is said

task-reminder = { $priority ->
    [urgent] 🔴
   *[other] ⏰
} Time for <b>#{ $number }</b> { $title }
task-not-yours = Task #{ $number } belongs to another branch. Nothing was changed.
task-gone = There is no such task any more.
task-assign-whom = Who takes <b>#{ $number }</b> { $title }?
task-details-title = <b>#{ $number }</b> { $title }
task-details-more = { $details }
task-details-made = Made { $time }
task-change = { $time } { $by }: { $field ->
    [status] status → { $value ->
        [todo] to do
        [in_progress] in progress
        [blocked] blocked
        [done] done
       *[cancelled] cancelled
    }
    [assignee_id] for { $value }
    [due_at] due { $value }
    [snooze_until] snoozed until { $value }
    [priority] priority { $value }
    [refused] was not allowed to change it
   *[title] title
}


## Commands

task-how = <b>Tasks</b>
    /task create "text" car:61000 due:today 18:00
    /task list — tasks of this topic, or mine and those I gave
    /task mine — what I have to do
    /task branch — what my branch has to do
    Links: car:, booking:, client: with a number of RentProg, a car also by plate. Due: today, tomorrow, 24.11, each with a time if you like.
task-no-text = A task needs a text: /task create "Wash the car" due:today 18:00
task-bad-due = I do not understand the time "{ $due }". For example: due:today 18:00, due:tomorrow, due:24.11 10:00
task-past-due = This time is over: { $due }
task-unknown-link = I do not know { $link }. Nothing was created.
task-several-cars = { $link } fits several cars. Write the whole plate.
task-list-title = 📋 Tasks: { $count }
task-list-none = No open tasks.
task-list-line = #{ $number } { $title } · { $name }{ $due ->
    [none] {""}
   *[other] {" "}· { $due }
}
task-number = #{ $number }
task-list-more = … and { $count } more
menu-task = Tasks: create, list, mine, branch

## Words of staff

triage-copied = 🔧 { task-nature }: { $title }
    { $name }, { $branch }
triage-which-car = Which car is it about?
triage-answer = 💡 { $answer }
triage-unknown = I do not know that. Please ask { $name }.
triage-unknown-nobody = I do not know that.
