## Access

access-asked = Your request is sent. A manager will decide, and the answer comes here.
access-waiting = Your request is with a manager. The answer comes here.
access-too-soon = Your request was decided. You may ask again after a day.
access-request = 🙋 <b>{ $name }</b> ({ $username }, id { $id }) asks for access to Jarvis. Let in only people you know.
access-give = { role } · { $branch }
access-give-above = { role }
access-refuse = Refuse
access-was-approved = ✅ <b>{ $name }</b>: { role }, { $branch }. Decided by { $by }
access-was-refused = 🚫 <b>{ $name }</b>: refused. Decided by { $by }
access-welcome = ✅ You are in: { role }, { $branch }.
access-refused = 🚫 Access was refused. You may ask again after a day.
access-already-decided = The request ({ $name }) was already decided by { $by }.
access-not-yours-to-decide = This is not yours to decide. Nothing was changed.

role = { $role ->
    [employee] employee
    [branch_head] branch head
    [division_head] division head
    [director] director
    [admin] administrator
   *[other] no role
}

## People

people-list = 👥 People: { $count }. Press a name.
people-button = { $name } · { role } · { $branch }
people-card = <b>{ $name }</b>
    { role }, { $branch }
    { $username }, in Jarvis since { $since }
people-make = Make: { role }
people-end = End access
people-gone = This person no longer works here.
people-in-private = I show the list of people in your private chat only.
people-role-set = ✅ <b>{ $name }</b>: now { role }.
people-role-ended = ✅ <b>{ $name }</b>: access ended.
role-changed = Your role is now: { role }.
role-ended = Your access to Jarvis has ended.

## First words

greeting = 👋 Hello, <b>{ $name }</b>!
help-title = <b>What I can do</b>
help-everybody =
    {""}
    <b>Cars and the day</b>
    /today — hand-overs and returns of today
    /car — a car by its plate (in a car's topic: without the plate)
    /free — cars free now or on given dates
    /inspect — inspect a car at hand-over or return, photo by photo
    Post photos and videos in the car's topic of your branch forum: I keep them and clear them from the chat. Tell me of a breakdown there or in private, in your own words, aloud if you like.

    <b>Tasks and answers</b>
    /task — tasks: create, list, mine, branch
    /unanswered — who waits for an answer
    /away and /back — I am away, I am back

    <b>About yourself</b>
    /bind me — the group with topics where you write this becomes your group for clients
    /bind tasks — the same for tasks
    /link_rentprog — your number in RentProg: clients of your bookings come to you
    /language — language
    /myinfo — my data
help-managers =
    {""}
    <b>For those who lead</b>
    /people — people and roles
    /bind — make a forum the forum of a branch (write it in that forum)
    /away @username 25.11 — note that somebody of your people is away
    /unanswered shows everything of those you lead. Consents are asked of you here, in private.
help-divisions = /bind archive — make a group the archive of inspections (write it in that group; people only read there)
my-info = <b>{ $name }</b>
    Role: { role }
    Branch: { $branch }
    Language: { $language }
    Telegram id: { $id }
language-choose = Choose a language
language-ru = Русский
language-en = English
language-ka = ქართული
language-set = We speak English.
no-right = You have no right to do this.
not-understood = I understand commands: see /help.
edit-not-read = I do not read edited messages. Please send the command anew.

## Buttons

button-plain = { $label }
button-back = ‹ Back
button-more = More ›
button-accepted = Accepted
button-used = This was decided already
button-stale = This button is out of date. Please ask anew
button-not-yours = This button is not for you
button-no-right = You have no right to do this

## The forum of a branch

bind-in-forum = Write /bind in the forum of the branch.
bind-choose = Which branch does this forum belong to?
bind-not-this-branch = There is no such branch among yours. Choose:
bind-not-checked = The forum could not be checked with Telegram. Please try again in a minute.
bind-missing = The forum is not ready yet. Mend this and write /bind again:
bind-problem = • { $problem ->
    [not_supergroup] it must be a supergroup
    [not_forum] switch topics on
    [can_manage_topics] let the bot manage topics
    [can_delete_messages] let the bot delete messages
    [can_pin_messages] let the bot pin messages
   *[other] { $problem }
}
bind-done = ✅ This is now the forum of the branch <b>{ $branch }</b>.
bind-already = This is the forum of the branch <b>{ $branch }</b> already.
bind-branch-has-forum = The branch <b>{ $branch }</b> already has the forum “{ $forum }”. Move it here?
bind-forum-has-branch = This forum belongs to the branch <b>{ $other }</b>. Give it to the branch <b>{ $branch }</b>?
bind-move = Move
forum-hello = 👋 Make me an administrator who may manage topics, delete and pin messages, switch topics on, and write /bind. For a group of your own: /bind me (clients) or /bind tasks.

## Files

media-in-private = Post photos, videos and files in the car's topic of your branch forum: there I keep them with the car.
media-moved = 📥 Your files from the forum “{ $forum }” are kept and were cleared from the chat, so that it stays easy to read. Nothing is lost.
media-moved-car = 📥 Your files are kept with the car <b>{ $car }</b> and were cleared from the chat, so that the topic stays easy to read. Nothing is lost.

## A fault

alarm-telegram-update = ❗️ Update { $update } from Telegram could not be handled ({ $error }). It is kept, and the others go on.

## The menu of commands

menu-today = hand-overs and returns of today
menu-car = a car by its plate
menu-free = free cars
menu-language = language
menu-myinfo = my data
menu-help = what I can do
menu-bind = forum of a branch

## The number in RentProg

link-done = ✅ You are { $name } in RentProg, number { $number }. Clients of your bookings will come to you.
link-unknown = No active user of RentProg in your branch has the number { $number }.
link-taken = The number { $number } belongs to another person. If that is wrong, tell your manager.
link-other = You are linked to { $name } of this branch already.
link-no-branch = Only people of a branch have a number in RentProg.
link-how = Write it like this: /link_rentprog 15001. The number stands in your profile in RentProg.
menu-link_rentprog = my number in RentProg
