## დათვალიერების სიტყვები

occasion-word = { $occasion ->
    [hand_over] 🔑 გაცემა
   *[return] 🏁 დაბრუნება
}
step-name = { $step ->
    [front] წინიდან
    [front_left] წინ მარცხნიდან
    [left] მარცხენა მხარე
    [rear_left] უკან მარცხნიდან
    [rear] უკნიდან
    [rear_right] უკან მარჯვნიდან
    [right] მარჯვენა მხარე
    [front_right] წინ მარჯვნიდან
    [dashboard] ხელსაწყოები
    [trunk] საბარგული
    [interior_front] სალონი წინ
    [interior_rear] სალონი უკან
    [document] ტექპასპორტი
    [fuel] საწვავის მაჩვენებელი
    [tyre_front_left] წინა მარცხენა საბურავი
    [tyre_front_right] წინა მარჯვენა საბურავი
    [tyre_rear_left] უკანა მარცხენა საბურავი
    [tyre_rear_right] უკანა მარჯვენა საბურავი
    [fluids] სითხეები
    [close_up] ახლო ხედი
    [video] ვიდეო
    [mileage] გარბენი
    [fuel_level] საწვავი
    [fluid_levels] სითხეების დონე
    [kit_items] საბარგულის კომპლექტი
   *[other] ფოტო
}
step-hint = { $step ->
    [front] დადექით მანქანის პირდაპირ. კადრში მთელი მანქანაა, ნომერი იკითხება.
    [front_left] გადით წინა მარცხენა კუთხესთან: ჩანს წინა და მარცხენა მხარე.
    [left] დადექით მძღოლის მხარეს. მანქანა კადრშია ბამპერიდან ბამპერამდე.
    [rear_left] გადით უკანა მარცხენა კუთხესთან: ჩანს უკანა და მარცხენა მხარე.
    [rear] დადექით მანქანის უკან. კადრში მთელი მანქანაა, ნომერი იკითხება.
    [rear_right] გადით უკანა მარჯვენა კუთხესთან: ჩანს უკანა და მარჯვენა მხარე.
    [right] დადექით მგზავრის მხარეს. მანქანა კადრშია ბამპერიდან ბამპერამდე.
    [front_right] გადით წინა მარჯვენა კუთხესთან: ჩანს წინა და მარჯვენა მხარე.
    [dashboard] ჩართეთ ანთება. ახლოდან, ათინათის გარეშე: გარბენი და საწვავი.
    [trunk] გახსენით საბარგული და ასწიეთ იატაკი: კადრში მთელი კომპლექტია.
    [interior_front] წინა სავარძლები და პანელი, ღია კარიდან.
    [interior_rear] უკანა სავარძლები და იატაკი, ღია კარიდან.
    [document] დადეთ ტექპასპორტი სწორად. მთელი ტექსტი კადრშია, ათინათის გარეშე.
    [fuel] საწვავის მაჩვენებელი ახლოდან, ანთება ჩართულია.
    [tyre_front_left] მთელი ბორბალი: ჩანს პროტექტორი და დისკი.
    [tyre_front_right] მთელი ბორბალი: ჩანს პროტექტორი და დისკი.
    [tyre_rear_left] მთელი ბორბალი: ჩანს პროტექტორი და დისკი.
    [tyre_rear_right] მთელი ბორბალი: ჩანს პროტექტორი და დისკი.
    [fluids] ავზები კაპოტის ქვეშ: ჩანს დონის ნიშნულები.
    [close_up] მიდით ახლოს: დაზიანება კადრის მესამედს იკავებს.
    [mileage] გამოგზავნეთ გარბენი რიცხვით, მაგალითად 45210.
    [fuel_level] რამდენია ავზში? დააჭირეთ ან გამოგზავნეთ პროცენტი რიცხვით.
    [fluid_levels] რაც ცოტაა, დააჭირეთ; თუ კრიტიკულად ცოტაა — ორჯერ. ავზების ფოტოც გამოგვადგება.
    [kit_items] მონიშნეთ, რა დევს საბარგულში.
   *[other] გამოგზავნეთ ფოტო.
}
damage-kind = { $kind ->
    [scratch] ნაკაწრი
    [dent] ჩაჭყლეტა
    [crack] ბზარი
    [broken_glass] გატეხილი მინა
    [broken_lamp] გატეხილი ფარი
    [flat_tyre] დაშვებული საბურავი
    [missing_part] ნაწილი აკლია
    [airbag] აირბალიში გაიხსნა
    [reflection] ანარეკლი
    [shadow] ჩრდილი
    [dirt] ჭუჭყი
   *[other] სხვა დაზიანება
}
damage-part = { $part ->
    [hood] კაპოტი
    [front_bumper] წინა ბამპერი
    [rear_bumper] უკანა ბამპერი
    [front_left_fender] წინა მარცხენა ფრთა
    [front_right_fender] წინა მარჯვენა ფრთა
    [rear_left_fender] უკანა მარცხენა ფრთა
    [rear_right_fender] უკანა მარჯვენა ფრთა
    [front_left_door] წინა მარცხენა კარი
    [front_right_door] წინა მარჯვენა კარი
    [rear_left_door] უკანა მარცხენა კარი
    [rear_right_door] უკანა მარჯვენა კარი
    [tailgate] საბარგულის კარი
    [roof] სახურავი
    [windscreen] საქარე მინა
    [rear_window] უკანა მინა
    [side_window] გვერდითი მინა
    [headlamp] წინა ფარი
    [tail_lamp] უკანა ფარი
    [mirror] სარკე
    [wheel] ბორბალი
    [interior] სალონი
   *[unknown] ადგილი უცნობია
}
damage-severity = { $severity ->
    [1] 1 — კოსმეტიკური
    [2] 2 — მსუბუქი
    [3] 3 — სერიოზული
   *[4] 4 — კრიტიკული
}
kit-item = { $item ->
    [spare_wheel] სათადარიგო ბორბალი
    [jack] დომკრატი
    [wheel_wrench] ბორბლის გასაღები
    [triangle] სამკუთხედი
    [extinguisher] ცეცხლმაქრი
    [first_aid] აფთიაქი
    [vest] ჟილეტი
   *[other] { $item }
}
fluid-name = { $fluid ->
    [oil] ზეთი
    [coolant] ანტიფრიზი
   *[brake] სამუხრუჭე სითხე
}
photo-fault = { $reason ->
    [no_vehicle] მანქანა არ ჩანს
    [wrong_view] სხვა მხარეა
    [too_dark] ბნელია
    [too_bright] ზედმეტად ნათელია
    [blurred] ბუნდოვანია
    [a_little_blurred] ოდნავ ბუნდოვანია
    [cut_off] მანქანა ჩამოჭრილია
    [too_near] ძალიან ახლოსაა
    [too_far] ძალიან შორსაა
    [too_small] პატარა ფოტოა
    [dirty_or_wet] მანქანა ჭუჭყიანი ან სველია
   *[other] შენიშვნა აქვს
}

