"""What holds for the stores under test: boto3 finds no configuration but the test's own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache

import botocore.loaders
import pytest


@pytest.fixture(scope="session", autouse=True)
def _one_loader() -> Iterator[None]:
    """Let boto3 read its models of S3, a tenth of a second's work, once and not for each store."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.session.create_loader", cache(botocore.loaders.create_loader))
        yield


@pytest.fixture(autouse=True)
def _no_configuration_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
