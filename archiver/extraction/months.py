"""The months by their names, in the languages of the press; no library of ours knows them.

Full names in the cases that dates use, and the abbreviations that are printed. Names that mean
one month in one language and another in the next go by the more common language.
"""

from __future__ import annotations

# One line a month. The Slavic ones are in the genitive, Finnish ones in the partitive.
_MONTHS = (
    # January
    """january jan jänner januar janvier janv enero ene gennaio gen janeiro januari tammikuuta
    stycznia styczeń sty января янв січня ledna leden január ianuarie ian ocak oca ιανουαρίου
    ιανουάριος \u03b9\u03b1\u03bd γεν січ jaanuar janvāris sausio januara januára siječnja
    януари يناير جانفي gener""",
    # February
    """february feb febr februar février févr fév fevrier febrero febbraio fevereiro fev februari
    helmikuuta luty lutego lut февраля фев февр лютого февруари února únor február februarie
    şubat şub φεβρουαρίου φεβρουάριος φεβ feber februára veljače فبراير فيفري febrer vasario
    veebruar""",
    # March
    """march mar märz mrz mär maerz mars marzo março marco maart mrt marts maret maaliskuuta marca
    marzec марта мар март березня března březen március márc martie mart μαρτίου μάρτιος μαρ
    ožujka مارس març kovo märts""",
    # April
    """april apr avril avr abril abr aprile kwietnia kwiecień kwi апреля апр април квітня dubna
    duben április ápr aprilie nisan nis απριλίου απρίλιος απρ apríla travnja huhtikuuta أبريل
    افريل balandžio aprill""",
    # May
    """may mai mayo maggio mag maio mei maj maja мая май травня května květen május máj may\u0131s
    mayis μαΐου μάιος μάι μαϊ toukokuuta svibnja mája مايو ماي maig gegužės""",
    # June
    """june jun juni juin junio giugno giu junho czerwca czerwiec cze июня июн юни червня června
    červen június jún iunie haziran haz ιουνίου ιούνιος \u03b9\u03bf\u03c5\u03bd kesäkuuta
    lipnja júna يونيو جوان juny birželio juuni""",
    # July
    """july jul juli juillet juil julio luglio lug julho lipca lipiec lip июля июл юли липня
    července červenec július júl iulie temmuz tem ιουλίου ιούλιος ιουλ heinäkuuta srpnja júla
    يوليو جويلية juliol liepos juuli""",
    # August
    """august aug août aout agosto ago agustus augustus augusti sierpnia sierpień sie августа авг
    август серпня srpna srpen augusztus ağustos agustos ağu αυγούστου αύγουστος
    \u03b1\u03c5\u03b3 elokuuta kolovoza augusta أغسطس اوت agost rugpjūčio agt ags""",
    # September
    """september sep sept septembre septiembre setiembre settembre set setembro września wrzesień
    wrz сентября сен сент септември вересня září szeptember szept septembrie eylül eyl
    σεπτεμβρίου σεπτέμβριος σεπ σεπτ syyskuuta rujna septembra سبتمبر setembre rugsėjo""",
    # October
    """october oct oktober okt octobre octubre ottobre ott outubro out października październik paź
    октября окт октомври жовтня října říjen október octombrie ekim eki οκτωβρίου οκτώβριος οκτ
    lokakuuta októbra أكتوبر octubre spalio oktoober""",
    # November
    """november nov novembre noviembre novembro listopada listopad lis ноября ноя нояб ноември
    листопада listopadu noiembrie kas\u0131m kasim kas νοεμβρίου νοέμβριος νοε νοεμ marraskuuta
    studenoga novembra نوفمبر lapkričio""",
    # December
    """december dec dez dezember décembre déc decembre diciembre dic dicembre dezembro desember des
    grudnia grudzień gru декабря дек декември грудня prosince prosinec decembrie aral\u0131k
    aralik ara δεκεμβρίου δεκέμβριος δεκ joulukuuta prosinca decembra ديسمبر desembre gruodžio
    detsember""",
)
_NUMBERS = {
    name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()
}


def month_named(name: str) -> int | None:
    """Return the number of the month called *name*, from 1, or None."""
    return _NUMBERS.get(name.casefold()) or _NUMBERS.get(name.lower())
