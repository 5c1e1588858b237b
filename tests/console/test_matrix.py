"""Who may do what: every page against every role, inside and outside the area of their post."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlmodel import select

from bot.web.auth import Allow
from bot.words import drafts
from bot.words.drafts import Who
from models import ChatKind, Intent, Learning, Report, ReviewState
from tests.console.place import Browser, Place
from tests.console.test_attachments import with_picture
from tests.console.test_owed import refused_line, stuck
from tests.console.test_ticket import version
from tests.web.test_authorisation import EVERYBODY, MOVE, OFFICE, READ, group, leave_of_the_leader, new_leader, wish
from tests.web.test_reviews import heard
from tests.web.world import INSIDE, World

Thing = Callable[[World], object]
SENTENCE = "file=wording.toml&place=receipts/receipt_group"
REFUSED = 409  # asked by whoever may, but not as it stands: the same inside and outside


@dataclass(frozen=True)
class Row:
    """Who is served by a page. thing: what its path names, made anew for each request, in building 3, unit 2."""

    path: str
    served: list[str]
    thing: Thing | None = None
    form: Mapping[str, str] | None = None  # None: it is looked at
    names: str | None = None  # a field of the form that names another ticket of building 3, unit 2
    outside: int = 404
    more: Mapping[str, str] = field(default_factory=dict)


def two_voices(world: World) -> object:
    return world.joined(world.ticket())


def lost_line(world: World) -> object:
    return world.lost(ref=world.ticket())


def stuck_message(world: World) -> object:
    return stuck(world, "xf-3-2")


def stuck_line(world: World) -> object:
    return refused_line(world, world.ticket())


def user(_world: World) -> object:
    return 1


DIGEST = [*OFFICE, "auditor"]  # whoever has a post for the whole community


def draft(world: World) -> object:
    """A draft of the words, without a change."""
    with world.services.transaction() as session:
        return drafts.begin(world.services.desk(session), "电梯的新说法", Who("小邹", None)).id


def leaders_sentence(world: World) -> object:
    """A leader decided on it, and staff may approve it."""
    return heard(world, state=ReviewState.IGNORED, learning=Learning.ASKED, label_intent=Intent.OTHER,
                 label_category="chat")  # fmt: skip


def bound_group(world: World) -> object:
    return world.group("xf-3-2", ChatKind.RESIDENTS)


def resident(world: World) -> object:
    """The key of somebody who told something in building 3, unit 2."""
    with world.services.reading() as session:
        ticket = World.row(session, world.ticket())
        report = session.exec(select(Report).where(Report.ticket_id == ticket.id)).one()
        return f"a{report.account_id}"


def question(world: World) -> object:
    return world.ticket(intent="policy", category="other", words="隔壁的猫归哪里管")


# Whom a guard lets in; what is not theirs is then not there.
ADMITTED = {
    Allow.SIGNED_IN: EVERYBODY,
    Allow.READERS: READ,
    Allow.MOVERS: MOVE,
    Allow.OFFICE: OFFICE,
    Allow.HEADS: ["secretary", "administrator"],
    Allow.ADMINISTRATORS: ["administrator"],
}
MATRIX = {
    "today": Row("/", READ, outside=200),
    "tickets": Row("/tickets", READ, outside=200),
    "ticket": Row("/tickets/{}", READ, World.ticket),
    "live": Row("/tickets/{}/live", READ, World.ticket),
    "move": Row("/tickets/{}/move", MOVE, World.ticket, {"verb": "progress", "note": "师傅下午来"}),
    "phones": Row("/tickets/{}/phones", OFFICE, World.ticket, {}, outside=302),  # first of all the second factor
    "attachment": Row("/tickets/{}", READ, with_picture),
    "fetch_again": Row("/tickets/{}/attachments", MOVE, World.ticket, {}),
    "merge": Row("/tickets/{}/merge", MOVE, World.ticket, {}, names="into"),
    "split": Row("/tickets/{}/split", MOVE, two_voices, {}, names="report"),
    "whistle": Row("/tickets/{}/whistle", MOVE, World.ticket, {"organisations": "派出所"}),
    "move_several": Row("/tickets/moves", MOVE, None, {"verb": "progress", "note": "x"}, outside=200),
    "save_view": Row("/tickets/views", READ, None, {"name": "急的", "query": "due=late"}, outside=302),
    "delete_view": Row("/tickets/views/{}/delete", [], lambda _: 999, {}),  # nobody's: only one's own can be deleted
    "decide": Row("/reviews/{}", OFFICE, heard, {"decision": "ignore"}),
    "seen": Row("/undelivered/{}", OFFICE, lost_line, {}),
    "seen_several": Row("/undelivered", OFFICE, None, {}, outside=302),  # names none
    "owed": Row("/owed", OFFICE, outside=200),
    "message_again": Row("/owed/messages/{}", OFFICE, stuck_message, {}),
    "line_again": Row("/owed/lines/{}", OFFICE, stuck_line, {}),
    "ticket_again": Row("/owed/tickets/{}", OFFICE, World.ticket, {}),
    "directory": Row("/directory", READ, outside=200),
    "bind": Row("/directory/chats/{}", OFFICE, group, {"area": "xf-3-2", "kind": "residents"}),
    "listen": Row("/directory/chats/{}/listen", OFFICE, group, {"listen_only": "on"}),
    "away": Row("/directory/posts/{}", OFFICE, new_leader, {}),
    "back": Row("/directory/absences/{}", OFFICE, leave_of_the_leader, {}),
    "decide_binding": Row("/directory/bindings/{}", OFFICE, wish, {"decision": "confirm"}),
    "appoint_page": Row("/directory/posts/new", OFFICE, outside=200),
    "appoint": Row(
        "/directory/posts/new", OFFICE, None, {"who": "x", "new": "on", "role": "volunteer", "area": "xf-3"}
    ),
    "end_post": Row("/directory/posts/{}/end", OFFICE, new_leader, {"last": "2099-01-01"}),
    "unbind": Row("/directory/chats/{}/unbind", OFFICE, bound_group, {}),
    "import_page": Row("/directory/import", ["administrator"], outside=302),  # first the second factor
    "preview_import": Row("/directory/import", ["administrator"], None, {}, outside=302),
    "confirm_import": Row("/directory/import/confirm", ["administrator"], None, {}, outside=302),
    "import_template": Row("/directory/import/template", ["administrator"], outside=200),
    "policies": Row("/policies", READ, outside=200),
    "digests": Row("/digest", READ, outside=200),
    "digest": Row("/digest/xf/day/now", DIGEST),
    "digest_chart": Row("/digest/xf/week/now/hours.svg", DIGEST),
    "digest_xlsx": Row("/digest/xf/day/now/digest.xlsx", READ, outside=302),  # first of all the second factor
    "digest_pdf": Row("/digest/xf/day/now/digest.pdf", READ, outside=302),
    "policy": Row("/policies/annual-leave", OFFICE, outside=200),  # rules are everybody's, as all words are
    "write_policy": Row("/policies/new", OFFICE, None, {"do": "save"}, outside=302),
    "drop_policy_draft": Row("/policies/annual-leave/drop", [], None, {}),  # there is none
    "no_policy": Row("/policies/missed/{}", OFFICE, question, {}),
    "settings": Row("/settings", OFFICE, outside=200),
    "create_token": Row("/settings/tokens", ["administrator"], None, {"user": "1"}, outside=302),
    "revoke_token": Row("/settings/tokens/{}/revoke", ["administrator"], user, {}, outside=302),
    "people": Row("/people?q=王奶奶", OFFICE, outside=200),
    "person": Row("/people/{}", OFFICE, resident),
    "export_person": Row("/people/{}/export", OFFICE, resident, {}, outside=302),  # first the second factor
    "erase_page": Row("/people/{}/erase", OFFICE, resident, outside=302),
    "erase_person": Row("/people/{}/erase", OFFICE, resident, {}, outside=302),
    "erasures": Row("/people/erasures", READ, outside=200),
    "users": Row("/users", ["administrator"], outside=200),
    "create_user": Row("/users", ["administrator"], None, {"name": "x"}, outside=302),  # first the second factor
    "new_password": Row("/users/{}/password", ["administrator"], user, {}, outside=302),
    "disable": Row("/users/{}/disable", ["administrator"], user, {}, outside=302),
    "enable": Row("/users/{}/enable", ["administrator"], user, {}, outside=302),
    "forget_factor": Row("/users/{}/factor", ["administrator"], user, {}, outside=302),
    "words": Row("/words", READ, outside=200),
    "try_words": Row("/words/try", READ, None, {"text": "电梯停了"}, outside=200),
    "words_version": Row("/words/versions/0", READ, outside=200),
    "roll_back": Row("/words/versions/0", ["secretary", "administrator"], None, {}, outside=302),
    "begin_draft": Row("/words/drafts", OFFICE, None, {"title": "x"}, outside=302),
    "draft": Row("/words/drafts/{}", OFFICE, draft, outside=200),
    "take_change_back": Row("/words/drafts/{}/changes/1", OFFICE, draft, {}, outside=302),
    "carry_over": Row("/words/drafts/{}/base", OFFICE, draft, {}, outside=302),
    "drop_draft": Row("/words/drafts/{}/drop", OFFICE, draft, {}, outside=302),
    "word_lists": Row("/words/drafts/{}/lists", OFFICE, draft, outside=200),
    "word_pairs": Row("/words/drafts/{}/pairs", OFFICE, draft, outside=200),
    "word_lines": Row("/words/drafts/{}/lines?q=电梯", OFFICE, draft, outside=200),
    "change_entry": Row(
        "/words/drafts/{}/entries",
        OFFICE,
        draft,
        {"file": "repair.toml", "place": "categories/lift/things", "value": "哐叽笼"},
        outside=302,
    ),
    "sentences": Row("/words/drafts/{}/sentences?q=记下", OFFICE, draft, outside=200),
    "sentence": Row("/words/drafts/{}/sentence?" + SENTENCE, OFFICE, draft, outside=200),
    "set_sentence": Row(
        "/words/drafts/{}/sentence",
        OFFICE,
        draft,
        {"file": "repair.toml", "place": "categories/lift/label", "text": "升降机", "shown": "电梯"},
        outside=302,
    ),
    "word_file": Row("/words/drafts/{}/file?name=repair.toml", ["administrator"], draft, outside=200),
    "set_file": Row("/words/drafts/{}/file", ["administrator"], draft, {"name": "help.toml"}, outside=REFUSED),
    "try_page": Row("/words/drafts/{}/try", OFFICE, draft, outside=200),
    "try_draft": Row("/words/drafts/{}/try", OFFICE, draft, {"text": "电梯停了"}, outside=200),
    "replay": Row("/words/drafts/{}/replay", OFFICE, draft, outside=200),
    "check_draft": Row("/words/drafts/{}/check", OFFICE, draft, {}, outside=200),
    "publish_draft": Row("/words/drafts/{}/publish", ["secretary", "administrator"], draft, {}, outside=REFUSED),
    "samples": Row("/words/samples", OFFICE, outside=200),
    "sample": Row("/words/samples/{}", OFFICE, leaders_sentence, {"do": "learn"}),
    "account": Row("/account", EVERYBODY, outside=200),
    "factor": Row("/account/factor", EVERYBODY, outside=200),
    "end_others": Row("/account/sessions", EVERYBODY, None, {}, outside=302),
}
# Asked of nobody's post: what stands before the door, and what somebody does for themselves on the way in.
OF_THEMSELVES = {"static", "design", "theme", "login", "log_in", "log_out", "_nowhere", "second", "show_second",
                 "password", "change_password", "add_factor"}  # fmt: skip


def test_every_page_has_its_row(place: Place) -> None:
    names = {name.removeprefix("console.") for name in place.pages.guards}
    assert names == set(MATRIX) | OF_THEMSELVES


def test_everybody_is_served_what_is_theirs_and_nothing_else(place: Place) -> None:
    world = place.world
    world.organisation("派出所")
    wrong = []
    for user in INSIDE:
        for somebody in (user, f"{user}_next_door"):
            browser = place.signed_in(somebody)
            for name, row in MATRIX.items():
                status = _ask(world, browser, row)
                inside = somebody == user
                expected = _expected(place, name, row, user, inside=inside)
                if status not in expected:
                    wrong.append(f"{somebody} {name}: {status}, not one of {sorted(expected)}")
    assert wrong == []


def _expected(place: Place, name: str, row: Row, user: str, *, inside: bool) -> set[int]:
    served = {200, 302}
    if user in row.served:
        return served if (inside and row.outside != REFUSED) or row.outside in served else {row.outside}
    guard = place.pages.guards[f"console.{name}"]
    return {404} if user in ADMITTED[guard.allow] else {403}


def _ask(world: World, browser: Browser, row: Row) -> int:
    thing = row.thing(world) if row.thing else None
    path = row.path.format(thing)
    if row.form is None:
        return browser.get(path).status_code
    form = dict(row.form)
    page = browser.get(path.rsplit("/", 1)[0]).text if row.thing and path.startswith("/tickets/2") else ""
    form["version"] = version(page) if 'name="version"' in page else "999999"
    if row.names == "into":
        form["into"] = world.ticket()
    if row.names == "report":
        form["report"] = page.split('name="report" value="')[-1].split('"')[0] if 'name="report"' in page else "1"
    browser.get("/account")
    return browser.post(path, **form).status_code