## დასაწყისი

inspect-button = { $occasion ->
    [hand_over] 📸 გაცემა
   *[return] 📸 მიღება
}
inspect-which = 📸 <b>{ $car }</b>: გავცემთ თუ ვიბარებთ?
inspect-planned = გეგმით: { $occasion ->
    [hand_over] გაცემა
   *[return] დაბრუნება
} { $time } · { $client }
inspect-nothing-planned = გეგმაში არაფერია.
inspect-how = რომელი მანქანის დათვალიერება? დაწერეთ ნომერი: /inspect AA-123-BB. მანქანის თემაში ნომერი საჭირო არ არის.
inspect-opened = ფორმა თქვენს პირად ჩატშია
menu-inspect = დათვალიერება გაცემის ან დაბრუნებისას
inspection-file-too-big = 📦 ფაილი { $megabytes } მბ-ზე დიდია: ბოტი მას ვერ იღებს და დათვალიერებაში ვერ მოხვდა. გამოგზავნეთ ჩვეულებრივი ფოტო ან უფრო პატარა ფაილი.

## ფორმა

form-title = { occasion-word } · <b>{ $car }</b>
form-step = ნაბიჯი { $step } / { $total }
form-step-about = 📷 <b>{ step-name }</b>
    { step-hint }
form-question-about = ✏️ <b>{ step-name }</b>
    { step-hint }
