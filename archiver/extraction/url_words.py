"""The words of addresses that tell what lies there, in the languages of the press.

English, German, French, Spanish, Portuguese, Italian, Dutch, the Nordic languages, Polish,
Russian and Greek, the last two in letters of their own and in Latin ones, without accents.
"""

from __future__ import annotations

from archiver.extraction.article import PageType
from archiver.extraction.phrases import plain


def _words(words: str) -> frozenset[str]:
    return frozenset(map(plain, words.split()))


def _all(words: str, kind: PageType) -> dict[str, PageType]:
    return dict.fromkeys(sorted(_words(words)), kind)


# Segments that name a type for whatever lies below them.
NAMES: dict[str, PageType] = {
    **_all(
        "video videos wideo videot videoer videor filmy videoclips video-clips web-tv webtv "
        "mediathek videoteka videogalerie видео βιντεο vintzeo vod",
        "video",
    ),
    **_all("audio audios podcast podcasts podcaster podkast podkasty подкасты", "audio"),
    **_all(
        "gallery galleries galerie galerien galeria galerias galeries galleria gallerie galeriak "
        "fotogalerie fotogalerien fotogaleria fotogalerias fotogalleria fotogallery photogallery "
        "photo-gallery photo-galleries photogalleries picture-gallery in-pictures bildergalerie "
        "bildergalerien bilderstrecke bilderstrecken bilderserie fotostrecke fotostrecken "
        "fotoserie diaporama diaporamas portfolio-photo slideshow slideshows photostory "
        "bildspel bildserie bildeserie billedserie kuvagalleria fotoreportaz fotorreportaje "
        "fotoreportage фоторепортаж фотогалерея фото fotos photos imagenes album-foto "
        "φωτογραφιες fotografies",
        "gallery",
    ),
    **_all(
        "liveblog live-blog liveblogs liveticker live-ticker newsticker newsblog live-news "
        "en-direct en-directo directo endirecto diretta in-diretta ao-vivo aovivo na-zywo "
        "relacja-na-zywo direkte direktrapport live-uppdatering liveupdates live-updates "
        "live-reporting onlajn онлайн live",
        "liveblog",
    ),
    **_all(
        "tag tags tagged hashtag topic topics keyword keywords label thema themen themenseite "
        "schlagwort schlagwoerter schlagworte stichwort tema temas sujet sujets mot-cle mots-cles "
        "etiqueta etiquetas etichetta etichette argomento argomenti assunto assuntos tagi temat "
        "tematy teg tegi temy sjuzhet story-tag onderwerp onderwerpen trefwoord emne emner "
        "nokkelord avainsana aihe amne amnen etikett тег теги тема темы θεμα θεματα "
        "author authors autor autoren autoren-seite autores autora autore autori auteur auteurs "
        "autorzy avtor avtory avtori autorka journalist journalists journalisten journaliste "
        "redakteur redacteur firmas firma columnista columnistas colunista colunistas "
        "contributor contributors byline columnist columnists skribent forfatter kirjoittaja "
        "автор авторы αρθρογραφοι αρθρογραφος sintaktis arthrografos "
        "category categories kategorie kategorien kategoria kategorii kategori kategorier "
        "categoria categorias categorie rubrik rubriken rubriek rubrieken rubrika rubriki "
        "rubrique rubriques rubrica rubriche section sections ressort ressorts "
        "sezione secao seccion рубрика категория κατηγορια katigoria dossiers",
        "listing",
    ),
    **_all(
        "search suche suchen suchergebnis suchergebnisse recherche rechercher buscar buscador "
        "busca busqueda cerca ricerca pesquisa pesquisar szukaj wyszukaj wyszukiwarka wyniki "
        "poisk search-results searchresults zoeken zoek zoekresultaten sok søk soek sog søg "
        "haku поиск αναζητηση anazitisi",
        "search",
    ),
    **_all(
        "login log-in logon signin sign-in signup sign-up register registration anmelden "
        "anmeldung einloggen registrieren registrierung connexion se-connecter identification "
        "inscription iniciar-sesion iniciarsesion acceso registro registrarse accedi accesso "
        "registrazione entrar cadastro iniciar-sessao logowanie zaloguj zaloguj-sie rejestracja "
        "vhod vojti voyti avtorizacija avtorizaciya registracija registraciya inloggen aanmelden "
        "registreren logg-inn logginn logga-in loggain log-ind kirjaudu authenticate oauth sso "
        "вход войти регистрация συνδεση εισοδος syndesi eisodos eggrafi",
        "login",
    ),
    **_all(
        "consent cookie-consent cookieconsent cookiewall cookie-wall cookie-policy-consent "
        "zustimmung einwilligung privacy-gate privacygate consentement consentimiento consenso "
        "cookie-muur samtykke samtycke",
        "consent",
    ),
    **_all(
        "impressum imprint privacy privacy-policy privacypolicy datenschutz datenschutzerklaerung "
        "agb terms terms-of-use terms-of-service terms-and-conditions nutzungsbedingungen "
        "mentions-legales cgu cgv aviso-legal politica-de-privacidad politica-de-privacidade "
        "note-legali regulamin polityka-prywatnosci colofon colophon cookies cookie-policy "
        "contact contact-us kontakt contacto contatti contato kontakty about about-us ueber-uns "
        "uber-uns a-propos qui-sommes-nous quienes-somos chi-siamo o-nas om-oss om-os over-ons "
        "media-kit mediadaten advertise werbung publicite publicidad newsletter newsletters "
        "subscribe subscription abo abonnement rss sitemap cart warenkorb",
        "other",
    ),
}  # fmt: skip
# Segments that, where there are no others, are those of a section.
SECTIONS = _words(
    "news world uk us europe politics business economy money finance markets sport sports "
    "football culture arts entertainment lifestyle life health science tech technology travel "
    "opinion comment local national international region regions environment climate education "
    "weather nachrichten politik wirtschaft kultur wissen wissenschaft panorama meinung "
    "gesellschaft inland ausland lokales regional gesundheit reise digital technik leben "
    "karriere auto actualite actualites politique economie societe monde sante sciences "
    "noticias politica economia sociedad mundo cultura deportes ciencia tecnologia salud "
    "internacional nacional opinion esportes brasil sociedade desporto saude "
    "notizie cronaca esteri scienza tecnologia salute attualita "
    "nieuws binnenland buitenland economie wetenschap nyheter sverige norge danmark "
    "okonomi ekonomi meninger debatt utrikes inrikes uutiset kotimaa ulkomaat talous urheilu "
    "wiadomosci polska swiat kraj gospodarka biznes kultura nauka zdrowie opinie "
    "novosti politika ekonomika obschestvo obshchestvo mir v-mire nauka proisshestviya "
    "новости политика экономика общество мир спорт культура наука "
    "eidiseis politiki oikonomia kosmos ellada athlitika politismos koinonia "
    "ειδησεις πολιτικη οικονομια κοσμος ελλαδα αθλητικα πολιτισμος κοινωνια blog blogs archive "
    "archives archiv archivo archivio arquivo arhiv archiwum"
)
FRONTS = _words(
    "index home homepage default start startseite main accueil portada inicio strona-glowna "
    "frontpage etusiden"
)
# Names that a site's software gives to a field of the query.
ID_FIELDS = _words(
    "id aid nid newsid news_id articleid article_id art_id artid story storyid itemid "
    "artikel idarticle id_article docid doc pid"
)
SEARCH_FIELDS = _words("s q query search suchwort searchterm")
LIST_FIELDS = _words("cat tag author m paged category")
