"""Keeps the S3 engine's loggers from telling what it signs and sends.

At DEBUG botocore logs the headers of every request, with what they were signed of, and
urllib3 logs addresses that may be presigned.
"""

from __future__ import annotations

import logging

_ENGINE = ("boto3", "botocore", "s3transfer", "urllib3")


def hush_engine() -> None:
    """Keep the engine's loggers, and those below them, at WARNING or higher."""
    for name in {*_ENGINE, *logging.root.manager.loggerDict}:
        logger = logging.getLogger(name)
        is_lax = logger.level < logging.WARNING and (logger.level or name in _ENGINE)
        if name.partition(".")[0] in _ENGINE and is_lax:
            logger.setLevel(logging.WARNING)
