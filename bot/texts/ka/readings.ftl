## რა წაიკითხეს აგენტებმა დათვალიერების ფოტოებზე

reading-fuel-again = ⛽️ <b>{ $car }</b>: საწვავის დონე არ იკითხება. დაბრუნდით ხელსაწყოებთან და გადაიღეთ კიდევ ერთი ფოტო ჩართული ანთებით, ან შეიყვანეთ დონე, როცა ფორმა გკითხავთ.
reading-fuel-gap = ⛽️ <b>{ $car }</b>: ავზს აკლია { $gap } %. გაცემისას იყო { $before } %, დაბრუნებისას { $after } %. დაბრუნება არ დახუროთ, სანამ ეს არ გადაწყდება.
reading-wash-dirty = 🧽 <b>{ $car }</b> ჭუჭყიანი ჩანს. გარეცხეთ გაცემამდე.
reading-document-again = 📄 <b>{ $car }</b>: ტექპასპორტი არ იკითხება. დაბრუნდით მასთან და ხელახლა გადაიღეთ — სწორად და ბლიკის გარეშე.
reading-document-missing = 📄 <b>{ $car }</b>: ტექპასპორტი მეორე ფოტოზეც არ იკითხება ({ $person }). ითვლება, რომ არ არის.
reading-kit-missing = 🧰 <b>{ $car }</b>: საბარგულში აკლია
reading-kit-lost = 🧰 <b>{ $car }</b>: გაცემისას იყო, ახლა აღარ არის
reading-kit-item = • { $item ->
    [spare_wheel] სათადარიგო ბორბალი
    [jack] დომკრატი
    [wheel_wrench] ბალონის გასაღები
    [triangle] საავარიო სამკუთხედი
    [extinguisher] ცეცხლმაქრი
    [first_aid] აფთიაქი
    [vest] ამრეკლავი ჟილეტი
   *[other] { $item }
}
reading-fluids-low = 💧 <b>{ $car }</b>: სითხეები ცოტაა
reading-fluid = • { $fluid ->
    [oil] ზეთი
    [coolant] გამაგრილებელი სითხე
    [brake] სამუხრუჭე სითხე
   *[other] { $fluid }
}: { $level ->
    [critical] კრიტიკულად ცოტა
   *[low] ნორმაზე დაბალი
}

mileage-question = 🧭 <b>{ $car }</b> · დათვალიერება № { $number }: რომელი გარბენია სწორი?
mileage-answered = 🧭 <b>{ $car }</b> · დათვალიერება № { $number }: გარბენი { NUMBER($km, useGrouping: 1) } კმ
mileage-why = { $why ->
    [less] ჩაწერილი მანამდე ცნობილზე ნაკლებია.
    [too-much] ამ დროისთვის ძალიან ბევრია.
   *[other] ფოტოზე სხვა რიცხვია.
}
mileage-typed = ✏️ ჩაწერილია: { NUMBER($km, useGrouping: 1) } კმ ({ $name })
mileage-read = 📷 ფოტოდან წაკითხულია: { NUMBER($km, useGrouping: 1) } კმ
mileage-known = 📒 მანამდე ცნობილი იყო: { NUMBER($km, useGrouping: 1) } კმ
mileage-by = 👤 გადაწყვიტა: { $name } — { $choice ->
    [typed] სწორია ჩაწერილი
    [read] სწორია ფოტოს რიცხვი
   *[other] ხელახლა ჩაიწერა
}
mileage-button-typed = ✅ სწორია ჩაწერილი: { NUMBER($km, useGrouping: 1) } კმ
mileage-button-read = 📷 სწორია ფოტო: { NUMBER($km, useGrouping: 1) } კმ
mileage-button-again = ✏️ ხელახლა ჩაწერა
mileage-type = 🧭 <b>{ $car }</b>: 15 წუთის განმავლობაში დაწერეთ გარბენი კილომეტრებში, ერთი რიცხვით.
mileage-type-toast = გარბენი ბოტს პირად ჩატში დაწერეთ
mileage-form-first = თქვენი ღია დათვალიერება რიცხვს ელოდება. უპასუხეთ ან შეაჩერეთ, მერე ხელახლა დააჭირეთ.
mileage-not-yours = 🧭 <b>{ $car }</b>: გარბენზე წყვეტს ის, ვინც დაათვალიერა, ვისაც დავალება აქვს, ან ფილიალის ხელმძღვანელი.
mileage-decided-already = 🧭 <b>{ $car }</b>: გარბენზე უკვე გადაწყვეტილია ({ $name }).
mileage-stale = 🧭 <b>{ $car }</b>: კითხვა გარბენზე შეიცვალა — ხელახლა დახედეთ.
