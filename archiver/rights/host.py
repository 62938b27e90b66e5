"""What a host says of the rights in all that it serves, in files of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archiver.capture import HostRights
from archiver.rights import ai_txt, tdmrep

# Where hosts tell crawlers what they may do; what is said there is to be asked by each crawl.
HOST_FILES = ("/robots.txt", ai_txt.AI_TXT_PATH, tdmrep.TDMREP_PATH)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFiles:
    """The rules of a host's `tdmrep.json` and `ai.txt`; none where it has no such file."""

    tdmrep: tuple[tdmrep.Rule, ...] = ()
    ai_txt: tuple[ai_txt.Rule, ...] = ()

    def rights_in(self, url: str, known: HostRights | None = None) -> HostRights:
        """Return what they say of *url*, a page of that host, beside what is *known* of it."""
        declared = tdmrep.declared_by(self.tdmrep, url)
        return replace(
            known or HostRights(),
            ai_txt_allowed=ai_txt.is_text_allowed(self.ai_txt, url),
            tdm_reservation=declared.reservation,
            tdm_policy=declared.policy,
        )
