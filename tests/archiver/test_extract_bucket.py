"""Texts made from what lies in a bucket are those made from its copy on the disk."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from archiver.cli import main
from archiver.errors import ArchiveError
from archiver.originals import Originals
from archiver.reader import read_record
from archiver.reextraction import extract_all
from archiver.warcfiles import find_warcs
from tests.archiver.landing import Counting, given, landed
from tests.archiver.quay import STEM, build
from tests.archiver.test_originals import FIRST, SECOND, write
from tests.archiver.test_reextraction import MEMBERS, ONE_MEMBER, PLAIN
from tests.servers.faults import Do, Fault
from tests.servers.faulty import faulty
from tests.servers.s3 import S3Server


@pytest.fixture(params=["rclone", "swift"])
def server(request: pytest.FixtureRequest) -> S3Server:
    server: S3Server = request.getfixturevalue(request.param)
    return server


def extracted(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run `archiver extract`; return its status, what it counts and what it complains of."""
    status = main(["extract", *arguments])
    output = capsys.readouterr()
    return status, output.out.partition(": ")[2], output.err


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def archives(tmp_path: Path) -> Path:
    """Return a folder of WARCs: of several packings, with revisits, and a collection in it."""
    folder = tmp_path / "archives"
    folder.mkdir()
    original = write(folder / "a.warc.gz", FIRST, None, is_page=True)
    write(folder / "b.warc.gz", SECOND, original, is_page=True)
    (folder / "members.warc.gz").write_bytes(MEMBERS)
    (folder / "one.warc.gz").write_bytes(ONE_MEMBER)
    (folder / "plain.warc").write_bytes(PLAIN)
    (folder / "cut.warc.gz").write_bytes(MEMBERS[:-40])
    (folder / "empty.warc.gz").write_bytes(b"")
    (folder / "zipped4.warc.gz").write_bytes(b"\x04\x22\x4d\x18" + bytes(90))
    build(folder)
    return folder


