"""Photos through the API: announced, sent in pieces over a bad line, asked for, and deleted."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from insights.models import Audience
from insights.services.photos import LARGEST_PHOTO
from tests import pictures
from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters

Start = Callable[..., Program]
PHOTO = pictures.photo(400, 300)
HALF = len(PHOTO) // 2


class Device(Program):
    """A program that sends photos."""

    def announce(self, note_id: UUID, content: bytes = PHOTO, **changed: Any) -> TestResponse:
        body = {"id": str(uuid4()), "size": len(content), "sha256": pictures.digest(content)}
        return self.post(f"/notes/{note_id}/photos", body | changed)

    def piece(self, photo_id: str, offset: object, content: bytes, **options: Any) -> TestResponse:
        headers = {"Upload-Offset": str(offset), **options.pop("headers", {})}
        options = {"content_type": "application/offset+octet-stream", **options}
        return self.send("PATCH", f"/photos/{photo_id}", data=content, headers=headers, **options)


@pytest.fixture
def device_of(stage: Stage, secret_of: Callable[..., str]) -> Callable[..., Device]:
    return lambda actor: Device(stage, secret_of(actor))


@pytest.fixture
def device(device_of: Callable[..., Device], characters: Characters) -> Device:
    """The owner's device."""
    return device_of(characters.owner)


@pytest.fixture
def note_id(stage: Stage, characters: Characters) -> UUID:
    """A note of the owner in Georgia."""
    return stage.post(characters.owner, "They pay by the truck")


def id_of(answer: TestResponse) -> str:
    assert answer.status_code == 201, answer.text
    photo_id: str = answer.get_json()["id"]
    return photo_id


def test_a_photo_arrives_in_pieces_and_stands_in_its_note(device: Device, note_id: UUID) -> None:
    photo_id = id_of(device.announce(note_id))
    first = device.piece(photo_id, 0, PHOTO[:HALF])
    assert (first.status_code, first.get_json()["received"]) == (200, HALF)
    last = device.piece(photo_id, HALF, PHOTO[HALF:]).get_json()
    assert last == {
        "id": photo_id,
        "note": str(note_id),
        "state": "ready",
        "size": len(PHOTO),
        "received": len(PHOTO),
        "width": 400,
        "height": 300,
        "refusal": None,
        "url": f"/photos/{photo_id}",
        "thumbnail_url": f"/photos/{photo_id}/small",
    }
    assert device.get(f"/notes/{note_id}").get_json()["photos"] == [last]
    assert device.get(f"/photos/{photo_id}").get_json() == last


def test_a_device_that_was_cut_off_asks_and_goes_on(device: Device, note_id: UUID) -> None:
    first = device.announce(note_id)
    device.piece(id_of(first), 0, PHOTO[:HALF])
    again = device.announce(note_id, id=id_of(first))
    assert (again.status_code, again.get_json()["received"]) == (200, HALF)
    done = device.piece(id_of(first), HALF, PHOTO[HALF:])
    assert done.get_json()["state"] == "ready"


def test_a_piece_that_comes_twice_is_told_where_to_go_on(device: Device, note_id: UUID) -> None:
    photo_id = id_of(device.announce(note_id))
    device.piece(photo_id, 0, PHOTO[:HALF])
    for offset in (0, HALF + 1):
        answer = device.piece(photo_id, offset, PHOTO[:HALF])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, str(HALF))
        assert answer.content_type == "application/problem+json"
    last, again = (device.piece(photo_id, HALF, PHOTO[HALF:]) for _ in range(2))
    assert last.get_json() == again.get_json()


def test_other_bytes_than_announced_are_sent_again_from_the_beginning(
    device: Device, note_id: UUID
) -> None:
    photo_id = id_of(device.announce(note_id))
    answer = device.piece(photo_id, 0, bytes(len(PHOTO)))
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "0")
    photo = device.get(f"/photos/{photo_id}").get_json()
    assert (photo["state"], photo["received"]) == ("uploading", 0)
    assert device.piece(photo_id, 0, PHOTO).get_json()["state"] == "ready"


