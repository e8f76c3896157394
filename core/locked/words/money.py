"""Currencies: codes, signs and words."""

from core.locked.words.lexicon import Lexicon

MONEY = Lexicon.of(
    {
        "GEL": "gel lari laris лари ლარ* لاري לארי ₾",
        "USD": "usd dollar dollars bucks доллар* долл дол бакс* დოლარ* دولار دولارات דולר דולרים dolar* $",
        "EUR": "eur euro euros евро ევრო* يورو אירו יורו avro* €",
        "RUB": "rub rur rouble roubles ruble rubles рубл* руб რუბლ* روبل רובל רובלים rubel* ruble* ₽",
        "TRY": "lira* лир лиры лира лирах ლირა* ليرة לירה לירות ₺",
        "ILS": "ils nis shekel shekels шекел* შეკელ* شيكل شيقل שקל שקלים שח ש schekel* şekel* ₪",
        "GBP": "gbp фунт* pfund £",
        "AED": "aed dirham dirhams дирхам* დირჰამ* درهم دراهم דירהם dirhem*",
        "SAR": "sar riyal* риял* ريال",
        "AMD": "amd dram драм* ֏",
        "AZN": "azn manat* манат* მანათ* ₼",
        "KZT": "kzt tenge тенге ₸",
        "UAH": "uah грив* ₴",
    },
)
SIGNS = "₾$€₽₺₪£֏₼₸₴"
