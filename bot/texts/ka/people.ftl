## წვდომა

access-asked = მოთხოვნა გაგზავნილია. ხელმძღვანელი გადაწყვეტს და პასუხი აქ მოვა.
access-waiting = მოთხოვნა უკვე ხელმძღვანელთანაა. პასუხი აქ მოვა.
access-too-soon = მოთხოვნა უკვე განხილულია. ხელახლა თხოვნა ერთ დღეში შეგიძლიათ.
access-request = 🙋 <b>{ $name }</b> ({ $username }, id { $id }) ითხოვს Jarvis-ზე წვდომას. შემოუშვით მხოლოდ ის, ვისაც იცნობთ.
access-give = { role } · { $branch }
access-give-above = { role }
access-refuse = უარი
access-was-approved = ✅ <b>{ $name }</b>: { role }, { $branch }. გადაწყვიტა: { $by }
access-was-refused = 🚫 <b>{ $name }</b>: უარი. გადაწყვიტა: { $by }
access-welcome = ✅ წვდომა გახსნილია: { role }, { $branch }.
access-refused = 🚫 წვდომაზე უარი გეთქვათ. ხელახლა თხოვნა ერთ დღეში შეგიძლიათ.
access-already-decided = მოთხოვნა ({ $name }) უკვე განხილულია: { $by }.
access-not-yours-to-decide = ამის გადაწყვეტა თქვენი უფლება არ არის. არაფერი შეცვლილა.

role = { $role ->
    [employee] თანამშრომელი
    [branch_head] ფილიალის ხელმძღვანელი
    [division_head] მიმართულების ხელმძღვანელი
    [director] დირექტორი
    [admin] ადმინისტრატორი
   *[other] როლის გარეშე
}

## თანამშრომლები

people-list = 👥 თანამშრომლები: { $count }. დააჭირეთ სახელს.
people-button = { $name } · { role } · { $branch }
people-card = <b>{ $name }</b>
    { role }, { $branch }
    { $username }, Jarvis-ში { $since }-დან
people-make = დაინიშნოს: { role }
people-end = წვდომის დახურვა
people-gone = ეს ადამიანი აქ აღარ მუშაობს.
people-in-private = თანამშრომლების სიას მხოლოდ პირად ჩატში ვაჩვენებ.
people-role-set = ✅ <b>{ $name }</b>: ახლა { role }.
people-role-ended = ✅ <b>{ $name }</b>: წვდომა დაიხურა.
role-changed = თქვენი როლი ახლა: { role }.
role-ended = თქვენი წვდომა Jarvis-ზე დაიხურა.

## პირველი სიტყვები

greeting = 👋 გამარჯობა, <b>{ $name }</b>!
help-title = <b>რა შემიძლია</b>
help-everybody =
    {""}
    <b>მანქანები და დღე</b>
    /today — დღევანდელი გაცემები და მიღებები
    /car — მანქანა ნომრით (მანქანის თემაში — ნომრის გარეშე)
    /free — თავისუფალი მანქანები ახლა ან თარიღებზე
    /inspect — დათვალიერება გაცემის ან დაბრუნებისას, ფოტოებით ნაბიჯ-ნაბიჯ
    ფოტო და ვიდეო ატვირთეთ მანქანის თემაში, ფილიალის ფორუმში: შევინახავ და ჩატიდან ავიღებ. დაზიანებაზე იქვე ან პირადად მომწერეთ თქვენი სიტყვებით, ხმოვანიც შეიძლება.

    <b>დავალებები და პასუხები</b>
    /task — დავალებები: create, list, mine, branch
    /unanswered — ვინ ელოდება პასუხს
    /away და /back — ადგილზე არ ვარ, დავბრუნდი

    <b>თქვენ შესახებ</b>
    /bind me — თემებიანი ჯგუფი, სადაც ამას დაწერთ, თქვენი კლიენტების ჯგუფი გახდება
    /bind tasks — იგივე დავალებებისთვის
    /link_rentprog — თქვენი ნომერი RentProg-ში: თქვენი ჯავშნების კლიენტები თქვენთან მოვლენ
    /language — ენა
    /myinfo — ჩემი მონაცემები
help-managers =
    {""}
    <b>ხელმძღვანელისთვის</b>
    /people — თანამშრომლები და როლები
    /bind — ფორუმის მიბმა ფილიალზე (დაწერეთ თავად ფორუმში)
    /away @username 25.11 — თანამშრომლის არყოფნის მონიშვნა
    /unanswered აჩვენებს ყველას, ვისაც ხელმძღვანელობთ. თანხმობას აქ, პირად ჩატში გთხოვენ.
help-divisions = /bind archive — ჯგუფის გადაქცევა დათვალიერებების არქივად (დაწერეთ თავად ჯგუფში; ადამიანები იქ მხოლოდ კითხულობენ)
my-info = <b>{ $name }</b>
    როლი: { role }
    ფილიალი: { $branch }
    ენა: { $language }
    Telegram id: { $id }
