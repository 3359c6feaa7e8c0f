"""What is kept beside the database: the search replica and the bytes of photos."""

from collections.abc import Callable
from importlib import import_module

from insights.search.analysis import Analysis
from insights.search.engine import Engine
from insights.search.replica import Replica
from insights.search.tantivy_engine import TantivyEngine
from insights.search.whoosh_engine import WhooshEngine
from insights.settings import Settings, SettingsError
from insights.storage.folder import FolderStorage
from insights.storage.interface import Storage

ENGINES: dict[str, Callable[[Analysis], Engine]] = {
    "tantivy": TantivyEngine,
    "whoosh": WhooshEngine,
}


def open_replica(settings: Settings) -> Replica:
    """This machine's search replica, for the engine and the language that the settings name."""
    engine = ENGINES[settings.search_engine](Analysis(settings.search_language))
    return Replica(settings.search_dir / "notes", engine)


def open_storage(settings: Settings) -> Storage:
    """Where the bytes of photos are, as the settings say.

    Raises SettingsError when a bucket is asked for and the extra `s3` is not installed.
    """
    if not settings.s3_bucket:
        return FolderStorage(settings.files_dir)
    try:
        # By name, because the library is an extra, and as large as the rest of the product.
        s3 = import_module("insights.storage.s3")
    except ImportError:
        problem = "INSIGHTS_S3_BUCKET: run pip install 'field-insights[s3]' first."
        raise SettingsError([problem]) from None
    bucket = s3.Bucket(
        name=settings.s3_bucket,
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        key=settings.s3_key,
        secret=settings.s3_secret,
        prefix=settings.s3_prefix,
    )
    storage: Storage = s3.S3Storage(bucket)
    return storage
