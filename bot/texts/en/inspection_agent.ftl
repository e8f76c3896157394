## Inspections: what the agent says by itself

inspect-now = { $occasion ->
    [hand_over] 📸 Hand over
   *[return] 📸 Return
}

operation-soon = ⏰ { $occasion ->
    [hand_over] Hand-over
   *[return] Return
} <b>{ $time }</b>, less than { $minutes } min away · { $client }
operation-whose = Responsible: <a href="tg://user?id={ $id }">{ $name }</a>
inspection-take-over = Take it over
inspection-not-yours = { inspection-name } is with { $name }. You can take it over: their form closes, yours opens.
inspection-name = Inspection №{ $number } ({ $occasion ->
    [hand_over] hand-over
   *[return] return
}, { $car })
inspection-handed-to-you = 📋 { $name } handed you { inspection-name }. The form is in this chat.
inspection-taken-over = 📋 { $name } took over { inspection-name }.
inspection-car-gone = This car is not in the fleet any more, so there is nothing to inspect.
inspection-right-car = ⚠️ { inspection-name }: the plate on a photo was read as <b>{ $read }</b>, and { $name } says it is the right car.
inspection-left-alone = 📋 { inspection-name } is not finished, and nobody has gone on with it for an hour.
inspection-photos-missing = 📋 { $car }: { $photos } of { $wanted } photos were taken. The inspection is handed in as it is, and a task reminds you of the rest.
form-no-booking = ℹ️ No booking fits this moment, so the inspection stands for itself.
form-reason-wanted = ✏️ A step is only skipped with a reason.
form-steps-missing = ❗️ Not finished yet: { $count ->
    [one] { $count } step has
   *[other] { $count } steps have
} neither a photo, an answer nor a reason.
form-photos-missing = ❗️ { $photos } of { $wanted } photos were taken; with fewer it cannot be handed in here.
answer-photo-wanted = 📷 A photo is needed here, not words.
answer-mileage-wanted = 🔢 Please send the mileage as a number in kilometres, for example 45210.
answer-fuel-wanted = ⛽️ Please send the fuel as 0 to 100 %, or press a button.
answer-fluids-wanted = 🛢 Please give a level for each of the fluids.
answer-kit-wanted = 🧰 Please tick what is there and press the button below.
photo-refused = 🚫 { $reason ->
    [not_an_image] This is not a photo. Please send a picture.
    [unsupported] Pictures of this kind cannot be read. Please send a JPEG, PNG or HEIC photo.
    [truncated] The file broke off on its way. Please send it again.
    [too_big] The file is too big. Please send it as an ordinary photo.
    [too_many_pixels] The picture has too many pixels. Please send it as an ordinary photo.
    [too_small] The picture is tiny: there is nothing to see on it. Please send the photo itself.
   *[other] The file is damaged and cannot be opened. Please take the photo again.
}
photo-other-car = ⛔️ Stop: the plate reads <b>{ $read }</b>, this inspection is for <b>{ $expected }</b>. Photograph the right car, or confirm that it is this one.
photo-same-picture = 🔁 This very picture is there for another side already. Please photograph this side.
photo-reused = 🔁 This picture was used in inspection №{ $number }. Please take a new one, or stand behind it as it is.
photo-retake = 🔄 { $reason ->
    [no_vehicle] No car is seen. Please photograph the side that is asked.
    [wrong_view] Something else is shown. Please photograph what is asked.
    [too_dark] It is too dark. Use the flash or find more light.
    [too_bright] It is overexposed. Do not shoot against the light.
    [blurred] It is blurred. Hold the phone still and wipe the lens.
    [cut_off] A part of the car is cut off. Step back until all of the side is in the picture.
    [too_near] It is too near. Take a few steps back.
    [too_far] It is too far away. Come nearer.
    [too_small] The picture is too small. Send it as a file or in full quality.
   *[other] Dirt or water hides the paint. Wipe it or change the angle.
}
photo-taken-as-is = ☑️ The last photo was taken as it is; its faults are written down.
photo-unjudged = ☑️ The last photo is safe. It could not be checked right now: people will look at it.
photo-extra = 📎 Kept in addition, no step asked for it: { inspection-name }.
photo-late = 📎 Kept. { inspection-name } is closed, so the photo is an addition and counts for no side.
