"""The peer: one page of Flask alone that lists the 25 newest tickets, with no rights, no search and no session."""

from flask import Flask, render_template_string
from sqlalchemy import text
from sqlalchemy.engine import Engine

PATH = "/bare"
_PAGE = """<!doctype html><title>{{ rows|length }}</title><table>
{% for row in rows %}
<tr><td>{{ row.ref }}<td>{{ row.matter }}<td>{{ row.status }}<td>{{ row.opened_at }}</tr>
{% endfor %}
</table>"""
_NEWEST = text("SELECT ref, matter, status, opened_at FROM ticket ORDER BY id DESC LIMIT 25")


def add(app: Flask, engine: Engine) -> None:
    """Put the page on the application."""

    def bare() -> str:
        with engine.connect() as connection:
            return render_template_string(_PAGE, rows=connection.execute(_NEWEST).all())

    app.add_url_rule(PATH, "bare", bare)
