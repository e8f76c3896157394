## The words of an inspection

occasion-word = { $occasion ->
    [hand_over] 🔑 Hand-over
   *[return] 🏁 Return
}
step-name = { $step ->
    [front] Front
    [front_left] Front left
    [left] Left side
    [rear_left] Rear left
    [rear] Rear
    [rear_right] Rear right
    [right] Right side
    [front_right] Front right
    [dashboard] Dashboard
    [trunk] Trunk
    [interior_front] Front seats
    [interior_rear] Rear seats
    [document] Registration
    [fuel] Fuel gauge
    [tyre_front_left] Front left tyre
    [tyre_front_right] Front right tyre
    [tyre_rear_left] Rear left tyre
    [tyre_rear_right] Rear right tyre
    [fluids] Fluids
    [close_up] Close-up
    [video] Video
    [mileage] Mileage
    [fuel_level] Fuel
    [fluid_levels] Fluid levels
    [kit_items] Kit in the trunk
   *[other] Photo
}
step-hint = { $step ->
    [front] Stand right in front. The whole car is in the picture, the plate is readable.
    [front_left] Step back at the front left corner: the front and the left side are seen.
    [left] Stand at the driver's side. The car is in the picture from bumper to bumper.
    [rear_left] Step back at the rear left corner: the rear and the left side are seen.
    [rear] Stand right behind. The whole car is in the picture, the plate is readable.
    [rear_right] Step back at the rear right corner: the rear and the right side are seen.
    [right] Stand at the passenger's side. The car is in the picture from bumper to bumper.
    [front_right] Step back at the front right corner: the front and the right side are seen.
    [dashboard] Ignition on. Close and without glare: mileage and fuel.
    [trunk] Open the trunk and lift the floor: the whole kit is in the picture.
    [interior_front] Front seats and panel, through the open door.
    [interior_rear] Rear seats and floor, through the open door.
    [document] Lay the registration flat. All its text in the picture, no glare.
    [fuel] The fuel gauge from near, ignition on.
    [tyre_front_left] The whole wheel: tread and rim are seen.
    [tyre_front_right] The whole wheel: tread and rim are seen.
    [tyre_rear_left] The whole wheel: tread and rim are seen.
    [tyre_rear_right] The whole wheel: tread and rim are seen.
    [fluids] The reservoirs under the bonnet: their level marks are seen.
    [close_up] Step closer: the damage fills a third of the picture.
    [mileage] Send the mileage as a number, for example 45210.
    [fuel_level] How much is in the tank? Press, or send the percent as a number.
    [fluid_levels] Press what is low, press twice what is critically low. A photo of the reservoirs is welcome too.
    [kit_items] Mark what lies in the trunk.
   *[other] Send a photo.
}
damage-kind = { $kind ->
    [scratch] scratch
    [dent] dent
    [crack] crack
    [broken_glass] broken glass
    [broken_lamp] broken lamp
    [flat_tyre] flat tyre
    [missing_part] missing part
    [airbag] airbag went off
    [reflection] reflection
    [shadow] shadow
    [dirt] dirt
   *[other] other damage
}
damage-part = { $part ->
    [hood] bonnet
    [front_bumper] front bumper
    [rear_bumper] rear bumper
    [front_left_fender] front left fender
    [front_right_fender] front right fender
    [rear_left_fender] rear left fender
    [rear_right_fender] rear right fender
    [front_left_door] front left door
    [front_right_door] front right door
    [rear_left_door] rear left door
    [rear_right_door] rear right door
    [tailgate] tailgate
    [roof] roof
    [windscreen] windscreen
    [rear_window] rear window
    [side_window] side window
    [headlamp] headlamp
    [tail_lamp] tail lamp
    [mirror] mirror
    [wheel] wheel
    [interior] interior
   *[unknown] place unknown
}
damage-severity = { $severity ->
    [1] 1 – cosmetic
    [2] 2 – light
    [3] 3 – serious
   *[4] 4 – critical
}
kit-item = { $item ->
    [spare_wheel] spare wheel
    [jack] jack
    [wheel_wrench] wheel wrench
    [triangle] triangle
    [extinguisher] extinguisher
    [first_aid] first aid
    [vest] vest
   *[other] { $item }
}
fluid-name = { $fluid ->
    [oil] oil
    [coolant] coolant
   *[brake] brake fluid
}
photo-fault = { $reason ->
    [no_vehicle] no car is seen
    [wrong_view] another side
    [too_dark] too dark
    [too_bright] too bright
    [blurred] blurred
    [a_little_blurred] a little blurred
    [cut_off] the car is cut off
    [too_near] too near
    [too_far] too far
    [too_small] small photo
    [dirty_or_wet] the car is dirty or wet
   *[other] not perfect
}

## The beginning

