"""Settings: read once, all bad values reported at once, secrets kept secret."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from insights.settings import Settings, SettingsError, from_environment

SECRET = "k" * 16


def read(**variables: str) -> Settings:
    """Settings from INSIGHTS_ variables of these names; SECRET_KEY is good if not given."""
    named = {"SECRET_KEY": SECRET} | variables
    return from_environment({f"INSIGHTS_{name}": value for name, value in named.items()})


def problems(**variables: str) -> list[str]:
    """The sentences with which the start is refused."""
    with pytest.raises(SettingsError) as refused:
        read(**variables)
    return refused.value.problems


class TestDefaults:
    def test_need_nothing_but_a_secret(self) -> None:
        settings = read()
        assert (settings.port, settings.host, settings.timezone) == (8000, "127.0.0.1", "UTC")
        assert not settings.demo

    def test_keep_the_database_in_the_data_folder(self, tmp_path: Path) -> None:
        settings = read(DATA_DIR=str(tmp_path))
        assert settings.effective_database_url == f"sqlite:///{tmp_path}/insights.db"
        assert settings.search_dir == tmp_path / "search"

    def test_stand_in_for_empty_variables(self) -> None:
        assert read(PORT="", TIMEZONE="", DEMO="") == read()

    def test_cannot_be_changed_afterwards(self) -> None:
        with pytest.raises(FrozenInstanceError):
            read().port = 1  # type: ignore[misc]


class TestBadValues:
    def test_are_reported_all_at_once(self) -> None:
        bad = {
            "SECRET_KEY": "short",
            "DEMO": "maybe",
            "PORT": "eighty",
            "WEB_THREADS": "0",
            "TIMEZONE": "Mars/Olympus",
            "SEARCH_ENGINE": "google",
            "DATABASE_URL": "mysql://db/x",
            "SIGN_IN_LIMIT": "often",
            "DATA_DIR": "~nobody-of-this-name/data",
        }
        assert {one.split(":")[0] for one in problems(**bad)} == {f"INSIGHTS_{one}" for one in bad}

    @pytest.mark.parametrize(
        ("name", "value", "problem"),
        [
            ("PORT", "65536", "say a whole number from 0 to 65535."),
            ("PORT", "-1", "say a whole number from 0 to 65535."),
            ("HTTPS", "2", "say 1 or 0."),
            ("TIMEZONE", "../../etc/passwd", "say a time zone such as Europe/London."),
            ("LOG_LEVEL", "loud", "say one of: debug, info, warning, error."),
            ("SEARCH_LANGUAGE", "french", "say one of: english, none."),
            ("API_LIMIT", "x", "say a limit such as 20 per minute."),
            ("METRICS_TOKEN", "short", "say at least 16 random characters."),
            ("DATABASE_URL", "here", "say sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."),
        ],
    )
    def test_say_what_to_say_instead(self, name: str, value: str, problem: str) -> None:
        assert problems(**{name: value}) == [f"INSIGHTS_{name}: {problem}"]

    @pytest.mark.parametrize(
        "address",
        [
            "sqlite://",
            "sqlite:///",
            "sqlite:///:memory:",
            "postgresql://host:port/name",
            "postgresql+psycopg2://host/name",
        ],
    )
    def test_a_database_that_would_not_last_or_open_is_one(self, address: str) -> None:
        (problem,) = problems(DATABASE_URL=address)
        assert problem.startswith("INSIGHTS_DATABASE_URL: say sqlite:///FILE")


class TestValues:
    @pytest.mark.parametrize(
        ("written", "meant"), [("1", True), ("Yes", True), (" on ", True), ("0", False), ("no", 0)]
    )
    def test_of_a_flag_are_words(self, written: str, meant: bool) -> None:
        assert read(HTTPS=written).https is bool(meant)

    @pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
    def test_of_a_database_may_be_short(self, scheme: str) -> None:
        settings = read(DATABASE_URL=f" {scheme}://me:secret@db:5432/notes?sslmode=require ")
        expected = "postgresql+psycopg://me:secret@db:5432/notes?sslmode=require"
        assert settings.effective_database_url == expected

    def test_of_a_file_keep_their_address(self) -> None:
        assert read(DATABASE_URL="sqlite:////var/x.db").effective_database_url.endswith("/x.db")

    def test_of_a_folder_become_absolute(self) -> None:
        assert read(DATA_DIR="here").data_dir == Path("here").resolve()

    def test_of_the_port_may_come_from_the_platform(self) -> None:
        both = {"INSIGHTS_SECRET_KEY": SECRET, "PORT": "9000"}
        assert from_environment(both).port == 9000
        assert from_environment(both | {"INSIGHTS_PORT": ""}).port == 9000
        assert from_environment(both | {"INSIGHTS_PORT": "7000"}).port == 7000


class TestSecrets:
    @pytest.mark.parametrize("secret", ["", " ", "k" * 15, f"  {'k' * 15}  "])
    def test_are_required_and_long(self, secret: str) -> None:
        (problem,) = problems(SECRET_KEY=secret)
        assert problem.startswith("INSIGHTS_SECRET_KEY: say at least 16 random characters")

    @pytest.mark.parametrize("variable", [{}, {"SECRET_KEY": ""}])
    def test_may_be_given_as_a_file(self, tmp_path: Path, variable: dict[str, str]) -> None:
        path = tmp_path / "key"
        path.write_text(f"{SECRET}\n")
        source = {f"INSIGHTS_{name}": value for name, value in variable.items()}
        assert from_environment(source | {"INSIGHTS_SECRET_KEY_FILE": str(path)}).secret_key == (
            SECRET
        )

    def test_in_a_file_that_cannot_be_read_are_a_problem(self, tmp_path: Path) -> None:
        binary = tmp_path / "binary"
        binary.write_bytes(b"\xff\xfe\x00")
        for path in (tmp_path / "nowhere", tmp_path, binary):
            found = problems(SECRET_KEY="", SECRET_KEY_FILE=str(path))
            assert found[0].startswith("INSIGHTS_SECRET_KEY_FILE: cannot be read")

    def test_are_not_shown_when_settings_are_printed(self) -> None:
        settings = read(DATABASE_URL="postgresql://me:password@db/notes")
        assert SECRET not in repr(settings)
        assert "password" not in repr(settings)


class TestTheDemo:
    def test_makes_a_secret_and_keeps_it_for_its_owner_alone(self, tmp_path: Path) -> None:
        folder = tmp_path / "data"
        first, second = (read(SECRET_KEY="", DEMO="1", DATA_DIR=str(folder)) for _ in range(2))
        assert first.secret_key == second.secret_key
        assert len(first.secret_key) >= 32
        assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
        assert [one.name for one in folder.iterdir()] == ["secret_key"]

    def test_takes_a_secret_that_is_given(self, tmp_path: Path) -> None:
        assert read(DEMO="1", DATA_DIR=str(tmp_path)).secret_key == SECRET
        assert not (tmp_path / "secret_key").exists()

    def test_started_twice_at_once_has_one_secret(self, tmp_path: Path) -> None:
        with ThreadPoolExecutor(8) as starts:
            folders = [str(tmp_path / str(number // 8)) for number in range(160)]
            keys = starts.map(
                lambda folder: (folder, read(SECRET_KEY="", DEMO="1", DATA_DIR=folder).secret_key),
                folders,
            )
            found = set(keys)
        assert len(found) == 20
        assert all(key for _, key in found)

    def test_is_refused_where_it_cannot_keep_its_secret(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        (problem,) = problems(SECRET_KEY="", DEMO="1", DATA_DIR=str(tmp_path / "file" / "data"))
        assert problem.startswith("INSIGHTS_DATA_DIR: the secret key cannot be kept there")

    def test_with_a_damaged_secret_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "secret_key").touch()
        (problem,) = problems(SECRET_KEY="", DEMO="1", DATA_DIR=str(tmp_path))
        assert problem.startswith("INSIGHTS_SECRET_KEY: ")

    def test_that_is_refused_leaves_nothing_behind(self, tmp_path: Path) -> None:
        problems(SECRET_KEY="", DEMO="1", DATA_DIR=str(tmp_path / "data"), PORT="x")
        assert not (tmp_path / "data").exists()
