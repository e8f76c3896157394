## Отчёт об осмотре и ссылки на него

evidence-report = 📑 <b>Отчёт об осмотре № { $number }</b> { $car }
evidence-page = • { evidence-language }: <a href="{ $page }">страница</a>
evidence-page-pdf = • { evidence-language }: <a href="{ $page }">страница</a> · <a href="{ $pdf }">PDF</a>
evidence-language = { $language ->
    [ru] по-русски
    [en] по-английски
    [ka] по-грузински
   *[other] для клиента ({ $language })
}
evidence-no-pdf = PDF нет: на сервере не хватает библиотек. Страница — это весь отчёт.
evidence-no-links = Он сохранён, но ссылку сделать нельзя: администратору нужно задать http.public_url.
evidence-new-links = 🔗 Новые ссылки
