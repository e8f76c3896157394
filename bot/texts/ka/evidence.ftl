## დათვალიერების ანგარიში და მისი ბმულები

evidence-report = 📑 <b>დათვალიერების ანგარიში № { $number }</b> { $car }
evidence-page = • { evidence-language }: <a href="{ $page }">გვერდი</a>
evidence-page-pdf = • { evidence-language }: <a href="{ $page }">გვერდი</a> · <a href="{ $pdf }">PDF</a>
evidence-language = { $language ->
    [ru] რუსულად
    [en] ინგლისურად
    [ka] ქართულად
   *[other] კლიენტისთვის ({ $language })
}
evidence-no-pdf = PDF არ არის: სერვერს ბიბლიოთეკები აკლია. გვერდი სრული ანგარიშია.
evidence-no-links = ის შენახულია, მაგრამ ბმული ვერ შეიქმნა: ადმინისტრატორმა უნდა მიუთითოს http.public_url.
evidence-new-links = 🔗 ახალი ბმულები
