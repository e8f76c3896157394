## ვინ იგებს დაზიანების შესახებ

damage-told = { $severity ->
    [4] 🆘
    [3] 🔴
   *[other] 🟠
} <b>ახალი დაზიანება</b>, { $car }: { damage-kind }, { damage-part }
    სიმძიმე: { damage-severity }. დათვალიერება № { $inspection } ({ $occasion ->
    [hand_over] გაცემა
   *[return] დაბრუნება
}), მიუთითა: { $by }. ფოტოები მანქანის თემაშია.
damage-waits = 🟡 { $car }: თქვენს გადაწყვეტილებას ელოდება { $count } ნაპოვნი. ყველაზე მძიმე შეიძლება იყოს: { damage-severity }. დათვალიერება № { $inspection }, მანქანის თემაში.

## პასუხები ღილაკზე

damage-not-yours = ამას წყვეტს { role } ან უფრო მაღალი ({ $who }). არაფერი შეცვლილა.
damage-taken = № { $number } უკვე გადაწყვიტა: { $by } — { $state ->
    [new] ახალი დაზიანება
    [known] ცნობილი დაზიანება
    [not_damage] არ არის დაზიანება
   *[other] საჭიროა უკეთესი ფოტო
}. შეცვლა შეუძლია იმავე ადამიანს ან უფრო მაღალი როლის მქონეს.
damage-too-late = № { $inspection } დათვალიერების შემოწმება დასრულებულია: გადაწყვეტილებები აღარ იცვლება.
damage-reviewed-already = № { $inspection } დათვალიერება უკვე შეამოწმა: { $by }.
damage-review-too-early = № { $inspection } დათვალიერება ჯერ არ არის მზად შესამოწმებლად: ფოტოებს ჯერ იღებენ ან ამუშავებენ.
damage-review-fuel = ⛽ ავზში { $gap } % აკლია. დათვალიერებას № { $inspection } ხურავს { role } ან უფრო მაღალი ({ $who }). არაფერი შეცვლილა.
damage-review-undecided = № { $inspection } დათვალიერებაში გადაუწყვეტელია { $count } ნაპოვნი. ჯერ გადაწყვიტეთ, მერე ისევ დააჭირეთ.

## ფოტო ახლოდან

damage-close-up = 🔍 { $by } ადასტურებს № { $number }: { damage-kind }, { damage-part } ({ $car }). გთხოვთ, გამოაგზავნოთ ერთი ფოტო ახლოდან.
damage-better-photo = 🔍 { $by } ითხოვს უკეთეს ფოტოს, № { $number }: { damage-kind }, { damage-part } ({ $car }). გთხოვთ, გადაიღოთ ახლოდან, კარგ განათებაზე.

## შეიძლება თუ არა მანქანის გაცემა

damage-hold-proposed = ⛔ წინადადება: არ გაიცეს { $car }. დათვალიერება № { $inspection }: { damage-severity }. წყვეტს ხელმძღვანელი.
damage-hold-asked = ❓ შეიძლება თუ არა გაიცეს { $car }? დათვალიერება № { $inspection }: { damage-severity }. წყვეტს ხელმძღვანელი.
damage-hold-button-keep = ⛔ არ გაიცეს
damage-hold-button-issue = ✅ შეიძლება გაიცეს
damage-held = ⛔ { $car } არ გაიცემა: { $by }
damage-released = ✅ { $car } შეიძლება გაიცეს: { $by }
damage-hold-withdrawn = წინადადება, რომ { $car } არ გაიცეს, მოხსნილია: დაზიანება, რის გამოც გაჩნდა, არ არის.
damage-hold-already = { $state ->
    [held] უკვე გადაწყვეტილია: არ გაიცეს ({ $by }).
   *[free] ამ მანქანას არაფერი აკავებს.
}

## რაში შეიძლება ვენდოთ მანქანურ ხედვას

abilities-none = 👁 დაზიანებას მხოლოდ ადამიანები ეძებდნენ: მანქანური ხედვა აქ არ მუშაობდა.
abilities-sees = 🤖 მანქანური ხედვა ეძებს:
abilities-kind = • { damage-kind } (სიზუსტე გაზომილი არ არის)
abilities-kind-measured = • { damage-kind }: 100-დან სწორია { $right }, პოულობს 100-დან { $seen }-ს
abilities-blind = მხოლოდ ადამიანები ეძებენ:
abilities-blind-kind = { damage-kind }
