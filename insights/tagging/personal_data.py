"""Personal data in a text: e-mail addresses, phone, payment card and national id numbers.

A finding is a question to the person who writes, so the rules prefer to miss an odd form than to
take an order number, a price or a date for a phone number. What counts:

* **E-mail address**: ``name@host.domain``. The characters are those of the HTML standard ("valid
  e-mail address"), without the rarer signs, and letters of every script before the ``@``.
* **Payment card number**: 13 to 19 digits in one piece or in groups of three and more, that begin
  like a card (ISO/IEC 7812, ranges as published by Visa, Mastercard, American Express, Diners Club,
  Discover, JCB, UnionPay and Maestro) and pass the check of H. P. Luhn (US patent 2,950,048).
* **National id number**, where arithmetic can tell:
  the US social security number ``AAA-GG-SSSS`` (never 000, 666 or 9xx, 00, 0000: Social Security
  Administration, "Randomization"), in other forms only behind its name;
  the Spanish DNI and NIE (number modulo 23 gives the letter: Ministerio del Interior);
  the Brazilian CPF as ``000.000.000-00`` (two check digits modulo 11: Receita Federal);
  the Dutch BSN only behind its name (the "eleven test": Rijksdienst voor Identiteitsgegevens).
* **Phone number**: international (``+`` and up to 15 digits: ITU-T E.164); the forms of North
  America (area code and exchange begin with 2 to 9: NANPA) unless a word such as "order" or a sign
  of money or number stands before it; 7 to 14 digits right behind a word such as "phone".

All rules look at the folded text (``insights.text.fold_with_starts``), so full-width digits, long
hyphens and hard spaces are no way around them. An item is not part of a longer one: no letter or
digit touches it, and no hyphen or point ties its digits to others; the numbers in web addresses are
none. What one rule has found, the next does not see. No pattern goes back over more than a few
characters: the time is linear.
"""

import re
from collections.abc import Callable, Iterator

from insights.tagging.findings import CARD, E_MAIL, NATIONAL_ID, PHONE, Finding

# Whether what a pattern has found is meant; it is given the text too.
_Accept = Callable[[re.Match[str], str], bool]

_HIDDEN = "\0"
# Every number that is looked for has seven digits close together; most texts have none such.
_MANY_DIGITS = re.compile("[0-9](?:[ ()./-]{0,3}[0-9]){6}")
_TIE = re.compile(r"[^\W_]|[-.][0-9]")
_END = f"(?!{_TIE.pattern})"

_WEB_ADDRESS = re.compile(r"https?://[^ \t\n]+")
_DOMAIN = re.compile(r"@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![^\W_])")
_LOCAL_SIGNS = frozenset("._%+-'")

_RUN = re.compile("[0-9]+(?:[ .-][0-9]+)*")
_GROUP = re.compile("[0-9]+")
_SHORTEST_GROUP, _SHORTEST_CARD, _LONGEST_CARD = 3, 13, 19
_CARD = re.compile(
    "4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})"  # Visa
    "|5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}"  # Mastercard
    "|3[47][0-9]{13}"  # American Express
    "|3(?:0[0-5][0-9]|095|[689][0-9]{2})[0-9]{10}"  # Diners Club
    "|(?:6011|64[4-9][0-9]|65[0-9]{2}|35(?:2[89]|[3-8][0-9])|62[0-9]{2})[0-9]{12,15}"  # and others
    "|(?:5018|5020|5038|5893|6304|6759|676[1-3])[0-9]{9,15}"  # Maestro
)
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)

_CALLED = r"(?: ?(?:no|nr|number))?(?: is)?[ .:#]{0,3}"
_SSN = re.compile(f"[0-9]{{3}}-[0-9]{{2}}-[0-9]{{4}}{_END}")
_NAMED_SSN = re.compile(
    f"(?:ssn|social security){_CALLED}([0-9]{{3}}[ -]?[0-9]{{2}}[ -]?[0-9]{{4}}){_END}"
)
_DNI = re.compile(r"(?:[0-9]{8}|[0-9]{2}\.[0-9]{3}\.[0-9]{3}|[xyz]-?[0-9]{7})-?[a-z](?![^\W_])")
_DNI_LETTERS = "trwagmyfpdxbnjzsqvhlcke"
_CPF = re.compile(rf"[0-9]{{3}}\.[0-9]{{3}}\.[0-9]{{3}}-[0-9]{{2}}{_END}")
_BSN = re.compile(f"(?:bsn|burgerservicenummer){_CALLED}([0-9](?:[ .]?[0-9]){{8}}){_END}")

