"""What reaches a bucket: read from settings, and refused in a sentence that tells no secret."""

from __future__ import annotations

import copy
import pickle
import pprint
from pathlib import Path
from typing import Any

import pytest

from archiver.errors import SettingError
from archiver.storage.access import Access, Secret, access_from, is_amazon

KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalr/K7MDENG+bPxRfi"}


def test_settings_that_say_nothing_leave_all_of_it_to_boto3() -> None:
    assert access_from({}) == Access()
    assert (
        access_from(dict.fromkeys(["AWS_ACCESS_KEY_ID", "AWS_VERIFY", "AWS_USE_SSL"])) == Access()
    )


def test_settings_say_how_a_bucket_is_reached(tmp_path: Path) -> None:
    settings = KEYS | {
        "AWS_SESSION_TOKEN": "token",
        "AWS_ENDPOINT_URL": "https://s3.example.org:9000/",
        "AWS_REGION_NAME": "eu-central-1",
        "AWS_VERIFY": str(tmp_path),
        "AWS_USE_SSL": "False",
        "ARCHIVE_S3_ADDRESSING": "virtual",
        "ARCHIVE_S3_CHECKSUMS": "when_supported",
    }

    assert access_from(settings) == Access(
        endpoint_url="https://s3.example.org:9000",
        access_key_id="AKIDEXAMPLE",
        secret_access_key="wJalr/K7MDENG+bPxRfi",
        session_token="token",
        region="eu-central-1",
        verify=str(tmp_path),
        use_ssl=False,
        addressing="virtual",
        checksums="when_supported",
    )


@pytest.mark.parametrize(
    ("value", "expected"), [(False, False), ("False", False), ("0", False), (True, None)]
)
def test_certificates_are_verified_unless_that_is_switched_off(
    value: object, expected: bool | None
) -> None:
    assert access_from({"AWS_VERIFY": value}).verify is expected


def test_an_endpoint_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert access_from({}).endpoint_url == "http://127.0.0.1:1"

    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:2")
    assert access_from({}).endpoint_url == "http://127.0.0.1:2"
    assert access_from({"AWS_ENDPOINT_URL": "http://[::1]:3"}).endpoint_url == "http://[::1]:3"

    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    assert access_from({}).endpoint_url is None


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"AWS_ENDPOINT_URL": "s3.example.org"}, "does not begin with http:// or https://: write"),
    ({"AWS_ENDPOINT_URL": "localhost:9000"}, "does not begin with http:// or https://: write"),
    ({"AWS_ENDPOINT_URL": "ftp://hidden"}, "does not begin with http:// or https://: write it"),
    ({"AWS_ENDPOINT_URL": "https://"}, "names no host: write it as https://host:port"),
    ({"AWS_ENDPOINT_URL": "https://hidden:99999"}, "is no address: write it as https://host"),
    ({"AWS_ENDPOINT_URL": "https://[hidden"}, "is no address: write it as https://host:port"),
    ({"AWS_ENDPOINT_URL": "https://h?hidden"}, "the bucket belongs into ARCHIVE_STORE"),
    ({"AWS_ENDPOINT_URL": "https://a:hidden@h"}, "holds credentials: give them in AWS_ACCESS"),
    ({"AWS_ENDPOINT_URL": "https://h\nidden"}, "is no address: write it as https://host:port"),
    ({"AWS_ENDPOINT_URL": 80}, "is no address: write it as https://host:port"),
    ({"AWS_ENDPOINT_URL": "h", "AWS_USE_SSL": False}, "write it as http://host:port"),
    ({"AWS_ACCESS_KEY_ID": "hidden"}, "is set and AWS_SECRET_ACCESS_KEY is not: give both"),
    ({"AWS_SECRET_ACCESS_KEY": "hidden"}, "is set and AWS_ACCESS_KEY_ID is not: give both"),
    ({"AWS_SESSION_TOKEN": "hidden"}, "is set without AWS_ACCESS_KEY_ID: give both"),
    (KEYS | {"AWS_SECRET_ACCESS_KEY": "hidden\n"}, "is no credential: printable ASCII without"),
    (KEYS | {"AWS_ACCESS_KEY_ID": "hiddén"}, "is no credential: printable ASCII without blanks"),
    (KEYS | {"AWS_SESSION_TOKEN": b"hidden"}, "is no credential: printable ASCII without blanks"),
    ({"AWS_REGION_NAME": "eu central"}, "is no region: write it as eu-central-1"),
    ({"AWS_USE_SSL": "perhaps"}, "is 'perhaps': it is True or False"),
    ({"AWS_VERIFY": "/nowhere.pem"}, "is '/nowhere.pem': there are no CA certificates"),
    ({"ARCHIVE_S3_ADDRESSING": "both"}, "is 'both': it is one of path, virtual, or None"),
    ({"ARCHIVE_S3_CHECKSUMS": True}, "is True: it is one of when_required, when_supported"),
]


@pytest.mark.parametrize(("settings", "sentence"), REFUSED)
def test_a_setting_that_cannot_be_used_is_refused_by_its_name(
    settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SettingError) as refusal:
        access_from(settings)

    assert sentence in str(refusal.value)
    assert str(refusal.value).startswith(("AWS_", "ARCHIVE_S3_"))
    assert "hid" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_no_representation_tells_a_credential() -> None:
    access = access_from(KEYS | {"AWS_SESSION_TOKEN": "token-of-a-session"})
    shown = repr(access) + pprint.pformat({"key": access.secret_access_key}) + f"{[access]!r}"

    assert "wJalr" not in shown
    assert "AKID" not in shown
    assert "token-of" not in shown


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda secret: pickle.loads(pickle.dumps(secret))]
)
def test_a_secret_is_a_text_that_stays_a_secret(again: Any) -> None:
    secret = again(Secret("open sesame"))

    assert (secret == "open sesame", str(secret), repr(secret)) == (
        True,
        "open sesame",
        "'[withheld]'",
    )


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("https://s3.eu-west-1.amazonaws.com", True),
        ("https://s3.cn-north-1.amazonaws.com.cn", True),
        ("https://s3.dualstack.eu-west-1.api.aws", True),
        ("https://amazonaws.com.example.org", False),
        ("http://127.0.0.1:9000", False),
    ],
)
def test_amazons_own_endpoints_are_known(endpoint: str, expected: bool) -> None:
    assert is_amazon(endpoint) is expected