@pytest.mark.parametrize("path", ["", "quay", "members.warc.gz", f"quay/archive/{STEM}.warc.gz"])
@pytest.mark.parametrize("workers", ["0", "2"])
def test_the_texts_are_those_of_the_copy_on_the_disk(
    tmp_path: Path, archives: Path, rclone: S3Server, path: str, workers: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    address = landed(archives, rclone, "deep")
    rest = ("--workers", workers, "--out")
    told = extracted(capsys, f"{archives}/{path}", *rest, str(tmp_path / "of disk"))

    found = extracted(
        capsys, f"{address}/{path}", *rest, str(tmp_path / "of bucket"), *given(rclone)
    )

    assert found == told
    assert files_in(tmp_path / "of bucket") == files_in(tmp_path / "of disk")
    assert files_in(tmp_path / "of disk") != {}


def test_it_is_so_with_every_server(
    tmp_path: Path, archives: Path, server: S3Server, capsys: pytest.CaptureFixture[str]
) -> None:
    address = landed(archives, server)
    told = extracted(capsys, str(archives), "--out", str(tmp_path / "of disk"))

    found = extracted(capsys, address, "--out", str(tmp_path / "of bucket"), *given(server))

    assert found == told
    assert files_in(tmp_path / "of bucket") == files_in(tmp_path / "of disk")


def test_the_same_object_may_be_named_twice(tmp_path: Path) -> None:
    build(tmp_path)
    folder = Counting(tmp_path).place("quay")
    warc = folder / "archive" / f"{STEM}.warc.gz"

    assert find_warcs([folder, warc]) == {STEM: warc}


def test_two_objects_with_one_stem_are_refused(tmp_path: Path) -> None:
    for name in ("a.warc", "b/a.warc.gz"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    store = Counting(tmp_path)

    with pytest.raises(ArchiveError) as refusal:
        find_warcs([store.place("a.warc"), store.place("b")])

    refusal.match("^s3://quay/a.warc and s3://quay/b/a.warc.gz have the same stem, ")


def test_texts_are_not_written_into_a_bucket(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["extract", "x.warc", "--out", "s3://quay/text"])

    assert capsys.readouterr().err.endswith(
        "error: argument --out: texts are written to a local folder: name one\n"
    )


# Not more than is asked for


def test_one_record_of_a_large_warc_is_read_by_its_place(tmp_path: Path) -> None:
    original = write(tmp_path / "a.warc.gz", FIRST, None, is_page=False)
    with (tmp_path / "a.warc.gz").open("ab") as file:
        file.write(bytes(50 << 20))
    store = Counting(tmp_path)

    with store.place("a.warc.gz").open("rb") as file:
        block = read_record(file, original.location).read(1 << 20)

    assert block == b"".join(FIRST.response.chunks())
    assert store.octets["a.warc.gz"] < 200_000


def test_the_original_of_a_revisit_is_read_by_its_place(tmp_path: Path) -> None:
    write(tmp_path / "a.warc.gz", FIRST, None, is_page=False)
    with (tmp_path / "a.warc.gz").open("ab") as file:
        file.writelines(gzip.compress(member) for member in 500 * [b"\r\n" * 1000])
    store = Counting(tmp_path)

    with Originals({"a.warc.gz": store.place("a.warc.gz")}) as originals:
        originals.block_of(FIRST.response_id, 1 << 20)
        before = store.octets.total()
        originals.block_of(FIRST.response_id, 1 << 20)

    assert store.octets.total() - before < 100_000


def test_a_warc_without_pages_is_read_once(tmp_path: Path) -> None:
    write(tmp_path / "a.warc.gz", FIRST, None, is_page=False)
    store = Counting(tmp_path)

    extract_all({"a": store.place("a.warc.gz")}, tmp_path / "out", workers=0, complain=print)

    assert store.opened == ["a.warc.gz"]
    assert store.octets.total() == (tmp_path / "a.warc.gz").stat().st_size


# What cannot be read


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("AWS_SECRET_ACCESS_KEY=wr0ng", "AWS_SECRET_ACCESS_KEY"),
        ("AWS_ENDPOINT_URL=http://127.0.0.1:9", "AWS_ENDPOINT_URL"),
        ("AWS_ENDPOINT_URL=127.0.0.1", "AWS_ENDPOINT_URL does not begin with http://"),
    ],
)
def test_a_server_that_cannot_be_used_is_said_and_nothing_is_written(
    tmp_path: Path, archives: Path, server: S3Server, setting: str, sentence: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    address = landed(archives, server)
    out = str(tmp_path / "out")

    found = extracted(capsys, address, "--out", out, *given(server), "-s", setting)

    assert found[:2] == (2, "")
    assert found[2].startswith("archiver: ")
    assert found[2].count("\n") == 1
    assert sentence in found[2]
    assert server.secret_key not in found[2]
    assert not (tmp_path / "out").exists()


def test_what_is_not_in_the_bucket_is_said(
    tmp_path: Path, server: S3Server, capsys: pytest.CaptureFixture[str]
) -> None:
    address = f"s3://{server.bucket()}/x.warc"

    found = extracted(capsys, address, "--out", str(tmp_path / "out"), *given(server))

    assert found == (
        2,
        "",
        f"archiver: {address} is not there: "
        "give a WARC, a WACZ, a collection or a folder of WARCs\n",
    )


def test_a_store_that_fails_on_the_way_ends_it_and_leaves_whole_files_only(
    tmp_path: Path, archives: Path, rclone: S3Server, capsys: pytest.CaptureFixture[str]
) -> None:
    (archives / "b.warc.gz").unlink()  # which has a revisit, for which all are read
    address, out = landed(archives, rclone), tmp_path / "out"
    out.mkdir()
    (out / "one.jsonl.gz").write_bytes(b"before")

    with faulty(rclone) as proxy:
        proxy.add(Fault(do=Do.FAIL, path="/one.warc.gz", times=None))
        status, _, error = extracted(capsys, address, "--out", str(out), *given(proxy.server))

    assert (status, error.count("\n")) == (2, 2)  # another was cut short
    assert "one.warc.gz cannot be read: the server is busy, full or failing" in error
    assert (out / "one.jsonl.gz").read_bytes() == b"before"
    assert [name for name in files_in(out) if name.endswith(".open")] == []
    assert "plain.jsonl.gz" not in files_in(out)


def test_a_page_whose_original_cannot_be_had_is_not_left_out_of_its_file(
    tmp_path: Path, archives: Path, rclone: S3Server, capsys: pytest.CaptureFixture[str]
) -> None:
    address, out = landed(archives, rclone), tmp_path / "out"

    with faulty(rclone) as proxy:
        # Read through once for its pages, it is away when the revisit asks for its payload.
        proxy.add(Fault(do=Do.FAIL, method="GET", path="/a.warc.gz", after=2, times=None))
        status, _, error = extracted(capsys, address, "--out", str(out), *given(proxy.server))

    assert (status, error.count("\n")) == (2, 1)
    assert list(files_in(out)) == ["a.jsonl.gz"]
