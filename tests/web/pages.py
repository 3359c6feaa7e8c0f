"""What tests of pages read out of HTML."""

import re
from html import unescape

from werkzeug.test import TestResponse


def html_of(answer: TestResponse) -> str:
    """The page as it was sent."""
    return answer.get_data(as_text=True)


def text_of(answer: TestResponse) -> str:
    """The words of the page, without markup, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html_of(answer))).split())


def value_of(answer: TestResponse, name: str) -> str:
    """The value of the first field of that name."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', html_of(answer))
    assert found, f"there is no field {name}"
    return unescape(found.group(1))


def textarea_of(answer: TestResponse, name: str) -> str:
    """What stands in the text field of that name, without the line break that HTML skips."""
    found = re.search(
        rf'<textarea[^>]*name="{name}"[^>]*>\n?(.*?)</textarea>', html_of(answer), re.S
    )
    assert found, f"there is no text field {name}"
    return unescape(found.group(1))


def is_checked(answer: TestResponse, name: str, value: str) -> bool:
    """Whether the choice of that name and value is chosen."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="{value}"[^>]*>', html_of(answer))
    assert found, f"there is no choice {name}={value}"
    return " checked" in found.group()
