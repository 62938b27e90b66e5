"""Shows archives in a browser: ReplayWeb.page, served from this machine to this machine."""

from archiver.replay.run import run_replay

__all__ = ["run_replay"]
