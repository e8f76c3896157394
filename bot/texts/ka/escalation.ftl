## ვინ უნდა უპასუხოს

wait-remind = ⏰ <a href="tg://user?id={ $id }">{ $who }</a>, { wait-what } უკვე { worked }ა.
worked = { $minutes ->
    [0] წუთზე ნაკლები
   *[other] { $minutes } სამუშაო წუთი
}
wait-what = { $kind ->
    [conversation] კლიენტი { $name } პასუხს ელოდება
    [task] დავალება { $name } ელოდება
    [inspection_hand_over] { $name }: გაცემის დათვალიერება არ ჩატარებულა
    [inspection_return] { $name }: დაბრუნების დათვალიერება არ ჩატარებულა
    [review] { $name }: აღმოჩენები თქვენს გადაწყვეტილებას ელოდება
   *[approval] თანხმობა თქვენს გადაწყვეტილებას ელოდება
}
wait-moved-to-you = ⏫ { wait-thing } ახლა თქვენთანაა: { $why ->
    [absent] { $former } ადგილზე არ არის
   *[silent] { $former } არ პასუხობს { worked }
}.
wait-moved-on = ⏫ { wait-thing } გადაეცა: <b>{ $to }</b>. მიზეზი: { $why ->
    [absent] ადგილზე არ ხართ
   *[silent] პასუხი არ ყოფილა { worked }
}.
wait-thing = { $kind ->
    [conversation] კლიენტი { $name }
    [task] დავალება { $name }
    [inspection_hand_over] გაცემის დათვალიერება ({ $name })
    [inspection_return] დაბრუნების დათვალიერება ({ $name })
    [review] გადაწყვეტილება აღმოჩენებზე ({ $name })
   *[approval] თანხმობა
}
alarm-nobody-left = 🆘 აღარავინ დარჩა, ვისაც ვკითხოთ: { $kind ->
    [conversation] კლიენტი { $name }
    [task] დავალება { $name }
    [inspection_hand_over] გაცემის დათვალიერება ({ $name })
    [inspection_return] დაბრუნების დათვალიერება ({ $name })
    [review] აღმოჩენები ({ $name })
   *[approval] თანხმობა ({ $name })
}, ფილიალი { $branch }, ელოდება { worked }. ჯაჭვში ყველა არყოფნაშია. გთხოვთ, გადაწყვიტეთ, ვინ უპასუხებს.

unanswered-title = ⏳ პასუხს ელოდება: <b>{ $count }</b>
unanswered-none = ✅ პასუხს არავინ ელოდება.
unanswered-line = { $kind ->
    [conversation] 💬
    [task] 📌
    [inspection] 🚗
    [review] 🔎
   *[approval] ✍️
} <b>{ $name }</b> · { waited } · { $holder }{ $level ->
    [1] {" "}(ფილიალის ხელმძღვანელი)
    [2] {" "}(მიმართულების ხელმძღვანელი)
    [3] {" "}(დირექტორი)
   *[0] {""}
}
waited = { $hours ->
    [0] { $minutes ->
        [0] ახლახან
       *[other] { $minutes } წთ
    }
   *[other] { $hours } სთ { $minutes } წთ
}
unanswered-link = <a href="{ $url }">თემის გახსნა</a>
unanswered-more = … და კიდევ { $count }

away-how = დაწერეთ, როდემდე: /away 25.11, /away 25.11 14:00, /away 18:00; დროის გარეშე — /back-მდე. ხელმძღვანელს შეუძლია სხვა მიუთითოს: /away @username 25.11
away-set = 🌴 { $name } ადგილზე არ იქნება { $until }-მდე. რაც პასუხს ელოდება, ჯაჭვში შემდეგს გადაეცემა.
away-set-open = 🌴 { $name } ადგილზე არ იქნება /back-მდე. რაც პასუხს ელოდება, ჯაჭვში შემდეგს გადაეცემა.
away-nobody = თანამშრომლებს შორის { $name } არ არის.
back-set = 👋 { $name } დაბრუნდა.
back-not-away = { $name }: არყოფნა მონიშნული არ იყო.

menu-unanswered = ვინ ელოდება პასუხს
menu-away = ადგილზე არ ვარ
menu-back = დავბრუნდი

## თანხმობა

approval-title = ✍️ <b>საჭიროა თქვენი თანხმობა</b>: { approval-action }
approval-action = { $action ->
    [offer] შეთავაზება კლიენტისთვის
   *[other] { $action }
}
approval-shown = <b>{ $label ->
    [client_text] კლიენტი წაიკითხავს
    [staff_text] თანამშრომელმა დაწერა
    [client] კლიენტი
    [amount] თანხა
    [car] მანქანა
   *[other] { $label }
}</b>: { $value }
approval-asker = ითხოვს: { $name }
approval-branch = ფილიალი: { $branch }
approval-origin = ⚠️ უცხო პირის სიტყვები, საიდანაც ყველაფერი დაიწყო; მათ ნუ ენდობით: <i>{ $text }</i>
approval-until = ⏳ თუ { $time }-მდე გადაწყვეტილება არ იქნება, არაფერი შესრულდება.
approval-state = { approval-end }
approval-end = { $state ->
    [consumed] ✅ ნებადართულია: { $by }
    [refused] 🚫 უარყოფილია: { $by }
   *[expired] ⌛️ დროულად არავინ გადაწყვიტა: არ შესრულდა
}
approval-ended = { approval-end } ({ approval-action })
approval-allow = ნებართვა
approval-refuse = უარი
approval-not-done = { $why ->
    [already] გადაწყვეტილება უკვე მიღებულია. არაფერი შეცვლილა.
    [own] საკუთარ თხოვნას თავად არავინ ეთანხმება. სხვამ უნდა გადაწყვიტოს.
    [expired] დრო ამოიწურა: ეს არ შესრულდა.
    [changed] ახლა შესრულდებოდა არა ის, რაც გაჩვენეთ, ამიტომ თქვენი თანხმობა მასზე არ ვრცელდება. ეს არ შესრულდა.
   *[not_yours] ეს გადაწყვეტილება თქვენს უფლებებში არ შედის. არაფერი შეცვლილა.
}