form-photo-there = ✅ ფოტო უკვე არის. ახალი მას შეცვლის.
form-waiting = ⏳ ვათვალიერებ ფოტოებს: { $count }
form-progress = მზადაა { $done } / { $total }
form-proposal = 🔎 ფოტოზე ასე წავიკითხე. თუ სწორია, დააჭირეთ.
form-not-read = 🔎 ფოტოზე ვერ წავიკითხე: შეიყვანეთ თავად.
form-paused = ⏸ გადადებულია. გადაღებული ყველაფერი შენახულია.
form-cancelled = ✖️ დათვალიერება გაუქმდა. გადაღებული ინახება, მაგრამ არ ითვლება.
form-submitted = ✅ მზადაა, გმადლობთ! ვამოწმებ ფოტოებს; დათვალიერების ბარათი მანქანის თემაშია.
form-handed = 👤 ფორმა ახლა აქვს: { $name }.
form-skip-why = ⏭ რატომ ვტოვებთ?
form-skip-words = ✏️ დაწერეთ მიზეზი ერთი შეტყობინებით.
form-hand-whom = 👤 ვის გადავცეთ? გადაღებული ყველაფერი ფორმასთან ერთად გადავა.
form-hand-nobody = 👤 ფილიალში ახლა არავინაა, ვისაც გადავცემთ.
form-cancel-sure = ✖️ ნამდვილად გავაუქმოთ დათვალიერება? გადაღებული არ ჩაითვლება.
form-finish = 🏁 <b>ყველა ნაბიჯი გავლილია</b>
form-finish-photos = 📷 ფოტო: { $photos } / { $total }
form-finish-missing = ⚠️ აკლია: { $count }
form-finish-ask = დავასრულოთ? ამის შემდეგ ფორმა აღარ შეიცვლება.
form-stale = ფორმა უკვე სხვა ნაბიჯზეა — ნახეთ ახალი
form-not-yours = ეს ფორმა აღარ გაქვთ თქვენ

form-button-back = ⬅️ უკან
form-button-skip = ⏭ გამოტოვება
form-button-pause = პაუზა
form-button-hand = გადაცემა
form-button-cancel = გაუქმება
form-button-cancel-yes = დიახ, გავაუქმოთ
form-button-no = არა
form-button-go-on = დარჩეს ეს ფოტო
form-button-right-car = სწორედ ეს მანქანაა
form-button-first-page = ⬅️ ნაბიჯთან
form-button-resume = ▶️ გაგრძელება
form-button-finish = ✅ დათვალიერების დასრულება
form-button-km = ✅ { NUMBER($number, useGrouping: 1) } კმ
form-button-percent = ✅ { $number } %
form-button-level = { $level ->
    [ok] ✅ { fluid-name }: ნორმაშია
    [low] ⚠️ { fluid-name }: ცოტაა
   *[critical] ⛔️ { fluid-name }: კრიტიკულად ცოტაა
}
form-button-fluids-fine = ✅ ყველაფერი ნორმაშია
form-button-fluids-rest = ✅ დანარჩენი ნორმაშია
form-button-kit-item = { $on ->
    [yes] ✅
   *[no] ▫️
} { kit-item }
form-button-kit-whole = ✅ ყველაფერი ადგილზეა
form-button-kit-done = მზადაა: { $there } / { $total }
form-reason-cannot_reach = ამ მხრიდან ვერ მივდივარ
form-reason-dark = ბნელა
form-reason-car_blocked = მანქანა ჩაკეტილია
form-reason-client_hurries = კლიენტს ეჩქარება
form-reason-other = ✏️ სხვა მიზეზი…

## რა ეპასუხა და გადაიღეს

