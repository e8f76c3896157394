"""Months and days of the week; months count from 1, days from Monday as 1."""

from core.locked.words.lexicon import Lexicon

MONTHS = Lexicon.of(
    {
        "1": "january jan январ* янв იანვ* იან ינואר يناير januar jaenner jänner ocak* jan",
        "2": "february feb феврал* фев თებერვ* თებ פברואר فبراير شباط februar şubat* feb",
        "3": "march? mar? март* мар მარტ* מרץ מרס مارس آذار märz mär mart*",
        "4": "april apr апрел* апр აპრილ* აპრ אפריל أبريل نيسان nisan*",
        "5": "may? май мая мае маю მაის* מאי مايو أيار mai? mayıs*",
        "6": "june jun июн* ივნის* ივნ יוני يونيو يونيه حزيران juni haziran*",
        "7": "july jul июл* ივლის* ივლ יולי يوليو يوليه تموز juli temmuz*",
        "8": "august aug август* авг აგვისტ* აგვ אוגוסט أغسطس ağustos*",
        "9": "september sept sep сентябр* сен сент სექტემბ* სექ ספטמבר سبتمبر أيلول eylül*",
        "10": "october oct октябр* окт ოქტომბ* ოქტ אוקטובר أكتوبر oktober okt ekim*",
        "11": "november nov ноябр* ноя нояб ნოემბ* ნოე נובמבר نوفمبر kasım*",
        "12": "december dec декабр* дек დეკემბ* დეკ דצמבר ديسمبر dezember dez aralık*",
    },
)

WEEKDAYS = Lexicon.of(
    {
        "1": "monday mondays понедельник* ორშაბათ* الاثنين montag* pazartesi*",
        "2": "tuesday tuesdays вторник* სამშაბათ* الثلاثاء dienstag* salı?",
        "3": "wednesday wednesdays среда? среду? среды? среде? ოთხშაბათ* الأربعاء mittwoch* çarşamba*",
        "4": "thursday thursdays четверг* ხუთშაბათ* الخميس donnerstag* perşembe*",
        "5": "friday fridays пятниц* პარასკევ* الجمعة freitag* cuma",
        "6": "saturday saturdays суббот* შაბათ* שבת السبت samstag* sonnabend* cumartesi*",
        "7": "sunday sundays воскресень* კვირას? კვირა? الأحد? sonntag* pazar?",
    },
)
"""Hebrew days ("day second") are expressions of two words, read in ``locked.find``; Sabbath is one."""