_NEAR = "[ ()./-]{0,3}"
_INTERNATIONAL = re.compile(rf"\+ ?(?:1(?:{_NEAR}[0-9]){{10}}|[2-9](?:{_NEAR}[0-9]){{8,14}}){_END}")
_AMERICAN = re.compile(
    r"(?:1[ .-]?)?(?:\([2-9][0-8][0-9]\)[ -]?|[2-9][0-8][0-9][ .-])[2-9][0-9]{2}[ .-][0-9]{4}"
    rf"(?: ?(?:x|ext\.?) ?[0-9]{{1,6}})?{_END}"
)
_NAMED_PHONE = re.compile(
    "(?:phone|telephone|tel|mobile|cell|fax|whatsapp|(?:call|reach)(?: (?:me|him|her|them|us))?)"
    r"(?: ?(?:no|nr|number))?(?: (?:is|at|on))?[ .:#]{0,3}"
    rf"(\(?[0-9](?:{_NEAR}[0-9]){{6,13}}){_END}"
)
_NO_PHONE_BEFORE = re.compile(
    "(?:order|invoice|ticket|case|ref|reference|quote|contract|po|part|sku|serial|account|policy)"
    r"(?: ?(?:no|nr|number|id))?[ .:]{0,3}$|[#$€£]$"
)
_LOOK_BACK = 24
_DATE = re.compile(
    "(?:19|20)[0-9]{2}[-./ ][0-9]{1,2}[-./ ][0-9]{1,2}(?![0-9])"
    "|[0-9]{1,2}[-./ ][0-9]{1,2}[-./ ](?:19|20)[0-9]{2}(?![0-9])"
)


def find_personal_data(folded: str) -> list[Finding]:
    """What the folded text holds, none overlapping another; positions are those in `folded`."""
    found: list[Finding] = []
    if "://" in folded:
        folded = _WEB_ADDRESS.sub(lambda address: _HIDDEN * len(address[0]), folded)
    if "@" in folded:
        folded = _take(folded, E_MAIL, _e_mails(folded), found)
    if _MANY_DIGITS.search(folded):
        folded = _take(folded, CARD, _cards(folded), found)
        for pattern, accept in _NATIONAL_IDS:
            folded = _take(folded, NATIONAL_ID, _occurrences(pattern, folded, accept), found)
        for pattern, accept in _PHONES:
            folded = _take(folded, PHONE, _occurrences(pattern, folded, accept), found)
    return found


def _take(text: str, key: str, places: Iterator[tuple[int, int]], found: list[Finding]) -> str:
    """The text with the places hidden from the next rule, once they are among what was found."""
    pieces: list[str] = []
    done = 0
    for start, end in places:
        found.append(Finding(key, start, end))
        pieces += (text[done:start], _HIDDEN * (end - start))
        done = end
    return "".join((*pieces, text[done:])) if pieces else text


def _e_mails(text: str) -> Iterator[tuple[int, int]]:
    done = 0
    for found in _DOMAIN.finditer(text):
        start = found.start()
        while start > done and (text[start - 1].isalnum() or text[start - 1] in _LOCAL_SIGNS):
            start -= 1
        while text[start] in _LOCAL_SIGNS:
            start += 1
        if start < found.start():
            yield start, found.end()
            done = found.end()


def _cards(text: str) -> Iterator[tuple[int, int]]:
    for run in _RUN.finditer(text):
        groups = [(group.start(), group.end()) for group in _GROUP.finditer(text, *run.span())]
        first = 0
        while first < len(groups):
            last = _card_from(text, groups, first)
            if last is not None:
                yield groups[first][0], groups[last][1]
            first = first + 1 if last is None else last + 1


