## ერთი მანქანა

view-car-how = დაწერეთ მანქანის ნომერი: /car AA-123-BB. მანქანის თემაში — უბრალოდ /car.
view-car-none = მანქანა „{ $wanted }“ ვერ ვიპოვე.
view-car-several = ნაპოვნია მანქანა: { $count }. { $shown ->
    [10] პირველი ათი:
   *[other] რომელი?
}
view-car-gone = ეს მანქანა პარკში აღარ არის.
view-car-title = 🚗 <b>{ $title }</b>
view-car-place = 📍 { $branch } · { car-card-state }
view-car-shape = { $clean ->
    [yes] ✨ სუფთაა
    [no] 🧽 გასარეცხია
   *[unknown] სისუფთავე უცნობია
} · { $tank ->
    [yes] ⛽️ სავსე ავზი
    [no] ⛽️ ავზი სავსე არ არის
   *[unknown] ავზი უცნობია
}
view-car-mileage = 🧭 { NUMBER($mileage, useGrouping: 1) } კმ
view-car-about = { $about }
view-car-now = 👤 ახლა: { view-kind }{ $client }, { $end }-მდე (№ { $number }, { $responsible })
view-car-now-none = 🅿️ ახლა თავისუფალია
view-car-next = 📅 შემდეგი: { view-kind }{ $client }, { $start } → { $end } (№ { $number }, { $responsible })
view-car-next-none = 📅 შემდეგი ჯავშანი არ არის
view-car-topic = <a href="{ $url }">მანქანის თემა</a>
view-kind = { $kind ->
    [repair] 🔧{" "}
    [technical] 🔩{" "}
   *[client] {""}
}

## ფილიალის დღე

view-day-which = რომელი ფილიალის დღე გაჩვენოთ?
view-day-title = 📋 <b>{ $branch }</b>, { $date }{ $pages ->
    [1] {""}
   *[other] {" "}({ $page } / { $pages })
}
view-day-late-return = ⚠️ მიღება იგვიანებს, ვადა { $time }: { view-kind }<b>{ $car }</b>, { $client } · { $responsible } · { $place }
view-day-late-issue = ⚠️ გაცემა იგვიანებს, ვადა { $time }: { view-kind }<b>{ $car }</b>, { $client } · { $responsible } · { $place }
view-day-issue = 🔑 { $time } გაცემა: { view-kind }<b>{ $car }</b>, { $client } · { $responsible } · { $place }
view-day-return = 🏁 { $time } მიღება: { view-kind }<b>{ $car }</b>, { $client } · { $responsible } · { $place }
view-day-done = ✅ დღეს შესრულდა: { $count }
view-day-none = დღეს არაფერია.

## თავისუფალი მანქანები

view-free-how = თარიღები ასე დაწერეთ: /free 24.11-27.11 ან /free 24.11 10:00 - 27.11 18:00. თარიღების გარეშე — ახლა თავისუფალი.
view-free-now = 🅿️ ახლა თავისუფალია: <b>{ $count }</b>
view-free-window = 🅿️ თავისუფალია { $start } → { $end }: <b>{ $count }</b>
view-free-branch = <b>{ $branch }</b>
view-free-car = • { $car }
view-free-car-until = • { $car } — { $until }-მდე
