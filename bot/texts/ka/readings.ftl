## რა წაიკითხეს აგენტებმა დათვალიერების ფოტოებზე

reading-fuel-again = ⛽️ <b>{ $car }</b>: საწვავის დონე არ იკითხება. დაბრუნდით ხელსაწყოებთან და გადაიღეთ კიდევ ერთი ფოტო ჩართული ანთებით, ან შეიყვანეთ დონე, როცა ფორმა გკითხავთ.
reading-fuel-gap = ⛽️ <b>{ $car }</b>: ავზს აკლია { $gap } %. გაცემისას იყო { $before } %, დაბრუნებისას { $after } %. დაბრუნება არ დახუროთ, სანამ ეს არ გადაწყდება.
reading-mileage-less = 🧭 <b>{ $car }</b>: ჩაიწერა { NUMBER($km) } კმ, მანამდე კი უკვე { NUMBER($known) } კმ იყო. გადაამოწმეთ და გაასწორეთ.
reading-mileage-too-much = 🧭 <b>{ $car }</b>: ჩაიწერა { NUMBER($km) } კმ, მანამდე იყო { NUMBER($known) } კმ. ამ დროისთვის ძალიან ბევრია — გადაამოწმეთ.
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
