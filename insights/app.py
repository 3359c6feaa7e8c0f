"""The composition root: the only place that knows all parts and puts them together."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import ip_network

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from insights import api, resources, web
from insights.clock import utc_now
from insights.db import Database
from insights.http import compression, errors, protection, templating
from insights.http.application import InsightsFlask, close_session
from insights.http.identity import login_manager
from insights.http.json import OrjsonProvider
from insights.http.runtime import Runtime
from insights.models import DestinationKind
from insights.search.engine import Reader
from insights.settings import Settings
from insights.settings import from_environment as read_settings
from insights.stores import open_replica, open_storage
from insights.vault import Vault
from insights.worker.sender import Carrier
from integrations.mail.carrier import MailCarrier, MailServer
from integrations.mail.links import Links
from integrations.mail.pages import blueprint as mail_pages
from integrations.slack.app import Edge as SlackEdge
from integrations.slack.app import build as build_slack
from integrations.slack.carrier import SlackCarrier
from integrations.slack.gateway import LISTENER_SECONDS, Gateways
from integrations.slack.http import blueprint as slack_events
from integrations.slack.links import Links as SlackLinks
from integrations.slack.pages import blueprint as slack_pages
from integrations.slack.parts import SlackParts
from integrations.slack.sockets import Sockets
from integrations.slack.work import SlackWork
from integrations.webhooks.carrier import WebhookCarrier

YEAR_SECONDS = 31_536_000


def open_carriers(
    settings: Settings, slack: SlackParts | None = None
) -> dict[DestinationKind, Carrier]:
    """What reaches destinations, as far as the settings say how."""
    vault = Vault(settings.secret_key)
    networks = [ip_network(one) for one in settings.webhook_networks.split(",") if one]
    carriers: dict[DestinationKind, Carrier] = {
        DestinationKind.WEBHOOK: WebhookCarrier(vault, utc_now, allowed=networks)
    }
    if settings.smtp_host:
        server = MailServer(
            host=settings.smtp_host,
            port=settings.smtp_port,
            sender=settings.mail_from,
            security=settings.smtp_security,
            user=settings.smtp_user,
            password=settings.smtp_password,
        )
        links = Links(settings.public_url, settings.secret_key)
        carriers[DestinationKind.MAIL] = MailCarrier(server, links, utc_now)
    if slack is not None:
        carriers[DestinationKind.SLACK_CHANNEL] = SlackCarrier(slack)
        carriers[DestinationKind.SLACK_PERSON] = carriers[DestinationKind.SLACK_CHANNEL]
    return carriers


def open_slack(
    settings: Settings,
    database: Database,
    reader: Reader,
    clock: Callable[[], datetime] = utc_now,
    *,
    timeout: float = LISTENER_SECONDS,
) -> SlackParts:
    """What the Slack edge works with; `timeout` is the patience with each call, in seconds."""
    vault = Vault(settings.secret_key)
    return SlackParts(
        settings=settings,
        database=database,
        reader=reader,
        vault=vault,
        gateways=Gateways(settings, database, vault, clock, timeout=timeout),
        links=SlackLinks(settings.public_url),
        clock=clock,
    )


def open_slack_work(parts: SlackParts) -> SlackWork:
    """Slack's part of the worker. It rests while nothing of Slack is set up; what somebody installs
    meanwhile is looked after at once."""
    settings = parts.settings
    sockets = None
    if settings.slack_app_token:
        hasty = Gateways(settings, parts.database, parts.vault, parts.clock)
        sockets = Sockets(parts, build_slack(replace(parts, gateways=hasty)))
    return SlackWork(parts, sockets)


def assemble(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Runtime:
    """The parts of an installation; each opens its files with its first use."""
    replica = open_replica(settings)
    return Runtime(
        settings=settings,
        database=Database(settings.effective_database_url),
        replica=replica,
        reader=replica.open_reader(),
        storage=open_storage(settings),
        clock=clock,
    )


def create_app(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> Flask:
    """The web application for one installation.

    Nothing is opened before the first request needs it, so that a server may fork after this.
    """
    app = InsightsFlask(
        "insights",
        template_folder=str(resources.folder("templates")),
        static_folder=str(templating.STATIC),
        static_url_path=f"/static/{templating.static_release()}",
    )
    app.json = OrjsonProvider(app)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.max_request_mb * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=settings.max_request_mb * 1024 * 1024,
        SEND_FILE_MAX_AGE_DEFAULT=YEAR_SECONDS,
        PERMANENT_SESSION_LIFETIME=timedelta(days=settings.session_days),
        SESSION_COOKIE_NAME="insights",
    )
    parts = app.extensions["insights"] = assemble(settings, clock)
    app.extensions["insights_slack"] = SlackEdge(
        open_slack(settings, parts.database, parts.reader, clock)
    )
    compression.register(app)
    login_manager.init_app(app)
    templating.register(app)
    api.register(app)
    web.register(app)
    app.register_blueprint(mail_pages)
    app.register_blueprint(slack_events)
    app.register_blueprint(slack_pages)
    protection.register(app, settings)
    errors.register(app)
    app.teardown_request(close_session)
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_prefix=hops
        )
    return app


def from_environment() -> Flask:
    """The application as the environment describes it: what WSGI servers are pointed at."""
    return create_app(read_settings())
