"""Both storages keep the same promises: the folder, and a bucket of a real S3 server (moto's)."""

import io
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from insights.errors import Unavailable
from insights.settings import Settings, SettingsError, from_environment
from insights.storage.folder import FolderStorage
from insights.storage.interface import LONGEST_KEY, NotStored, Storage
from insights.stores import open_storage

BUCKET = {"s3_bucket": "field-notes", "s3_region": "us-east-1", "s3_key": "k", "s3_secret": "s"}


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    """A server that speaks S3, with an empty bucket."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    options = {"aws_access_key_id": "k", "aws_secret_access_key": "s", "region_name": "us-east-1"}
    client = boto3.client("s3", endpoint_url=address, **options)
    client.create_bucket(Bucket=BUCKET["s3_bucket"])
    client.close()
    yield address
    server.stop()


def bucket_at(address: str, folder: Path, prefix: str) -> Settings:
    return Settings(data_dir=folder, s3_endpoint=address, s3_prefix=prefix, **BUCKET)


@pytest.fixture(params=["folder", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """Each of the two, empty."""
    if request.param == "folder":
        return open_storage(Settings(data_dir=tmp_path))
    address = request.getfixturevalue("s3_address")
    return open_storage(bucket_at(address, tmp_path, f"{tmp_path.name.lower()}/"))


def content_of(storage: Storage, key: str) -> bytes:
    with storage.open(key) as file:
        return file.read()


class TestAStorage:
    def test_gives_back_what_was_put(self, storage: Storage) -> None:
        storage.put("photos/a.jpg", b"\x00\xffbytes")
        assert content_of(storage, "photos/a.jpg") == b"\x00\xffbytes"
        assert storage.size("photos/a.jpg") == 7

    def test_takes_a_file_from_where_it_stands(self, storage: Storage) -> None:
        file = io.BytesIO(b"skipped, kept")
        file.seek(9)
        storage.put("photos/a.jpg", file)
        assert content_of(storage, "photos/a.jpg") == b"kept"

    def test_replaces_what_had_the_key_before(self, storage: Storage) -> None:
        storage.put("a", b"a longer text")
        storage.put("a", b"short")
        assert content_of(storage, "a") == b"short"

    def test_says_that_there_is_nothing(self, storage: Storage) -> None:
        assert storage.size("photos/a.jpg") is None
        with pytest.raises(NotStored):
            storage.open("photos/a.jpg")

    def test_lists_the_keys_right_below_one(self, storage: Storage) -> None:
        for key in ("uploads/1/0-7", "uploads/1/7-2", "uploads/12/0-1", "uploads/1/deep/er"):
            storage.put(key, b"x")
        assert sorted(storage.keys("uploads/1")) == ["uploads/1/0-7", "uploads/1/7-2"]
        assert storage.keys("nothing") == []

    def test_deletes_once_and_again(self, storage: Storage) -> None:
        storage.put("uploads/1/0", b"x")
        storage.put("uploads/1/9", b"y")
        for _ in range(2):
            storage.delete("uploads/1/0")
        assert storage.size("uploads/1/0") is None
        assert content_of(storage, "uploads/1/9") == b"y"

    @pytest.mark.parametrize(
        "key",
        ["", "/etc/passwd", "../up", "a/../b", "a//b", "a/", ".hidden", "a/.b", "A", "a b", "ä",
         "a\x00", "a" * (LONGEST_KEY + 1)],
    )  # fmt: skip
    def test_refuses_what_is_no_key(self, storage: Storage, key: str) -> None:
        for do in (storage.open, storage.size, storage.delete, lambda one: storage.put(one, b"")):
            with pytest.raises(ValueError, match="not a key"):
                do(key)

    def test_names_its_place(self, storage: Storage) -> None:
        assert storage.place.startswith(("folder /", "bucket field-notes at http://"))


class TestAFolder:
    def test_leaves_nothing_behind(self, tmp_path: Path) -> None:
        storage = FolderStorage(tmp_path / "files")
        storage.put("uploads/1/0", b"x")
        storage.delete("uploads/1/0")
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
        assert not (tmp_path / "files" / "uploads" / "1").exists()

    def test_comes_and_goes_while_others_put_files_into_it(self, tmp_path: Path) -> None:
        storage = FolderStorage(tmp_path)

        def come_and_go(number: int) -> None:
            for _ in range(50):
                storage.put(f"uploads/1/{number}", b"x")
                assert content_of(storage, f"uploads/1/{number}") == b"x"
                storage.delete(f"uploads/1/{number}")

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(come_and_go, range(4))) == [None] * 4

    def test_shows_no_part_of_a_file_that_broke_off(self, tmp_path: Path) -> None:
        class Broken(io.RawIOBase):
            def read(self, size: int = -1) -> bytes:
                raise OSError("the line went dead")

        storage = FolderStorage(tmp_path)
        storage.put("a", b"before")
        with pytest.raises(Unavailable):
            storage.put("a", Broken())  # type: ignore[arg-type]
        assert content_of(storage, "a") == b"before"
        assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a"]

    @pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
    def test_that_may_not_be_written_is_unavailable(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o500)
        with pytest.raises(Unavailable):
            FolderStorage(tmp_path).put("a", b"x")

    def test_that_is_in_somebodys_way_is_unavailable(self, tmp_path: Path) -> None:
        (tmp_path / "files").write_text("a file of that name")
        with pytest.raises(Unavailable) as refused:
            FolderStorage(tmp_path / "files").put("a", b"x")
        assert "Nothing was lost" in refused.value.message


class TestABucket:
    def test_holds_the_keys_below_its_prefix(self, s3_address: str, tmp_path: Path) -> None:
        ours, others = (
            open_storage(bucket_at(s3_address, tmp_path, prefix)) for prefix in ("one/", "two/")
        )
        ours.put("a", b"x")
        assert others.size("a") is None
        whole = open_storage(bucket_at(s3_address, tmp_path, ""))
        assert content_of(whole, "one/a") == b"x"

    def test_that_does_not_exist_is_unavailable(self, s3_address: str, tmp_path: Path) -> None:
        settings = replace(bucket_at(s3_address, tmp_path, ""), s3_bucket="no-such-bucket")
        storage = open_storage(settings)
        for do in (lambda: storage.put("a", b"x"), lambda: storage.open("a")):
            with pytest.raises(Unavailable):
                do()

    def test_that_nobody_answers_for_is_unavailable(self, tmp_path: Path) -> None:
        storage = open_storage(bucket_at("http://127.0.0.1:9", tmp_path, ""))
        with pytest.raises(Unavailable):
            storage.size("a")


class TestTheSettings:
    def test_keep_the_secret_out_of_logs(self, tmp_path: Path) -> None:
        settings = replace(bucket_at("http://127.0.0.1:9", tmp_path, ""), s3_secret="very secret")
        assert "very secret" not in repr(settings)
        assert "very secret" not in repr(vars(open_storage(settings)))

    @pytest.mark.parametrize(
        ("name", "value", "read"),
        [
            ("S3_ENDPOINT", "https://s3.example.com/", "https://s3.example.com"),
            ("S3_PREFIX", "/field/notes/", "field/notes/"),
            ("S3_PREFIX", "/", ""),
        ],
    )
    def test_are_tidied(self, name: str, value: str, read: str) -> None:
        secret = {"INSIGHTS_SECRET_KEY": "k" * 16}
        settings = from_environment({**secret, f"INSIGHTS_{name}": value})
        assert getattr(settings, name.lower()) == read

    @pytest.mark.parametrize(
        ("name", "value"), [("S3_ENDPOINT", "s3.example.com"), ("S3_PREFIX", "a b")]
    )
    def test_that_make_no_sense_are_refused(self, name: str, value: str) -> None:
        secret = {"INSIGHTS_SECRET_KEY": "k" * 16}
        with pytest.raises(SettingsError, match=name):
            from_environment({**secret, f"INSIGHTS_{name}": value})
