"""Where the product's own files are: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder `templates` or `migrations`, wherever this installation keeps it."""
    installed = PACKAGE / name
    return installed if installed.is_dir() else PACKAGE.parent / name