def _card_from(text: str, groups: list[tuple[int, int]], first: int) -> int | None:
    """The last of the groups of digits that are a card number together, the longest one first."""
    start = groups[first][0]
    if _is_tied_before(text, start):
        return None
    digits = ""
    longest = None
    for last in range(first, len(groups)):
        group = text[slice(*groups[last])]
        digits += group
        if len(group) < _SHORTEST_GROUP or len(digits) > _LONGEST_CARD:
            break
        if _is_card(digits) and not _is_tied_after(text, groups[last][1]):
            longest = last
    return longest


def _is_card(digits: str) -> bool:
    if len(digits) < _SHORTEST_CARD or not _CARD.fullmatch(digits):
        return False
    numbers = [int(digit) for digit in reversed(digits)]
    return (sum(numbers[::2]) + sum(_DOUBLED[one] for one in numbers[1::2])) % 10 == 0


def _occurrences(pattern: re.Pattern[str], text: str, accept: _Accept) -> Iterator[tuple[int, int]]:
    """Where the pattern is found and meant; a group in it is the part that counts."""
    position = 0
    while found := pattern.search(text, position):
        if _is_tied_before(text, found.start()) or not accept(found, text):
            position = found.start() + 1
        else:
            yield found.span(pattern.groups)
            position = found.end()


def _is_tied_before(text: str, start: int) -> bool:
    """Whether the item at `start` goes on to the left: `_END` says the same of the right."""
    if not start or not text[start].isalnum():
        return False
    before = text[start - 1]
    ties = before in "-." and start > 1 and "0" <= text[start] <= "9"
    return before.isalnum() or (ties and "0" <= text[start - 2] <= "9")


def _is_tied_after(text: str, end: int) -> bool:
    return _TIE.match(text, end) is not None


def _digits(found: re.Match[str]) -> str:
    written = found[found.re.groups]
    return "".join(one for one in written if "0" <= one <= "9")


def _is_ssn(found: re.Match[str], text: str) -> bool:
    area, group, serial = _digits(found)[:3], _digits(found)[3:5], _digits(found)[5:]
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def _is_dni(found: re.Match[str], text: str) -> bool:
    written = found[0].replace("-", "").replace(".", "")
    number = int(written[:-1].translate(_NIE_DIGITS))
    return _DNI_LETTERS[number % 23] == written[-1]


def _is_cpf(found: re.Match[str], text: str) -> bool:
    digits = [int(digit) for digit in _digits(found)]
    return len(set(digits)) > 1 and all(_cpf_check(digits[:end]) == digits[end] for end in (9, 10))


def _cpf_check(digits: list[int]) -> int:
    weighted = sum(digit * weight for weight, digit in enumerate(reversed(digits), start=2))
    return weighted * 10 % 11 % 10


def _is_bsn(found: re.Match[str], text: str) -> bool:
    digits = [int(digit) for digit in _digits(found)]
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return any(digits) and sum(map(int.__mul__, digits, weights)) % 11 == 0


def _is_phone(found: re.Match[str], text: str) -> bool:
    before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
    return _NO_PHONE_BEFORE.search(before) is None


def _is_named_phone(found: re.Match[str], text: str) -> bool:
    # Neither a date nor a round number of things.
    return not _DATE.match(found[1]) and not found[1].endswith("000")


def _is_any(found: re.Match[str], text: str) -> bool:
    return True


_NIE_DIGITS = str.maketrans("xyz", "012")
_NATIONAL_IDS: tuple[tuple[re.Pattern[str], _Accept], ...] = (
    (_NAMED_SSN, _is_ssn),
    (_SSN, _is_ssn),
    (_DNI, _is_dni),
    (_CPF, _is_cpf),
    (_BSN, _is_bsn),
)
_PHONES: tuple[tuple[re.Pattern[str], _Accept], ...] = (
    (_INTERNATIONAL, _is_any),
    (_AMERICAN, _is_phone),
    (_NAMED_PHONE, _is_named_phone),
)
