## მანქანის მიმაგრებული ბარათი: ერთი სტრიქონი — ერთი ტექსტი

car-card-title = <b>{ $plate }</b> { $model }
car-card-title-plate = <b>{ $plate }</b>
car-card-state = { $state ->
    [1] 🟢 შეიძლება გაცემა
    [2] 🔧 რემონტშია
    [3] ⛔️ კრიტიკული მდგომარეობა
    [4] 📄 გრძელვადიან ქირაშია
    [5] 🚫 არ გაიცეს
    [6] 🛠 საჭიროებს მომსახურებას
   *[other] ⚪️ მდგომარეობა უცნობია
}
car-card-inactive = 💤 არ მონაწილეობს გაქირავებაში
car-card-out = 👤 ახლა: { $client }, { $end }-მდე
car-card-out-technical = 🔩 ახლა: ტექნიკური ჯავშანი ({ $client }), { $end }-მდე
car-card-free = 🅿️ ახლა თავისუფალია
car-card-idle = 🅿️ ახლა ჯავშნის გარეშე
car-card-next = 📅 შემდეგი: { $client }, { $start } → { $end }
car-card-next-technical = 📅 შემდეგი: ტექნიკური ჯავშანი ({ $client }), { $start } → { $end }
car-card-nothing-next = 📅 შემდეგი ჯავშანი არ არის
car-card-mileage = 🧭 გარბენი: { NUMBER($km, useGrouping: 1) } კმ
car-card-clean = { $clean ->
    [1] ✨ სუფთაა
   *[0] 🧽 გასარეცხია
}
car-card-tank = { $full ->
    [1] ⛽️ სავსე ავზი
   *[0] ⛽️ ავზი სავსე არ არის
}
car-card-tank-of = { $full ->
    [1] ⛽️ სავსე ავზი
   *[0] ⛽️ ავზი სავსე არ არის
} ({ $liters } ლ)
car-card-fuel = 🛢 საწვავი: { $fuel }
car-card-debtor = ⚠️ კლიენტი მოვალეთა სიაშია
car-card-inspection = 📋 ბოლო ინსპექტირება: { $day }
car-card-client-topic = 💬 <a href="{ $url }">მიმოწერა კლიენტთან</a>
car-unnamed = მანქანა { $number }

## მოკლე სტრიქონები მანქანის თემაში

booking-issued = 🔑 <b>გაიცა</b> { $number }: { $client }, დაბრუნება { $end }
booking-issued-technical = 🔩 <b>ტექნიკური ჯავშანი დაიწყო</b> { $number }: { $client }, { $end }-მდე
booking-returned = 🏁 <b>დაბრუნდა</b> { $number }: { $client }
booking-returned-technical = 🔩 <b>ტექნიკური ჯავშანი დასრულდა</b> { $number }: { $client }
booking-mileage = გარბენი: { NUMBER($km, useGrouping: 1) } კმ
booking-place = ადგილი: { $place }
car-arrived = ➡️ მანქანა აქ გადმოვიდა ფილიალიდან { $branch }
car-left = ⬅️ მანქანა გადავიდა ფილიალში { $branch }. თემა დახურულია.
car-left-fleet = 🗄 მანქანა პარკიდან გავიდა. თემა დახურულია.
car-forum-moved = ↪️ ფილიალს { $branch } ახლა სხვა ფორუმი აქვს. თემა დახურულია.
car-topic-link = <a href="{ $url }">მანქანის ახალი თემა</a>

## ფილიალის ფორუმი

forum-welcome = 👋 ეს არის ფილიალის <b>{ $branch }</b> ფორუმი. { $cars ->
    [0] მანქანები ჯერ არ არის: თემები მონაცემების მოსვლისას გაჩნდება.
    [one] აუჩქარებლად გავხსნი თემას { $cars } მანქანისთვის.
   *[other] აუჩქარებლად გავხსნი თემებს { $cars } მანქანისთვის.
}

## Any message

message-may-repeat = ↩️ შესაძლოა, ეს გამეორებაა: პირველ გაგზავნაზე პასუხი არ მოვიდა.
