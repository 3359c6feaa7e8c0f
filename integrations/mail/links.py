"""Links in a mail: where its notes are, and how its reader ends it with one click.

The link that ends an alert holds its number, and the one that ends news by mail that of the person,
signed: whoever has the mail can end it without signing in, as RFC 8058 asks for, and nobody can end
another one by counting.
"""

from dataclasses import dataclass
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

from insights.http import letter_paths
from insights.services.letter import Letter

_ROUTE, _NEWS = "end a route by mail", "end news by mail"


@dataclass(frozen=True)
class Links:
    """`base` is the installation's public address, without a slash at its end."""

    base: str
    secret_key: str

    def note(self, note_id: UUID) -> str:
        """The page of a note."""
        return f"{self.base}/notes/{note_id}"

    def trend(self, trend_id: int) -> str:
        """The page of a trend."""
        return f"{self.base}/trends/{trend_id}"

    def question(self, question_id: int) -> str:
        """The page of a question to the field."""
        return f"{self.base}/questions/{question_id}"

    def inbox(self) -> str:
        """The notes that wait for an answer."""
        return f"{self.base}/inbox"

    def told(self, letter: Letter) -> str:
        """The page that a letter is about."""
        return f"{self.base}{letter_paths.path_of(letter)}"

    def answer(self, question_id: int) -> str:
        """The form of a note that answers the question."""
        return f"{self.base}{letter_paths.answer_path(question_id)}"

    def news(self) -> str:
        """All that the reader is told, where answers are given with one tap."""
        return f"{self.base}{letter_paths.NEWS}"

    def profile(self) -> str:
        """Where people say how they hear of news."""
        return f"{self.base}/me/settings"

    def end(self, route_id: int) -> str:
        """Where a POST mutes the route and a GET asks whether to."""
        return f"{self.base}/alerts/end/{self._serializer(_ROUTE).dumps(route_id)}"

    def end_news(self, person_id: int) -> str:
        """Where a POST ends that the person hears of news by mail, and a GET asks first."""
        return f"{self.base}/alerts/end/{self._serializer(_NEWS).dumps(person_id)}"

    def ended_by(self, token: str) -> int | None:
        """The route that the last part of such a link names; None when nobody signed it."""
        return self._signed(_ROUTE, token)

    def news_ended_by(self, token: str) -> int | None:
        """The person whose news the last part of such a link ends; None when nobody signed it."""
        return self._signed(_NEWS, token)

    def _signed(self, purpose: str, token: str) -> int | None:
        try:
            found = self._serializer(purpose).loads(token)
        except BadSignature:
            return None
        return found if isinstance(found, int) else None

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret_key, salt=purpose)
