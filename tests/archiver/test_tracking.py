from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.tracking import telling

DIGEST = "0123456789abcdef0123456789abcdef"

TELLS_NOTHING = [
    # advertisers and networks
    "utm_source=rss", "UTM_Campaign=spring", "utm_anything", "fbclid=IwAR", "gclid=Cj", "dclid=1",
    "gclsrc=aw.ds", "gad_source=1", "gbraid=0AAA", "wbraid=1", "msclkid=1", "yclid=1", "ysclid=1",
    "twclid=1", "ttclid=1", "igsh=1", "igshid=MzRl", "srsltid=Afm", "li_fat_id=1", "fb_ref=1",
    "fb_action_ids=1", "ref_src=twsrc%5Etfw", "__twitter_impression=true", "hsa_cam=1",
    # statistics
    "_ga=2.2", "_gl=1", "pk_campaign=a", "pk_kwd=a", "piwik_campaign=a", "mtm_campaign=a",
    "at_medium=rss", "at_campaign=64", "at_campaign_type=owned", "at_custom1=link", "xtor=RSS-1",
    "at_link_id=1", "ns_mchannel=rss", "ns_campaign=a", "wt_mc=rss.red", "wt_zmc=a", "s_kwcid=AL",
    "sc_cid=1", "cm_mmc=a-_-b", "itm_source=a", "ga_medium=a", "intcmp=a", "int_cmp=a",
    "guccounter=1", "guce_referrer=aHR0", "_openstat=1",
    # newsletters
    "mc_cid=1", "mc_eid=1", "_hsenc=1", "_hsmi=1", "__hstc=1", "hsCtaTracking=1", "mkt_tok=1",
    "oly_enc_id=1", "vero_id=1",
    # where the reader came from
    "ref=rss", "cmp=rss", "CMP=share_btn_tw", "source=home-page", "src=share_button", "r=rss",
    "referrer=google", "ito=social-facebook", "from=push", "via=newsletter",
    # sessions
    "PHPSESSID=k1", "jsessionid=0A", "ASPSESSIONIDQQBCARRS=OGAL", "ASP.NET_SessionId=4hqa",
    f"sid={DIGEST}", f"s={DIGEST}", f"session_id={DIGEST}{DIGEST}", f"osCsid={DIGEST}",
    # the same, encoded once too often or for no reason
    "amp%3Butm_source=rss", "utm%5Fsource=rss", "ref=%72ss",
    # the same page, with a form for a comment
    "replytocom=12345",
]  # fmt: skip

TELLS = [
    "id=1", "p=123", "page=2", "cid=7", "uid=7", "sid=123", f"sid={DIGEST[:31]}", "s=snow",
    f"s={DIGEST}-snow", "session=spring-2024", "gallery=3", "global=1", "keyword=snow", "pk_id=7",
    "pk=7", "at_home=1", "ns_id=1", "utm=1", "ref=12345", "ref=", "ref", "source=reuters",
    "source=puerto-reco-2", "from=2024-05-03", "cmp=rss2", "via=rss-12345", "r=7", "mod=rss",
    "feed=rss", "amp=1", "print=1", "lang=fr", "outputType=amp", "share=twitter", "cfid=12",
    "cftoken=34", "tag=utm_source", "my_utm_source=rss", "=utm_source", "_=1", "v=1",
]  # fmt: skip


@pytest.mark.parametrize("field", TELLS_NOTHING)
def test_who_reads_a_page_tells_nothing_about_it(field: str) -> None:
    assert telling(f"a=1&{field}&z=2") == ["a=1", "z=2"]


@pytest.mark.parametrize("field", TELLS)
def test_what_may_tell_one_page_from_another_stays(field: str) -> None:
    assert telling(f"a=1&{field}&z=2") == ["a=1", field, "z=2"]


def test_the_two_fields_of_a_coldfusion_session_go_together() -> None:
    assert telling("CFID=12&CFTOKEN=34&id=7") == ["id=7"]


def test_fields_without_text_are_none() -> None:
    assert telling("") == telling("&&") == []


@given(st.text())
def test_what_is_left_is_left_again(query: str) -> None:
    once = telling(query)
    assert telling("&".join(once)) == once