inspection-skipped = ⏭ { step-name }: { $reason ->
    [cannot_reach] ვერ მივიდა
    [dark] ბნელოდა
    [car_blocked] მანქანა ჩაკეტილი იყო
   *[client_hurries] კლიენტს ეჩქარებოდა
}
inspection-skipped-words = ⏭ { step-name }: { $words }
inspection-mileage = 🧭 გარბენი: { NUMBER($km, useGrouping: 1) } კმ
inspection-mileage-since = ↳ გაცემისას { NUMBER($before, useGrouping: 1) } კმ, გაიარა { NUMBER($driven, useGrouping: 1) } კმ
inspection-fuel = ⛽️ საწვავი: { $percent } % ({ $eighths }/8)
inspection-fuel-since = ↳ გაცემისას { $percent } % ({ $eighths }/8)
inspection-fluid = 💧 { fluid-name }: { $level ->
    [ok] ნორმაშია
    [low] ცოტაა
   *[critical] კრიტიკულად ცოტაა
}
inspection-fluids-fine = 💧 სითხეები: ნორმაშია
inspection-kit-whole = 🧰 კომპლექტი: ყველაფერი ადგილზეა
inspection-kit-missing = 🧰 საბარგულში არ არის:
inspection-kit-item = { kit-item }

## დათვალიერების ბარათი

inspection-title = { occasion-word } № { $number } · <b>{ $car }</b>
inspection-by =
    {""}
    👤 { $name } · { $time }{ $booking ->
    [none] {""}
   *[other] {" "}· ჯავშანი { $booking }
}
inspection-under-way = { $state ->
    [paused] ⏸ გადადებულია
   *[open] ✍️ მიმდინარეობს
}: { $done } / { $total }
inspection-state = { $state ->
    [cancelled] ✖️ გაუქმებულია
    [submitted] 🔎 გადაღებულია, ვადარებ ფოტოებს…
   *[other] { $waiting ->
        [0] 👀 ნახეთ წყვილები და დააჭირეთ „შემოწმებულია“
        [one] 🔔 გადასაწყვეტია: { $waiting }
       *[other] 🔔 გადასაწყვეტია: { $waiting }
    }
}
inspection-reviewed = ✅ <b>შემოწმებულია:</b> { $name }, { $time }
inspection-photos = 📷 ფოტო: { $photos } / { $total }
inspection-faulty = ⚠️ { step-name }: { photo-fault }
inspection-wash = { $verdict ->
    [ok] ✨ სუფთაა
    [problem] 🧽 ჭუჭყიანი ჩანს
   *[unclear] 🧽 სუფთაა თუ არა, ვერ გავარჩიე
}
inspection-document = { $verdict ->
    [ok] 📄 ტექპასპორტი იკითხება
   *[problem] 📄 ტექპასპორტი არ იკითხება
}
inspection-flag = 🚩 { $flag ->
    [reused] ასეთი ფოტო სხვა დათვალიერებაში უკვე იყო
    [odd_exif] კამერის უცნაური მონაცემები
    [other_time] სხვა დროს არის გადაღებული
    [other_plate] სხვა ნომერი წავიკითხე
    [taken_as_is] დარჩა როგორც არის, ადამიანის გადაწყვეტილებით
    [right_car] ადამიანმა დაადასტურა, რომ მანქანა სწორია
    [unjudged] ავტომატურად არ შემოწმებულა
   *[other] ფოტოს შენიშვნა აქვს
}: { $count }
inspection-hold = { $state ->
    [held] ⛔️ <b>არ გაიცეს</b> — გადაწყვეტილია
    [released] 🟢 შეიძლება გაიცეს
   *[proposed] ⛔️ ვთავაზობ, <b>არ გაიცეს</b>: ხელმძღვანელმა უნდა გადაწყვიტოს
}
inspection-finding = { $state ->
    [new] 🔴
    [need_photo] 🔍
   *[proposed] 🟡
} № { $number } { damage-kind }, { damage-part }, { damage-severity }{ $cost ->
    [none] {""}
   *[other] {" "}· ~{ $cost } ₾
}
inspection-not-damage = 🟢 დაზიანება არ არის: { $count }
inspection-known = 📌 ადრეც იყო: { $count }
inspection-damage = • { damage-kind }, { damage-part }, { damage-severity }
inspection-adding = ➕ <b>ახალი დაზიანება</b>{ $what ->
    [part] : სად არის?
    [kind] , { damage-part }: რა არის?
   *[severity] , { damage-part }, { damage-kind }: რამდენად?
}
inspection-report-soon = ვამზადებ ანგარიშს
inspection-button-pairs = 🖼 წყვილები
inspection-button-add = ➕ დაზიანება
inspection-button-reviewed = ✅ შემოწმებულია
inspection-button-report = 📄 ანგარიში

