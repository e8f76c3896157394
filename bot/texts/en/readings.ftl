## What narrow agents read on the photos of an inspection

reading-fuel-again = ⛽️ <b>{ $car }</b>: the fuel level cannot be read. Go back to the instruments and take one more photo, with the ignition on; or enter the level when the form asks for it.
reading-fuel-gap = ⛽️ <b>{ $car }</b>: { $gap } % of the tank is missing. Handed over at { $before } %, returned at { $after } %. Do not close the return until it is settled.
reading-mileage-less = 🧭 <b>{ $car }</b>: { NUMBER($km) } km was written, but { NUMBER($known) } km was known before. Please check it and put it right.
reading-mileage-too-much = 🧭 <b>{ $car }</b>: { NUMBER($km) } km was written, { NUMBER($known) } km was known before. That is too much for this time; please check it.
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
