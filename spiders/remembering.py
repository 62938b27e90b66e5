"""What a discovering spider remembers: the collection's memory, and the rounds of its seeds."""

from __future__ import annotations

from collections.abc import Sequence

from scrapy.crawler import Crawler

from archiver.memory import Memory
from archiver.options import Options
from archiver.state import State
from archiver.storage import access_from
from archiver.watch import Watch
from spiders.known import Known
from spiders.rounds import Rounds, Time


def remembered_by(
    crawler: Crawler, options: Options, job: str, seeds: Sequence[str], time: Time
) -> tuple[Known, Rounds]:
    """Open what the crawl of *job* remembers; nothing where nothing is written down."""
    is_kept = options.is_enabled and options.replay_from is None
    if not is_kept:
        rounds = Rounds(None, seeds, crawler.stats, time, is_watching=False)
        return Known(None, options.recrawl), rounds
    endpoint = access_from(crawler.settings).endpoint_url
    state = State(options.work_dir, options.store, options.collection, endpoint)
    state.make()
    watch = Watch(state.watch_path(job), seeds)
    rounds = Rounds(watch, seeds, crawler.stats, time, is_watching=options.is_watching)
    memory = Memory(state.memory_path)
    return Known(memory, options.recrawl, reads_texts=options.is_text_enabled), rounds
