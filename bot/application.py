"""The web application: all that answers over HTTP. Loaded where somebody serves (see `create_app` in app.py): a worker,
the clock and most commands have no use for it.
"""

from flask import Flask

from bot import console
from bot.services import Services
from bot.web import api, health, hooks, metrics, simulator


def create_app(services: Services, standin_url: str | None = None) -> Flask:
    """The web application. standin_url: in the sample alone, where the stand-in platforms are."""
    app = Flask("danyuan", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = services.settings.web.max_body_bytes
    for part in (hooks, api, health, metrics):
        app.register_blueprint(part.blueprint(services))
    console.install(app, services)
    if standin_url is not None and services.settings.sample:
        app.register_blueprint(simulator.blueprint(standin_url))
    return app
