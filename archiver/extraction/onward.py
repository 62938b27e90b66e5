"""What announces other pages, in the languages of the press."""

from __future__ import annotations

# What a line begins with, whatever its case.
ONWARD = (
    r"related\b|more (?:from|on|stories|news)\b|recommended\b|read (?:more|next|also)\b|"
    r"see also\b|you (?:may|might) (?:also )?like\b|next articles?\b|trending\b|"
    r"most (?:read|popular|viewed)\b|latest (?:news|stories)\b|"
    r"mehr zum thema|das könnte sie|die redaktion empfiehlt|lesen sie (?:auch|mehr)|"
    r"weitere (?:artikel|themen)|meer over\b|lees (?:ook|meer)\b|"
    r"läs (?:också|mer|även)\b|les også\b|læs også\b|lue myös\b|"
    r"(?:à )?lire aussi|sur le même (?:sujet|thème)|articles? (?:liés|similaires)|"
    r"leggi anche|potrebbe(?:ro)? (?:anche )?interessar[tv]i|(?:articoli|notizie) correlat[ie]|"
    r"le[ea] también\b|te puede interesar|(?:artículos|noticias) relacionad[ao]s|"
    r"leia também|veja também|você pode gostar|(?:artigos|notícias) relacionad[ao]s|"
    r"читайте также|читать также|по теме\b|похожие (?:новости|статьи|материалы)|"
    r"czytaj (?:też|także)|zobacz (?:też|także)|podobne (?:artykuły|tematy)|"
    r"διαβάστε (?:επίσης|ακόμα)|σχετικά άρθρα|ilgili haberler|"
    r"相关(?:阅读|新闻|报道)|相關(?:閱讀|新聞|報導)|関連記事|관련 ?(?:기사|뉴스)"
)
