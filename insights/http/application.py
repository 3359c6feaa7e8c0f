"""The application class: the one owner of a request's transaction.

A view, the services it calls and its template run in one transaction. It is kept only when the
whole answer was made for an unsafe method and is below 400; in every other case it is undone at
the end of the request. So an error page, a refused form and a failing template leave nothing
half-done, and a GET cannot write.
"""

from flask import Flask, Response, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue

from insights.db import keep
from insights.http.runtime import SAFE_METHODS


class PageSessions(SecureCookieSessionInterface):
    """Sign-in cookies that pages carry; our static files are the same for everybody."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Renews the cookie, but not with a static file, which must come out of the cache."""
        if request.endpoint != "static":
            super().save_session(app, session, response)


class InsightsFlask(Flask):
    """Flask with a transaction around each request."""

    session_interface = PageSessions()

    def dispatch_request(self) -> ResponseReturnValue:
        """Runs the view, then keeps its changes if the answer is a good one."""
        response: Response = self.make_response(super().dispatch_request())
        session = g.get("db_session")
        unsafe = request.method not in SAFE_METHODS
        if session is not None and unsafe and response.status_code < 400:
            keep(session)
        return response


def close_session(_error: BaseException | None) -> None:
    """Ends the request's session; what was not kept is undone."""
    session = g.pop("db_session", None)
    if session is not None:
        session.close()
