"""What is stored of a photo: its pixels, upright, of a bearable size, and nothing else."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from insights.errors import Invalid
from insights.services.pictures import LONG_SIDE, MOST_PIXELS, SMALL_SIDE, picture_from
from tests import pictures
from tests.pictures import file_of, opened, picture


def refusal(content: bytes) -> str:
    """Why a file is not taken."""
    with pytest.raises(Invalid) as refused:
        picture_from(content)
    return refused.value.message


def is_red(image: Image.Image, x: int, y: int) -> bool:
    red, _, blue = image.convert("RGB").getpixel((x, y))  # type: ignore[misc]
    return red > blue


class TestAPhoto:
    @pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
    def test_of_any_kind_becomes_a_jpeg(self, form: str) -> None:
        made = picture_from(file_of(picture(), form))
        assert opened(made.large).format == opened(made.small).format == "JPEG"
        assert (made.width, made.height) == opened(made.large).size == (64, 48)

    def test_is_made_smaller_where_it_is_large(self) -> None:
        made = picture_from(pictures.photo(3200, 1600))
        assert opened(made.large).size == (made.width, made.height) == (LONG_SIDE, LONG_SIDE // 2)
        assert opened(made.small).size == (SMALL_SIDE, SMALL_SIDE // 2)

    def test_is_not_made_larger(self) -> None:
        assert opened(picture_from(pictures.photo(30, 20)).small).size == (30, 20)

    def test_loses_everything_but_its_pixels(self) -> None:
        content = pictures.located_photo()
        assert b"Secret" in content
        made = picture_from(content)
        for file in (made.large, made.small):
            assert b"Secret" not in file
            assert dict(opened(file).getexif()) == {}
            assert not {"exif", "xmp", "comment", "icc_profile"} & opened(file).info.keys()

    @pytest.mark.parametrize("turned", range(1, 9))
    def test_stands_upright_however_the_camera_was_held(self, turned: int) -> None:
        made = picture_from(pictures.located_photo(turned))
        large = opened(made.large)
        assert large.size == ((64, 48) if turned <= 4 else (48, 64))
        top_left_is_red = is_red(large, 3, 3)
        assert top_left_is_red == (turned in (1, 2, 5, 8))

    def test_shows_the_first_of_moving_pictures(self) -> None:
        frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
        for form in ("GIF", "WEBP"):
            moving = file_of(frames[0], form, save_all=True, append_images=frames[1:])
            assert is_red(opened(picture_from(moving).large), 5, 5)

    def test_is_white_where_one_could_see_through(self) -> None:
        for image in (Image.new("RGBA", (9, 9), (0, 0, 0, 0)), Image.new("LA", (9, 9), (0, 0))):
            made = opened(picture_from(file_of(image, "PNG")).large)
            assert made.getpixel((4, 4)) == (255, 255, 255)

    def test_of_other_colours_is_turned_into_the_usual_ones(self) -> None:
        assert is_red(opened(picture_from(file_of(picture().convert("CMYK"))).large), 3, 3)
        deep = Image.new("I;16", (9, 9), 0x8000)
        grey = opened(picture_from(file_of(deep, "PNG")).large).getpixel((4, 4))
        assert grey == pytest.approx((128, 128, 128), abs=2)

    def test_keeps_its_looks_when_its_colours_have_a_profile(self) -> None:
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        for attached in (profile, b"no profile at all"):
            made = opened(picture_from(file_of(picture(), icc_profile=attached)).large)
            assert is_red(made, 3, 3)
            assert not is_red(made, 3, 45)


class TestWhatIsNoPhoto:
    @pytest.mark.parametrize(
        "content", [b"", b"x", pictures.SVG, pictures.HTML, b"%PDF-1.7", b"GIF", b"BM" + b"\0" * 60]
    )
    def test_is_told_what_to_add_instead(self, content: bytes) -> None:
        assert refusal(content) == (
            "This is no photo that can be shown. Add a JPEG, PNG, WebP or GIF file."
        )

    def test_is_not_taken_for_one_because_it_begins_like_one(self) -> None:
        for content in (pictures.archive(), b"\xff\xd8\xff" + pictures.HTML):
            refusal(content)

    def test_is_refused_when_it_breaks_off(self) -> None:
        whole = pictures.photo(640, 480)
        assert "damaged or incomplete" in refusal(whole[: len(whole) * 2 // 3])

    def test_names_the_setting_of_the_camera_for_heic(self) -> None:
        assert "Most compatible" in refusal(pictures.HEIC)

    @pytest.mark.parametrize("side", [7_200, 9_000, 20_000])
    def test_is_refused_unread_when_it_has_too_many_pixels(self, side: int) -> None:
        content = pictures.bomb(side)
        assert len(content) < 100_000
        assert side * side > MOST_PIXELS
        assert "50 million pixels" in refusal(content)

    def test_may_hold_as_many_pixels_as_are_allowed(self) -> None:
        assert picture_from(pictures.bomb(7_000)).width == LONG_SIDE

    # What the library remarks about damaged metadata is for nobody to read.
    @pytest.mark.filterwarnings("ignore::UserWarning")
    @settings(max_examples=150, deadline=None)
    @given(
        form=st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]),
        places=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=12),
        length=st.integers(0, 10_000),
    )
    def test_is_refused_in_words_or_shown_however_it_is_damaged(
        self, form: str, places: list[tuple[int, int]], length: int
    ) -> None:
        options = {"JPEG": {"exif": Image.Exif()}, "WEBP": {"exif": b"Exif\0\0x"}}.get(form, {})
        damaged = bytearray(file_of(picture(), form, **options))
        for place, value in places:
            damaged[place % len(damaged)] = value
        content = bytes(damaged[: max(1, length)])
        told, size = "", None
        try:
            made = picture_from(content)
            size = Image.open(io.BytesIO(made.large)).size
        except Invalid as refused:
            told = refused.message
        assert told.endswith(".") or size == (made.width, made.height)