inspect-button = { $occasion ->
    [hand_over] 📸 Hand over
   *[return] 📸 Take back
}
inspect-which = 📸 <b>{ $car }</b>: hand over or take back?
inspect-planned = Planned: { $occasion ->
    [hand_over] hand-over
   *[return] return
} { $time } · { $client }
inspect-nothing-planned = Nothing is planned.
inspect-how = Whose inspection? Write the plate: /inspect AA-123-BB. In a car's topic it needs no plate.
inspect-opened = The form is in your private chat with me
menu-inspect = Inspect a car at hand-over or return
inspection-file-too-big = 📦 This file is larger than { $megabytes } MB: a bot cannot take it, and it is not in the inspection. Send it as an ordinary photo, or a smaller file.

## The form

form-title = { occasion-word } · <b>{ $car }</b>
form-step = Step { $step } of { $total }
form-step-about = 📷 <b>{ step-name }</b>
    { step-hint }
form-question-about = ✏️ <b>{ step-name }</b>
    { step-hint }
form-photo-there = ✅ There is a photo. A new one takes its place.
form-waiting = ⏳ Looking at photos: { $count }
form-progress = { $done } of { $total } done
form-proposal = 🔎 This is what I read on the photo. Press if it is right.
form-not-read = 🔎 I could not read it on the photo: please tell me.
form-paused = ⏸ Put aside. Everything you took is kept.
form-cancelled = ✖️ The inspection is cancelled. What was taken is kept, but does not count.
form-submitted = ✅ Done, thank you! I am looking at the photos; the card of the inspection is in the car's topic.
form-handed = 👤 The form is with { $name } now.
form-skip-why = ⏭ Why skip it?
form-skip-words = ✏️ Write the reason in one message.
form-hand-whom = 👤 Who takes over? Everything you took goes with the form.
form-hand-nobody = 👤 There is nobody in the branch to hand it to.
form-cancel-sure = ✖️ Really cancel the inspection? What was taken will not count.
form-finish = 🏁 <b>All steps are done</b>
form-finish-photos = 📷 Photos: { $photos } of { $total }
form-finish-missing = ⚠️ Missing: { $count }
form-finish-ask = Finish? After that the form cannot be changed.
form-stale = The form is at another step now: look at the newest one
form-not-yours = This form is not with you any more

form-button-back = ⬅️ Back
form-button-skip = ⏭ Skip
form-button-pause = Pause
form-button-hand = Pass on
form-button-cancel = Cancel
form-button-cancel-yes = Yes, cancel
form-button-no = No
form-button-go-on = Take this photo as it is
form-button-right-car = It is the right car
form-button-first-page = ⬅️ To the step
form-button-resume = ▶️ Go on
form-button-finish = ✅ Finish the inspection
form-button-km = ✅ { NUMBER($number, useGrouping: 1) } km
form-button-percent = ✅ { $number } %
form-button-level = { $level ->
    [ok] ✅ { fluid-name }: fine
    [low] ⚠️ { fluid-name }: low
   *[critical] ⛔️ { fluid-name }: critically low
}
form-button-fluids-fine = ✅ All fine
form-button-fluids-rest = ✅ The rest is fine
form-button-kit-item = { $on ->
    [yes] ✅
   *[no] ▫️
} { kit-item }
form-button-kit-whole = ✅ All there
form-button-kit-done = Done: { $there } of { $total }
form-reason-cannot_reach = I cannot get to this side
form-reason-dark = It is dark
form-reason-car_blocked = The car is blocked
form-reason-client_hurries = The client is in a hurry
form-reason-other = ✏️ Another reason…

## What was answered and taken

inspection-skipped = ⏭ { step-name }: { $reason ->
    [cannot_reach] out of reach
    [dark] dark
    [car_blocked] the car was blocked
   *[client_hurries] the client was in a hurry
}
inspection-skipped-words = ⏭ { step-name }: { $words }
inspection-mileage = 🧭 Mileage: { NUMBER($km, useGrouping: 1) } km
inspection-mileage-since = ↳ { NUMBER($before, useGrouping: 1) } km at hand-over, { NUMBER($driven, useGrouping: 1) } km driven
inspection-fuel = ⛽️ Fuel: { $percent } % ({ $eighths }/8)
inspection-fuel-since = ↳ { $percent } % ({ $eighths }/8) at hand-over
inspection-fluid = 💧 { fluid-name }: { $level ->
    [ok] fine
    [low] low
   *[critical] critically low
}
inspection-fluids-fine = 💧 Fluids: all fine
inspection-kit-whole = 🧰 Kit: all there
inspection-kit-missing = 🧰 Not in the trunk:
inspection-kit-item = { kit-item }

## The card of an inspection

