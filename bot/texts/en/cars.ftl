## The pinned card of a car: one line, one text

car-card-title = <b>{ $plate }</b> { $model }
car-card-title-plate = <b>{ $plate }</b>
car-card-state = { $state ->
    [1] 🟢 Ready to issue
    [2] 🔧 In repair
    [3] ⛔️ Critical condition
    [4] 📄 On a long-term rent
    [5] 🚫 Do not issue
    [6] 🛠 Needs maintenance
   *[other] ⚪️ State unknown
}
car-card-inactive = 💤 Not in the rental fleet
car-card-out = 👤 Now: { $client }, until { $end }
car-card-out-technical = 🔩 Now: technical booking ({ $client }), until { $end }
car-card-free = 🅿️ Free now
car-card-idle = 🅿️ No booking now
car-card-next = 📅 Next: { $client }, { $start } → { $end }
car-card-next-technical = 📅 Next: technical booking ({ $client }), { $start } → { $end }
car-card-nothing-next = 📅 No further bookings
car-card-mileage = 🧭 Mileage: { NUMBER($km, useGrouping: 1) } km
car-card-clean = { $clean ->
    [1] ✨ Clean
   *[0] 🧽 Needs a wash
}
car-card-tank = { $full ->
    [1] ⛽️ Full tank
   *[0] ⛽️ Tank not full
}
car-card-tank-of = { $full ->
    [1] ⛽️ Full tank
   *[0] ⛽️ Tank not full
} ({ $liters } l)
car-card-fuel = 🛢 Fuel: { $fuel }
car-card-debtor = ⚠️ The client is on the list of debtors
car-card-inspection = 📋 Last inspection: { $day }
car-card-client-topic = 💬 <a href="{ $url }">The conversation with the client</a>
car-unnamed = Car { $number }

## Short lines in a car's topic

booking-issued = 🔑 <b>Issued</b> { $number }: { $client }, back { $end }
booking-issued-technical = 🔩 <b>Technical booking begun</b> { $number }: { $client }, until { $end }
booking-returned = 🏁 <b>Returned</b> { $number }: { $client }
booking-returned-technical = 🔩 <b>Technical booking ended</b> { $number }: { $client }
booking-mileage = Mileage: { NUMBER($km, useGrouping: 1) } km
booking-place = Place: { $place }
car-arrived = ➡️ The car came here from the branch { $branch }
car-left = ⬅️ The car moved to the branch { $branch }. This topic is closed.
car-left-fleet = 🗄 The car left the fleet. This topic is closed.
car-forum-moved = ↪️ The branch { $branch } has another forum now. This topic is closed.
car-topic-link = <a href="{ $url }">The car's new topic</a>

## The forum of a branch

forum-welcome = 👋 This is the forum of the branch <b>{ $branch }</b>. { $cars ->
    [0] No cars yet: topics will appear when the data comes.
    [one] I will open a topic for { $cars } car, without haste.
   *[other] I will open topics for { $cars } cars, without haste.
}

## Any message

message-may-repeat = ↩️ This may be a repeat: the first try got no answer.
