"""The functions that hang, crash and raise here do so for real, in real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, wait
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.capture import Location, Page
from archiver.errors import DamagedRecord
from archiver.text import TextRecord
from archiver.workers import ExtractionLost, Source, Workers

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
PAGE = Page(
    target="http://127.0.0.1/story",
    captured_at=datetime(2026, 3, 4, tzinfo=UTC),
    record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>",
    location=Location(filename="a.warc.gz", offset=0, length=1),
    collection="demo",
)
RECORD = TextRecord(
    id="00000000-0000-4000-8000-000000000001",
    url="http://127.0.0.1/story",
    text="The ferry is back.\n\nÜber den Fluß.",
    text_sha256="0" * 64,
    word_count=7,
    authors=("Odile Harkness",),
    date="2026-03-04T00:00:00.000000Z",
    file_path="a.warc.gz",
    warc_record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>",
    warc_offset=0,
    warc_length=1,
    extractor="none",
    extractor_version="0",
    extractor_config_hash="0",
    quality_mean_word_length=4.0,
    quality_alphabetic_word_fraction=1.0,
    quality_symbol_word_ratio=0.0,
    quality_ellipsis_line_fraction=0.0,
    quality_terminal_punctuation_fraction=1.0,
    quality_short_line_fraction=0.0,
    quality_duplicate_line_fraction=0.0,
    quality_replacement_count=0,
)


# What the workers are given to do. They import this module, and find it by this name.


def answer(source: Source, page: Page) -> TextRecord | None:
    return RECORD


def find_nothing(source: Source, page: Page) -> TextRecord | None:
    return None


def tell_process(source: Source, page: Page) -> TextRecord | None:
    raise DamagedRecord(str(os.getpid()), 0, str(source))


def obey(source: Source, page: Page) -> TextRecord | None:
    """Do what the source says; say by an error which process did it."""
    match source:
        case "hang":
            time.sleep(60)
        case "hang in C":
            # Python code, and a signal handler with it, gets no turn until this is computed.
            pow(7, 10**9)
        case "exit":
            os._exit(3)
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "raise":
            raise RecursionError("too deep")
        case "print":
            print("a library with something to say")
    return tell_process(source, page)


def process_of(workers: Workers) -> int:
    """Return the id of the process that answers now."""
    error = workers.submit("", PAGE).exception(timeout=20)
    assert isinstance(error, DamagedRecord)
    return int(error.filename)


@pytest.fixture(params=[1, 0], ids=["process", "thread"])
def count(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def one_process() -> Iterator[Workers]:
    with Workers(1, timeout=1.0, function=f"{__name__}:obey") as workers:
        yield workers


def test_a_text_record_comes_back_whole(count: int) -> None:
    with Workers(count, timeout=20, function=f"{__name__}:answer") as workers:
        assert workers.submit("x", PAGE).result(timeout=20) == RECORD


def test_a_page_without_text_gives_none(count: int) -> None:
    with Workers(count, timeout=20, function=f"{__name__}:find_nothing") as workers:
        assert workers.submit("x", PAGE).result(timeout=20) is None


def test_an_error_of_ours_comes_back_as_it_was_raised(count: int) -> None:
    with Workers(count, timeout=20, function=f"{__name__}:tell_process") as workers:
        error = workers.submit("the problem", PAGE).exception(timeout=20)

    assert isinstance(error, DamagedRecord)
    assert error.problem == "the problem"


def test_any_other_error_is_a_crash_that_names_page_error_and_line(count: int) -> None:
    with Workers(count, timeout=20, function=f"{__name__}:obey") as workers:
        error = workers.submit("raise", PAGE).exception(timeout=20)

    assert isinstance(error, ExtractionLost)
    assert error.reason == "crash"
    assert str(error).startswith(
        "http://127.0.0.1/story: no text, RecursionError: too deep (test_workers.py, line "
    )


def test_a_page_that_hangs_is_lost_and_the_next_is_not(count: int) -> None:
    with Workers(count, timeout=0.5, function=f"{__name__}:obey") as workers:
        hanging = workers.submit("hang", PAGE).exception(timeout=20)
        following = workers.submit("", PAGE).exception(timeout=20)

    assert isinstance(hanging, ExtractionLost)
    assert hanging.reason == "timeout"
    assert str(hanging) == "http://127.0.0.1/story: no text, it took longer than 0.5 s"
    assert isinstance(following, DamagedRecord)


def test_a_page_that_hangs_in_c_code_is_lost_too(one_process: Workers) -> None:
    error = one_process.submit("hang in C", PAGE).exception(timeout=20)

    assert isinstance(error, ExtractionLost)
    assert error.reason == "timeout"


@pytest.mark.parametrize(("order", "status"), [("exit", 3), ("die", -signal.SIGKILL)])
def test_a_page_that_ends_its_process_is_lost_and_the_next_is_not(
    one_process: Workers, order: str, status: int
) -> None:
    crash = one_process.submit(order, PAGE).exception(timeout=20)
    following = one_process.submit("", PAGE).exception(timeout=20)

    assert isinstance(crash, ExtractionLost)
    assert crash.reason == "crash"
    assert crash.detail == f"its process ended with status {status}"
    assert isinstance(following, DamagedRecord)


def test_a_process_is_kept_from_page_to_page(one_process: Workers) -> None:
    assert process_of(one_process) == process_of(one_process)


def test_a_process_that_is_killed_while_idle_costs_no_page(one_process: Workers) -> None:
    first = process_of(one_process)
    os.kill(first, signal.SIGKILL)
    time.sleep(0.1)

    assert process_of(one_process) != first


def test_a_process_ignores_the_interrupt_that_ctrl_c_sends_to_all(one_process: Workers) -> None:
    first = process_of(one_process)
    os.kill(first, signal.SIGINT)

    assert process_of(one_process) == first


def test_what_a_library_prints_does_not_run_into_the_answers(one_process: Workers) -> None:
    printing = one_process.submit("print", PAGE).exception(timeout=20)

    assert isinstance(printing, DamagedRecord)


def test_all_that_was_submitted_is_done_before_close_returns(count: int) -> None:
    workers = Workers(count, timeout=20, function=f"{__name__}:find_nothing")
    futures = [workers.submit("x", PAGE) for _ in range(20)]
    workers.close()

    assert [future.result(timeout=0) for future in futures] == [None] * 20


@pytest.mark.parametrize("delay", [0.01, 0.5], ids=["while it starts", "while it works"])
def test_kill_waits_neither_for_what_runs_nor_for_what_waits(count: int, delay: float) -> None:
    workers = Workers(count, timeout=60, function=f"{__name__}:obey")
    running = workers.submit("hang", PAGE)
    waiting = workers.submit("hang", PAGE)
    time.sleep(delay)
    began = time.monotonic()
    workers.kill()

    assert time.monotonic() - began < 5
    assert isinstance(running.exception(timeout=0), ExtractionLost | CancelledError)
    assert waiting.cancelled()


def test_nothing_can_be_submitted_to_workers_that_have_been_let_go(count: int) -> None:
    workers = Workers(count, timeout=20, function=f"{__name__}:find_nothing")
    workers.close()

    with pytest.raises(RuntimeError, match="let go"):
        workers.submit("x", PAGE)


def test_a_function_that_cannot_be_imported_is_said_for_the_page() -> None:
    with Workers(1, timeout=20, function="archiver.no_such_module:extract") as workers:
        error = workers.submit("x", PAGE).exception(timeout=20)

    assert isinstance(error, ExtractionLost)
    assert error.reason == "crash"


def test_pages_are_worked_on_side_by_side() -> None:
    with Workers(2, timeout=20, function=f"{__name__}:obey") as workers:
        futures = [workers.submit("", PAGE) for _ in range(40)]
        wait(futures, timeout=20)
        errors = [future.exception(timeout=0) for future in futures]

    assert len({error.filename for error in errors if isinstance(error, DamagedRecord)}) == 2


def script(folder: Path, *lines: str) -> list[str]:
    """Return the command that runs *lines*; this module is there to be imported."""
    (folder / "tests_of_workers.py").write_bytes(Path(__file__).read_bytes())
    head = "from archiver.workers import Workers", "from tests_of_workers import PAGE, process_of"
    (folder / "script.py").write_text("\n".join((*head, *lines)))
    return [sys.executable, str(folder / "script.py")]


def test_a_script_that_guards_nothing_is_not_run_again_by_its_workers(tmp_path: Path) -> None:
    command = script(
        tmp_path,
        "print('begun', flush=True)",
        "with Workers(2, timeout=20, function='tests_of_workers:find_nothing') as workers:",
        "    print(workers.submit('x', PAGE).result())",
    )
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, env=ENVIRONMENT)

    assert run.stdout == "begun\nNone\n", run.stderr


def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    command = script(
        tmp_path,
        "import time",
        "workers = Workers(2, timeout=1, function='tests_of_workers:obey')",
        "process_of(workers), process_of(workers)",
        "future = workers.submit('hang', PAGE)",
        "while not future.running(): time.sleep(0.01)",
        "print('hanging', flush=True)",
        "time.sleep(60)",
    )
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT
    ) as parent:
        assert parent.stdout is not None
        assert parent.stderr is not None
        assert parent.stdout.readline() == b"hanging\n"
        parent.kill()
        # Workers have their parent's standard error: it ends when the last of them is gone.
        began = time.monotonic()
        parent.stderr.read()

    assert time.monotonic() - began < 15
