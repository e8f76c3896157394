## One car

view-car-how = Write the plate of the car: /car AA-123-BB. In a car's topic just /car.
view-car-none = I found no car “{ $wanted }”.
view-car-several = Cars found: { $count }. { $shown ->
    [10] The first ten:
   *[other] Which one?
}
view-car-gone = This car is no longer in the fleet.
view-car-title = 🚗 <b>{ $title }</b>
view-car-place = 📍 { $branch } · { car-card-state }
view-car-shape = { $clean ->
    [yes] ✨ clean
    [no] 🧽 needs a wash
   *[unknown] cleanness unknown
} · { $tank ->
    [yes] ⛽️ full tank
    [no] ⛽️ tank not full
   *[unknown] tank unknown
}
view-car-mileage = 🧭 { NUMBER($mileage, useGrouping: 1) } km
view-car-about = { $about }
view-car-now = 👤 Now: { view-kind }{ $client }, until { $end } (no. { $number }, { $responsible })
view-car-now-none = 🅿️ Free now
view-car-next = 📅 Next: { view-kind }{ $client }, { $start } → { $end } (no. { $number }, { $responsible })
view-car-next-none = 📅 No further bookings
view-car-topic = <a href="{ $url }">The car's topic</a>
view-kind = { $kind ->
    [repair] 🔧{" "}
    [technical] 🔩{" "}
   *[client] {""}
}

## A branch's day

view-day-which = The day of which branch?
view-day-title = 📋 <b>{ $branch }</b>, { $date }{ $pages ->
    [1] {""}
   *[other] {" "}({ $page } of { $pages })
}
view-day-late-return = ⚠️ return late since { $time }: { view-kind }<b>{ $car }</b>, { $client } · { $responsible } · { $place }
view-day-late-issue = ⚠️ hand-over late since { $time }: { view-kind }<b>{ $car }</b>, { $client } · { $responsible } · { $place }
view-day-issue = 🔑 { $time } hand-over: { view-kind }<b>{ $car }</b>, { $client } · { $responsible } · { $place }
view-day-return = 🏁 { $time } return: { view-kind }<b>{ $car }</b>, { $client } · { $responsible } · { $place }
view-day-done = ✅ Done today: { $count }
view-day-none = Nothing for today.

## Free cars

view-free-how = Write dates like this: /free 24.11-27.11 or /free 24.11 10:00 - 27.11 18:00. Without dates: free now.
view-free-now = 🅿️ Free now: <b>{ $count }</b>
view-free-window = 🅿️ Free { $start } → { $end }: <b>{ $count }</b>
view-free-branch = <b>{ $branch }</b>
view-free-car = • { $car }
view-free-car-until = • { $car } — until { $until }
