"""Long tables whose order changes by the hour: pages by number, all else of the address kept."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

MOST_PAGES = 1_000


@dataclass(frozen=True)
class NumberedPages:
    """Which rows are shown, in words, and where the neighbouring pages are."""

    text: str
    previous_url: str | None
    next_url: str | None


def asked_page() -> int:
    """The number of the page that the address asks for, from 1; 1 for what is no such number."""
    asked = request.args.get("page", 1, type=int)
    return asked if 1 <= asked <= MOST_PAGES else 1


def numbered_pages(size: int, total: int) -> NumberedPages:
    """The neighbours of the asked page, each of `size` rows; no words when one page has all."""
    page = asked_page()
    first, last = size * (page - 1) + 1, min(size * page, total)
    return NumberedPages(
        text=f"{first:,} to {last:,} of {total:,}" if first <= last and total > size else "",
        previous_url=_address(page - 1) if page > 1 else None,
        next_url=_address(page + 1) if last < total else None,
    )


def _address(page: int) -> str:
    values: dict[str, Any] = {**request.args, "page": page}
    return url_for(request.endpoint or "", **values)