@pytest.mark.parametrize(
    "content",
    [pictures.SVG, pictures.HTML, pictures.archive(), PHOTO[:-400], pictures.bomb(9_000)],
    ids=["svg", "html", "zip", "truncated", "bomb"],
)
def test_what_is_no_photo_is_refused_in_words_and_for_good(
    device: Device, note_id: UUID, content: bytes
) -> None:
    photo_id = id_of(device.announce(note_id, content))
    for _ in range(2):
        answer = device.piece(photo_id, 0, content)
        assert answer.status_code == 422
    photo = device.get(f"/photos/{photo_id}").get_json()
    assert (photo["state"], photo["refusal"]) == ("refused", answer.get_json()["detail"])
    assert device.get(f"/notes/{note_id}").get_json()["photos"] == []


def test_the_eleventh_photo_and_one_of_16_megabytes_are_refused(
    device: Device, note_id: UUID
) -> None:
    too_large = device.announce(note_id, size=LARGEST_PHOTO + 1)
    assert (too_large.status_code, list(too_large.get_json()["errors"])) == (422, ["size"])
    for _ in range(10):
        id_of(device.announce(note_id))
    eleventh = device.announce(note_id)
    assert eleventh.status_code == 422
    assert "at most 10 photos" in eleventh.get_json()["detail"]


def test_an_id_of_another_photo_is_a_conflict(device: Device, note_id: UUID) -> None:
    photo_id = id_of(device.announce(note_id))
    assert device.announce(note_id, PHOTO + b"x", id=photo_id).status_code == 409


def test_others_may_not_add_and_strangers_do_not_learn_of_a_sealed_note(
    stage: Stage, device: Device, device_of: Callable[..., Device], characters: Characters
) -> None:
    everyones = stage.post(characters.owner, "Everyone's")
    sealed = stage.post(characters.owner, "Sealed", audience=Audience.SEALED)
    stranger = device_of(characters.stranger)
    assert stranger.announce(everyones).status_code == 403
    assert stranger.announce(sealed).status_code == 404
    photo_id = id_of(device.announce(sealed))
    assert stranger.get(f"/photos/{photo_id}").status_code == 404
    assert stranger.piece(photo_id, 0, PHOTO).status_code == 404
    assert stranger.send("DELETE", f"/photos/{photo_id}").status_code == 404


def test_a_photo_is_deleted_with_its_bytes(stage: Stage, device: Device, note_id: UUID) -> None:
    photo_id = id_of(device.announce(note_id))
    device.piece(photo_id, 0, PHOTO)
    assert stage.runtime.storage.size(f"photos/{photo_id}.jpg")
    answer = device.send("DELETE", f"/photos/{photo_id}")
    assert (answer.status_code, answer.data) == (204, b"")
    assert stage.runtime.storage.size(f"photos/{photo_id}.jpg") is None
    assert device.send("DELETE", f"/photos/{photo_id}").status_code == 404


@pytest.mark.parametrize("offset", ["", "-1", "1.5", "many", str(LARGEST_PHOTO + 1), "9" * 5_000])
def test_a_piece_says_where_it_begins(device: Device, note_id: UUID, offset: str) -> None:
    photo_id = id_of(device.announce(note_id))
    answer = device.piece(photo_id, offset, PHOTO)
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["Upload-Offset"])


def test_a_piece_is_bytes_and_at_most_a_megabyte(device: Device, note_id: UUID) -> None:
    photo_id = id_of(device.announce(note_id))
    other = device.piece(photo_id, 0, PHOTO, content_type="application/json")
    assert other.status_code == 415
    assert "application/offset+octet-stream" in other.get_json()["detail"]
    assert device.piece(photo_id, 0, bytes(2**20 + 1)).status_code == 413


def test_a_token_that_only_reads_adds_nothing(
    program_of: Start, characters: Characters, device: Device, note_id: UUID
) -> None:
    photo_id = id_of(device.announce(note_id))
    reader = program_of(characters.owner, "read")
    assert reader.get(f"/photos/{photo_id}").status_code == 200
    headers = {"Upload-Offset": "0"}
    options: dict[str, Any] = {"content_type": "application/offset+octet-stream"}
    answer = reader.send("PATCH", f"/photos/{photo_id}", data=PHOTO, headers=headers, **options)
    assert answer.status_code == 403


def test_a_storage_that_is_away_is_told_to_try_again(
    stage: Stage, device: Device, note_id: UUID
) -> None:
    photo_id = id_of(device.announce(note_id))
    stage.runtime.settings.files_dir.write_text("in the way")
    answer = device.piece(photo_id, 0, PHOTO)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    stage.runtime.settings.files_dir.unlink()
    assert device.piece(photo_id, 0, PHOTO).get_json()["state"] == "ready"
