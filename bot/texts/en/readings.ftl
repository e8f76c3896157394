## What narrow agents read on the photos of an inspection

reading-fuel-again = ⛽️ <b>{ $car }</b>: the fuel level cannot be read. Go back to the instruments and take one more photo, with the ignition on; or enter the level when the form asks for it.
reading-fuel-gap = ⛽️ <b>{ $car }</b>: { $gap } % of the tank is missing. Handed over at { $before } %, returned at { $after } %. Do not close the return until it is settled.
reading-wash-dirty = 🧽 <b>{ $car }</b> looks dirty. Wash it before it is handed over.
reading-document-again = 📄 <b>{ $car }</b>: the registration cannot be read. Go back to it and take a new photo, flat and without glare.
reading-document-missing = 📄 <b>{ $car }</b>: the registration still cannot be read after a second photo ({ $person }). It counts as not present.
reading-kit-missing = 🧰 <b>{ $car }</b>: missing from the trunk
reading-kit-lost = 🧰 <b>{ $car }</b>: was there at the hand-over, is missing now
reading-kit-item = • { $item ->
    [spare_wheel] spare wheel
    [jack] jack
    [wheel_wrench] wheel wrench
    [triangle] warning triangle
    [extinguisher] fire extinguisher
    [first_aid] first-aid kit
    [vest] reflective vest
   *[other] { $item }
}
reading-fluids-low = 💧 <b>{ $car }</b>: fluids are low
reading-fluid = • { $fluid ->
    [oil] oil
    [coolant] coolant
    [brake] brake fluid
   *[other] { $fluid }
}: { $level ->
    [critical] critical
   *[low] low
}

mileage-question = 🧭 <b>{ $car }</b> · inspection No. { $number }: which mileage is right?
mileage-answered = 🧭 <b>{ $car }</b> · inspection No. { $number }: mileage { NUMBER($km, useGrouping: 1) } km
mileage-why = { $why ->
    [less] What was typed is less than what was known before.
    [too-much] That is too much for this time.
   *[other] The photo shows another number.
}
mileage-typed = ✏️ Typed: { NUMBER($km, useGrouping: 1) } km ({ $name })
mileage-read = 📷 Read from the photo: { NUMBER($km, useGrouping: 1) } km
mileage-known = 📒 Known before: { NUMBER($km, useGrouping: 1) } km
mileage-by = 👤 Decided by { $name }: { $choice ->
    [typed] the typed number is right
    [read] the number from the photo is right
   *[other] typed again
}
mileage-button-typed = ✅ Typed is right: { NUMBER($km, useGrouping: 1) } km
mileage-button-read = 📷 Photo is right: { NUMBER($km, useGrouping: 1) } km
mileage-button-again = ✏️ Type again
mileage-type = 🧭 <b>{ $car }</b>: write the mileage in kilometres, as one number, within 15 minutes.
mileage-type-toast = Write the mileage to the bot in private
mileage-form-first = Your open inspection waits for a number. Answer it or pause it, then press again.
mileage-not-yours = 🧭 <b>{ $car }</b>: whoever inspected, whoever has the task, or a head of the branch decides about the mileage.
mileage-decided-already = 🧭 <b>{ $car }</b>: the mileage is decided already ({ $name }).
mileage-stale = 🧭 <b>{ $car }</b>: the question about the mileage has changed; look at it again.
