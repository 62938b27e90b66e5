"""The project's Scrapy settings. Those that begin with `ARCHIVE_` have their defaults in
`archiver.options`; the add-on below applies them and puts our components in their places.
"""

from importlib.util import find_spec

from archiver import __version__

BOT_NAME = "archiver"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"
COMMANDS_MODULE = "pipelines.commands"
ADDONS = {"archiver.addon.ArchiveAddon": 0}

# Manners: a publisher should be able to tell who asks, to say no, and not to feel it.
USER_AGENT = f"archiver/{__version__}"
ROBOTSTXT_OBEY = True
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
CONCURRENT_REQUESTS_PER_DOMAIN = 2

# No page of news comes near; who sends without end, or an octet a second, is cut short here.
DOWNLOAD_MAXSIZE = 100 << 20
DOWNLOAD_TIMEOUT = 60

# A third of the event loop's cost, where it can be had.
ASYNCIO_EVENT_LOOP = "uvloop.Loop" if find_spec("uvloop") else None
# It reads the spider's source when an answer arrives, which fails, and with it the page, once no
# file can be opened any more.
WARN_ON_GENERATOR_RETURN_VALUE = False
# Nothing listens unless asked.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
LOG_LEVEL = "INFO"
FEED_EXPORT_ENCODING = "utf-8"
