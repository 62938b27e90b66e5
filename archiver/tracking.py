"""Parameters that tell nothing about a page, but who reads it and what has led there.

Text in, text out. The list of courlan, which trafilatura brings along, does not serve here: it
takes `cid`, `uid`, `source` and whatever begins with `ga` or `gl`, such as `gallery`, for
tracking, and on many sites one of these is what tells one article from another.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

# Names that servers themselves give to their sessions.
_SESSION = re.compile(r"jsessionid|phpsessid|aspsessionid[a-z]{8}|asp\.net_sessionid")
# Each of ColdFusion's two is a name like others; together they are its session.
_COLDFUSION = frozenset(("cfid", "cftoken"))
# `sid` is the story in one place and the session in another: a digest is not a story's number,
# and an index, by the SURT, takes both URLs for one already.
_MAYBE_SESSION = re.compile(r"s|sid|sess|sessid|session|sessionid|session_id|oscsid|zenid")
_DIGEST = re.compile(r"[0-9a-f]{32,}")

# By these, advertisers, newsletters and statistics follow a reader. The names were made for it
# and stand for nothing else, whatever the value.
_TRACKER = re.compile(
    r"(?:utm|hsa|mtm|matomo)_.*"
    r"|pk_(?:campaign|kwd|keyword|source|medium|content|cid)|piwik_(?:campaign|kwd|keyword)"
    r"|(?:dm|ga|itm|mc)_(?:source|medium|campaign|content|term)"
    r"|at_(?:medium|campaign(?:_.*)?|custom[0-9]*|link(?:_.*)?|ptr_(?:name|type)|bbc_team|format)"
    r"|ns_(?:campaign|fee|linkname|mchannel|source)"
    r"|fb_(?:action_ids|action_types|ref|source)"
    r"|(?:fbc|gc|dc|yc|ysc|twc|ttc)lid|msclkid|gclsrc|gad_(?:source|campaignid)|[gw]braid"
    r"|mc_[ce]id|_hs(?:enc|mi)|__hs(?:tc|sc|fp)|hsctatracking|mkt_tok|oly_(?:anon|enc)_id"
    r"|vero_(?:id|conv)|_g[al]|igsh(?:id)?|srsltid|li_fat_id|s_kwcid|sc_cid|_openstat"
    r"|wt_z?mc|xtor|guccounter|guce_referrer(?:_sig)?|__twitter_impression|cm_mmc|int_?cmp"
    r"|ref_(?:src|url)"
    r"|replytocom"  # where WordPress puts the form for a comment: the page is the same
)
# Names that may stand for more: they are tracking where every word of the value is a channel.
_MAYBE_TRACKER = re.compile(r"cmp|cmpid|from|ico|ito|origin|r|ref|referr?er|source|src|via")
_CHANNEL = re.compile(
    r"amp|apps?|atom|bottom|btn|button|copy|copylink|e?mail|facebook|fb|feeds?|flipboard|footer"
    r"|front|frontpage|google|header|home|homepage|hp|instagram|links?|linkedin|mobile|more"
    r"|newsletter|nl|page|pinterest|push|reddit|related|rss|share|shared|sharing|sidebar|social"
    r"|socialflow|teaser|telegram|top|tw|twitter|web|whatsapp|widget|x"
)
_WORDS = re.compile(r"[-_.+ ]+")


def telling(query: str) -> list[str]:
    """Return the fields of *query*, in their order, that may tell one page from another."""
    named = [(_name(field), field) for field in query.split("&") if field]
    is_coldfusion = _COLDFUSION.issubset(name for name, _ in named)
    return [
        field
        for name, field in named
        if not (is_coldfusion and name in _COLDFUSION) and not _tells_nothing(name, field)
    ]


def _name(field: str) -> str:
    # Where a page's & was encoded twice, `amp;` has become part of the name.
    return unquote_plus(field.partition("=")[0]).lower().removeprefix("amp;")


def _tells_nothing(name: str, field: str) -> bool:
    if _TRACKER.fullmatch(name) or _SESSION.fullmatch(name):
        return True
    value = unquote_plus(field.partition("=")[2]).lower()
    if _MAYBE_SESSION.fullmatch(name):
        return _DIGEST.fullmatch(value) is not None
    words = _WORDS.split(value)
    return bool(_MAYBE_TRACKER.fullmatch(name)) and all(map(_CHANNEL.fullmatch, words))
