"""The ledger through the API: whose it is, as JSON, as a workbook, as a page to print."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from models import Intent, Status
from tests.web.world import PHONE, World


def filled(world: World) -> dict[str, str]:
    """By name, the refs of what stands in building 3, unit 2, and beside it."""
    now = world.services.now()
    done = {"status": Status.CLOSED, "resolved_at": now, "closed_at": now}
    return {
        "open": world.ticket(need=f"电梯停了，王奶奶住302，{PHONE}", cause="主板烧了", plan="找王奶奶的儿子换"),
        "done": world.ticket(outcome="换了灯泡", **done),
        "last year": world.ticket(**{**done, "resolved_at": now - timedelta(days=400)}),
        "merged": world.ticket(status=Status.WITHDRAWN, merged_into_id=1),
        "dispute": world.ticket(intent=Intent.DISPUTE, category="noise", private=True, need="楼上天天跳绳"),
        "silent": world.ticket(intent=Intent.DISPUTE, category="violence", private=True, silent=True),
        "other grid": world.ticket(area="xf-g2"),
        "next door": world.ticket(area="yh"),
    }


def test_what_stands_in_it(world: World) -> None:
    refs = filled(world)

    book = world.get("staff", "/ledger", area="xf-3-2")

    assert [entry["ref"] for entry in book["open"]] == [refs["open"]]
    assert [entry["ref"] for entry in book["struck_off"]] == [refs["done"]]
    assert (book["confidential_open"], book["confidential_struck_off"]) == (1, 0)
    assert [(row["ref"], row["category"]) for row in book["confidential"]] == [(refs["dispute"], "noise")]
    entry = book["open"][0]
    assert (entry["need"], entry["cause"], entry["plan"]) == ("电梯停了", "主板烧了", None)


def test_a_subtree_holds_all_below_it_and_only_the_year_that_is_asked_for(world: World) -> None:
    refs = filled(world)

    book = world.get("staff", "/ledger", area="xf", since="2000-01-01")

    assert {entry["ref"] for entry in book["open"]} == {refs["open"], refs["other grid"]}
    assert {entry["ref"] for entry in book["struck_off"]} == {refs["done"], refs["last year"]}


@pytest.mark.parametrize("reader", ["grid_leader", "auditor"])
def test_other_readers_learn_how_many_disputes_there_are_and_no_more(world: World, reader: str) -> None:
    filled(world)

    book = world.get(reader, "/ledger", area="xf-3-2")

    assert (book["confidential_open"], book["confidential"]) == (1, [])


@pytest.mark.parametrize("format_", ["json", "xlsx", "html"])
def test_no_form_of_it_tells_of_anybody(world: World, format_: str) -> None:
    filled(world)

    answer = world.ask("staff", "GET", "/ledger", query_string={"area": "xf", "format": format_})

    assert answer.status_code == 200
    if format_ == "xlsx":
        cells = load_workbook(BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True)
        told = "\n".join(str(cell) for line in cells for cell in line if cell)
    else:
        told = answer.get_data(as_text=True)
    assert "换了灯泡" in told
    for personal in (PHONE, "王奶奶", "302", "跳绳", "名字", "violence"):
        assert personal not in told, personal


def test_the_page_prints_by_itself_and_runs_nothing(world: World) -> None:
    world.ticket(matter="<script>alert(1)</script>", need="<img src=x>")

    answer = world.ask("staff", "GET", "/ledger", query_string={"area": "xf-3-2", "format": "html"})

    page = answer.get_data(as_text=True)
    assert "<script" not in page
    assert "<img" not in page
    assert "http" not in page
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.mimetype == "text/html"
    assert "@page" in page


def test_the_workbook_is_a_file_to_keep(world: World) -> None:
    world.ticket(matter="=1+1")

    answer = world.ask("staff", "GET", "/ledger", query_string={"area": "xf-3-2", "format": "xlsx"})

    assert "attachment" in answer.headers["Content-Disposition"]
    cells = [c for line in load_workbook(BytesIO(answer.data)).worksheets[0].iter_rows() for c in line if c.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert "=1+1" in {cell.value for cell in cells}
    assert [entry.detail["format"] for entry in world.audited("ledger.exported")] == ["xlsx"]


@pytest.mark.parametrize(
    "query", [{}, {"area": "nowhere"}, {"area": "yh"}, {"area": "xf", "format": "pdf"}, {"area": "xf", "since": "soon"}]
)
def test_what_cannot_be_asked(world: World, query: dict[str, str]) -> None:
    assert world.ask("staff", "GET", "/ledger", query_string=query).status_code in (400, 404)