inspection-title = { occasion-word } № { $number } · <b>{ $car }</b>
inspection-by =
    {""}
    👤 { $name } · { $time }{ $booking ->
    [none] {""}
   *[other] {" "}· booking { $booking }
}
inspection-under-way = { $state ->
    [paused] ⏸ Put aside
   *[open] ✍️ Under way
}: { $done } of { $total }
inspection-state = { $state ->
    [cancelled] ✖️ Cancelled
    [submitted] 🔎 Taken, comparing the photos…
   *[other] { $waiting ->
        [0] 👀 Look at the pairs, then press "Reviewed"
        [one] 🔔 To decide: { $waiting } finding
       *[other] 🔔 To decide: { $waiting } findings
    }
}
inspection-reviewed = ✅ <b>Reviewed:</b> { $name }, { $time }
inspection-photos = 📷 Photos: { $photos } of { $total }
inspection-faulty = ⚠️ { step-name }: { photo-fault }
inspection-wash = { $verdict ->
    [ok] ✨ Clean
    [problem] 🧽 It looks dirty
   *[unclear] 🧽 Clean or not, I cannot tell
}
inspection-document = { $verdict ->
    [ok] 📄 Registration readable
   *[problem] 📄 Registration not readable
}
inspection-flag = 🚩 { $flag ->
    [reused] This photo was in another inspection before
    [odd_exif] Odd camera data
    [other_time] Taken at another time
    [other_plate] Another plate was read
    [taken_as_is] Kept as it is, as a person decided
    [right_car] A person said that it is the right car
    [unjudged] Not checked automatically
   *[other] A remark on a photo
}: { $count }
inspection-hold = { $state ->
    [held] ⛔️ <b>Do not issue</b>: decided
    [released] 🟢 May be issued
   *[proposed] ⛔️ I propose <b>not to issue</b> it: a head has to decide
}
inspection-finding = { $state ->
    [new] 🔴
    [need_photo] 🔍
   *[proposed] 🟡
} № { $number } { damage-kind }, { damage-part }, { damage-severity }{ $cost ->
    [none] {""}
   *[other] {" "}· ~{ $cost } GEL
}
inspection-not-damage = 🟢 Not damage: { $count }
inspection-known = 📌 Known from before: { $count }
inspection-damage = • { damage-kind }, { damage-part }, { damage-severity }
inspection-adding = ➕ <b>New damage</b>{ $what ->
    [part] : where is it?
    [kind] , { damage-part }: what is it?
   *[severity] , { damage-part }, { damage-kind }: how bad is it?
}
inspection-report-soon = I am making the report
inspection-button-pairs = 🖼 Pairs
inspection-button-add = ➕ Add damage
inspection-button-reviewed = ✅ Reviewed
inspection-button-report = 📄 Report

## A finding

finding-open = 🟡 <b>№ { $number }</b> { damage-kind }, { damage-part }
    Severity: { damage-severity }{ $cost ->
    [none] {""}
   *[other] {" "}· ~{ $cost } GEL
}
finding-decided = { $state ->
    [new] 🔴 <b>№ { $number } New:</b>
    [known] 📌 <b>№ { $number } Known:</b>
   *[not_damage] 🟢 <b>№ { $number } Not damage:</b>
} { damage-kind }, { damage-part }{ $state ->
    [not_damage] {""}
   *[other] , { damage-severity }{ $cost ->
        [none] {""}
       *[other] {" "}· ~{ $cost } GEL
    }
}
finding-where = 📷 { step-name }
finding-by-person = 👤 Marked by a person
finding-sure = 🤖 { $percent } % sure, seen on photos: { $views }
finding-why = { $why ->
    [matched] ↳ it was there on the photo before
    [not_matched] ↳ it is not on the photo before
    [not_compared] ↳ the photo before could not be laid over: compare yourself
    [looks_otherwise] ↳ old damage was here, and the place looks different now: compare yourself
    [nothing_before] ↳ there is no earlier photo of this side
    [several_views] ↳ seen from several sides
    [one_view] ↳ the photos beside do not show it
    [negative] ↳ may be a reflection, a shadow or dirt
    [known_near] ↳ a known damage is near
   *[said_no_damage] ↳ somebody said of this place before: not damage
}
finding-photo-asked = 🔍 A better photo was asked for
finding-by = 👤 Decided by { $name }
finding-choose = { $what ->
    [kind] <b>What is it?</b>
    [part] <b>Where is it?</b>
   *[severity] <b>How bad is it?</b>
}
finding-kind = { damage-kind }
finding-part = { damage-part }
finding-severity = { damage-severity }
finding-edit-kind = What: { damage-kind }
finding-edit-part = Where: { damage-part }
finding-edit-severity = Severity: { damage-severity }
finding-button-new = 🔴 New
finding-button-known = 📌 Known
finding-button-not-damage = 🟢 Not damage
finding-button-need-photo = 🔍 Better photo
finding-button-edit = ✏️ Correct
finding-button-new-so = 🔴 New, exactly so
finding-button-change = ✏️ Change the decision

## Pairs and archive

pairs-head = 🖼 Inspection № { $number }: each picture shows before, then now. Look for what I missed.
pairs-none = 🖼 Inspection № { $number }: nothing earlier to compare with, so the photos as they are.
pairs-side = { step-name }: before – now
pairs-alone = { step-name }
archive-photo = { step-name } · photo { $ordinal } · { $time } · { $sha }
archive-marks = { step-name } · with marks
bind-archive-done = ✅ This is the archive of inspections now.
bind-archive-already = This is the archive of inspections already.
bind-archive-writable = ⚠️ Members may write here. Switch messages off for them in the group's settings: an archive is only read.