language-choose = აირჩიეთ ენა
language-ru = Русский
language-en = English
language-ka = ქართული
language-set = ვსაუბრობთ ქართულად.
no-right = ამის უფლება არ გაქვთ.
not-understood = მე ბრძანებები მესმის: სია — /help.
edit-not-read = შესწორებულ შეტყობინებებს არ ვკითხულობ. ბრძანება თავიდან გამოგზავნეთ.

## ღილაკები

button-plain = { $label }
button-back = ‹ უკან
button-more = შემდეგ ›
button-accepted = მიღებულია
button-used = ეს უკვე გადაწყვეტილია
button-stale = ღილაკი მოძველდა. სცადეთ თავიდან
button-not-yours = ეს ღილაკი თქვენთვის არ არის
button-no-right = ამის უფლება არ გაქვთ

## ფილიალის ფორუმი

bind-in-forum = დაწერეთ /bind ფილიალის ფორუმში.
bind-choose = რომელ ფილიალს ეკუთვნის ეს ფორუმი?
bind-not-this-branch = ასეთი ფილიალი თქვენსაში არ არის. აირჩიეთ:
bind-not-checked = ფორუმის შემოწმება Telegram-ში ვერ მოხერხდა. სცადეთ ერთ წუთში.
bind-missing = ფორუმი ჯერ მზად არ არის. გაასწორეთ და გაიმეორეთ /bind:
bind-problem = • { $problem ->
    [not_supergroup] ეს სუპერჯგუფი უნდა იყოს
    [not_forum] ჩართეთ თემები
    [can_manage_topics] მიეცით ბოტს თემების მართვის უფლება
    [can_delete_messages] მიეცით ბოტს შეტყობინებების წაშლის უფლება
    [can_pin_messages] მიეცით ბოტს მიმაგრების უფლება
   *[other] { $problem }
}
bind-done = ✅ ეს ახლა ფილიალის <b>{ $branch }</b> ფორუმია.
bind-already = ეს უკვე ფილიალის <b>{ $branch }</b> ფორუმია.
bind-branch-has-forum = ფილიალს <b>{ $branch }</b> უკვე აქვს ფორუმი „{ $forum }“. გადმოვიტანო აქ?
bind-forum-has-branch = ეს ფორუმი ეკუთვნის ფილიალს <b>{ $other }</b>. გადავცე ფილიალს <b>{ $branch }</b>?
bind-move = გადატანა
forum-hello = 👋 დამნიშნეთ ადმინისტრატორად თემების მართვის, წაშლისა და მიმაგრების უფლებით, ჩართეთ თემები და დაწერეთ /bind. საკუთარი ჯგუფისთვის: /bind me (კლიენტები) ან /bind tasks (დავალებები).

## ფაილები

media-in-private = ფოტო, ვიდეო და ფაილები ატვირთეთ მანქანის თემაში, თქვენი ფილიალის ფორუმში: იქ მანქანასთან შევინახავ.
media-moved = 📥 თქვენი ფაილები ფორუმიდან „{ $forum }“ შენახულია და ჩატიდან აღებულია, რომ წაკითხვა ადვილი იყოს. არაფერი დაკარგულა.
media-moved-car = 📥 თქვენი ფაილები შენახულია მანქანასთან <b>{ $car }</b> და ჩატიდან აღებულია, რომ თემა ადვილად იკითხებოდეს. არაფერი დაკარგულა.

## შეფერხება

alarm-telegram-update = ❗️ Telegram-ის შეტყობინება { $update } ვერ დამუშავდა ({ $error }). ის შენახულია, დანარჩენები გრძელდება.

## ბრძანებების მენიუ

menu-today = დღევანდელი გაცემები და მიღებები
menu-car = მანქანა ნომრით
menu-free = თავისუფალი მანქანები
menu-language = ენა
menu-myinfo = ჩემი მონაცემები
menu-help = რა შემიძლია
menu-bind = ფილიალის ფორუმი

## ნომერი RentProg-ში

link-done = ✅ RentProg-ში თქვენ ხართ { $name }, ნომერი { $number }. თქვენი ჯავშნების კლიენტები თქვენთან მოვლენ.
link-unknown = თქვენი ფილიალის RentProg-ში ნომრით { $number } მომუშავე მომხმარებელი არ არის.
link-taken = ნომერი { $number } უკვე სხვა ადამიანს ეკუთვნის. თუ ეს შეცდომაა, უთხარით ხელმძღვანელს.
link-other = თქვენ უკვე დაკავშირებული ხართ ამ ფილიალის მომხმარებელთან: { $name }.
link-no-branch = RentProg-ის ნომერი მხოლოდ ფილიალის თანამშრომლებს აქვთ.
link-how = დაწერეთ ასე: /link_rentprog 15001. ნომერი თქვენს RentProg-ის პროფილშია.
menu-link_rentprog = ჩემი ნომერი RentProg-ში