## ნაპოვნი

finding-open = 🟡 <b>№ { $number }</b> { damage-kind }, { damage-part }
    სიმძიმე: { damage-severity }{ $cost ->
    [none] {""}
   *[other] {" "}· ~{ $cost } ₾
}
finding-decided = { $state ->
    [new] 🔴 <b>№ { $number } ახალი:</b>
    [known] 📌 <b>№ { $number } ადრეც იყო:</b>
   *[not_damage] 🟢 <b>№ { $number } დაზიანება არ არის:</b>
} { damage-kind }, { damage-part }{ $state ->
    [not_damage] {""}
   *[other] , { damage-severity }{ $cost ->
        [none] {""}
       *[other] {" "}· ~{ $cost } ₾
    }
}
finding-where = 📷 { step-name }
finding-by-person = 👤 ადამიანმა მონიშნა
finding-sure = 🤖 დარწმუნებულობა { $percent } %, ჩანს { $views } ფოტოზე
finding-why = { $why ->
    [matched] ↳ წინა ფოტოზეც იყო
    [not_matched] ↳ წინა ფოტოზე არ არის
    [not_compared] ↳ წინა ფოტოს დადება ვერ მოხერხდა: შეადარეთ თავად
    [looks_otherwise] ↳ აქ ძველი დაზიანება იყო, მაგრამ ადგილი სხვანაირად გამოიყურება: თავად შეადარეთ
    [nothing_before] ↳ ამ მხარის წინა ფოტო არ არის
    [several_views] ↳ რამდენიმე მხრიდან ჩანს
    [one_view] ↳ მეზობელ ფოტოებზე არ ჩანს
    [negative] ↳ შეიძლება ანარეკლი, ჩრდილი ან ჭუჭყი იყოს
    [known_near] ↳ ახლოს ცნობილი დაზიანებაა
   *[said_no_damage] ↳ ამ ადგილზე ადრე თქვეს: დაზიანება არ არის
}
finding-photo-asked = 🔍 უკეთესი ფოტო მოვითხოვე
finding-by = 👤 გადაწყვიტა: { $name }
finding-choose = { $what ->
    [kind] <b>რა არის?</b>
    [part] <b>სად არის?</b>
   *[severity] <b>რამდენად სერიოზულია?</b>
}
finding-kind = { damage-kind }
finding-part = { damage-part }
finding-severity = { damage-severity }
finding-edit-kind = რა: { damage-kind }
finding-edit-part = სად: { damage-part }
finding-edit-severity = სიმძიმე: { damage-severity }
finding-button-new = 🔴 ახალი
finding-button-known = 📌 ადრეც იყო
finding-button-not-damage = 🟢 დაზიანება არ არის
finding-button-need-photo = 🔍 უკეთესი ფოტო
finding-button-edit = ✏️ გასწორება
finding-button-new-so = 🔴 ახალი, სწორედ ასე
finding-button-change = ✏️ გადაწყვეტილების შეცვლა

## წყვილები და არქივი

pairs-head = 🖼 დათვალიერება № { $number }: თითოეულ სურათზე ჯერ იყო, შემდეგ არის. ეძებეთ ის, რაც მე ვერ შევნიშნე.
pairs-none = 🖼 დათვალიერება № { $number }: შესადარებელი წინა დათვალიერება არ არის, აი ფოტოები.
pairs-side = { step-name }: იყო — არის
pairs-alone = { step-name }
archive-photo = { step-name } · ფოტო { $ordinal } · { $time } · { $sha }
archive-marks = { step-name } · ნიშნებით
bind-archive-done = ✅ ეს ახლა დათვალიერებების არქივია.
bind-archive-already = ეს უკვე დათვალიერებების არქივია.
bind-archive-writable = ⚠️ წევრებს აქ წერა შეუძლიათ. აუკრძალეთ შეტყობინებები ჯგუფის პარამეტრებში: არქივს მხოლოდ კითხულობენ.
