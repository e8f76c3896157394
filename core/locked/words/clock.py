"""Words around clock times, and the units that may stand behind a figure."""

from core.locked.words.lexicon import Lexicon

MARKERS = Lexicon.of(
    {
        "am": "am утра דילის დილის დილით בבוקר לפנות صباحا الصبح morgens früh vormittags vormittag sabah sabahleyin",
        "pm": "pm вечера дня საღამოს დღის დღისით בערב אחהצ אחה בצהריים הצהריים مساء مساءا المساء العصر عصرا ظهرا الظهر"
        " nachmittags nachmittag abends abend öğleden öğlen akşam akşamleyin",
        "night": "ночи ღამის ღამით בלילה ليلا الليل nachts gece",
        "clock": "uhr oclock საათზე საათამდე საათიდან საათისთვის",
        "before": "saat الساعه الساعة בשעה שעה",
    },
)
"""Which half of the day a figure belongs to; ``night`` is late evening from six on and early morning before."""

UNITS = Lexicon.of(
    {
        "minute": "minute minutes min mins минут* мин წუთ* דקה דקות دقيقة دقائق minuten dakika* dk",
        "hour": "hour hours hr hrs h час часа часов часам часами საათ* שעה שעות ساعة ساعات stunde stunden saat* std",
        "day": "day days день дня дней дню дням днями დღ* יום ימים يوم أيام يوما tag tage tagen gün* d",
        "night": "night nights ночь ночей ночам לילה לילות ليلة ليالي nacht nächte gece*",
        "week": "week weeks недел* კვირ* שבוע שבועות أسبوع أسابيع woche wochen hafta*",
        "month": "month months месяц* თვ* חודש חודשים شهر أشهر شهور monat monate monaten ay aylık",
        "year": "year years год года лет годам წელ* წლ* שנה שנים سنة سنوات عام jahr jahre jahren yıl* yaş*",
        "km": "km kms км километр* კმ კილომეტრ* קמ ק קילומטר קילומטרים كم كيلومتر kilometer kilometers kilometre*",
        "litre": "l lt liter liters litre litres л литр* ლიტრ* ליטר ליטרים لتر لترات litern",
        "piece": "pcs x х шт штук* ც ცალ* יח Stück stk adet* kg кг",
    },
)
