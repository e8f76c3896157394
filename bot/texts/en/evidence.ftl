## The report of an inspection and its links

evidence-report = 📑 <b>Report of inspection No. { $number }</b> { $car }
evidence-page = • { evidence-language }: <a href="{ $page }">page</a>
evidence-page-pdf = • { evidence-language }: <a href="{ $page }">page</a> · <a href="{ $pdf }">PDF</a>
evidence-language = { $language ->
    [ru] Russian
    [en] English
    [ka] Georgian
   *[other] for the client ({ $language })
}
evidence-no-pdf = There is no PDF: the server lacks the libraries for it. The page is the whole report.
evidence-no-links = It is kept, but no link can be made: an administrator has to set http.public_url.
evidence-new-links = 🔗 New links
