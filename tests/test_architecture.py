"""The shape of the code: who may import whom, nobody asks the time, files stay readable."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "intents", "models", "standin")
OURS = (*PACKAGES, "app")
LONGEST_FILE = 302  # about 300

# Downwards only: a module imports modules of later rows, or of its own row where it says so.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("app",),
    ("bot.commandline", "bot.application"),
    (
        "bot.supervise",
        "bot.family",
        "bot.redis_server",
        "bot.staging",
        "bot.checkup",
        "bot.classify",
        "bot.rehearse",
        "bot.groups",
        "bot.publishing",
        "bot.casesheet",
    ),
    ("bot.console",),
    ("bot.web",),
    ("bot.worker", "bot.clock"),
    ("bot.jobs", "bot.pulse"),
    ("bot.fetching",),
    ("bot.inbox",),
    ("bot.digesting",),
    ("bot.services",),
    ("bot.shelf",),
    ("bot.sample",),
    ("bot.roster",),
    (
        "bot.merges",
        "bot.absences",
        "bot.terms",
        "bot.homes",
        "bot.whistles",
        "bot.duties",
        "bot.reminders",
        "bot.appointing",
    ),
    ("bot.tickets",),
    ("bot.aftermath",),
    ("bot.hands", "bot.cases", "bot.again"),
    ("bot.undoing",),
    ("bot.consequences",),
    ("bot.cards",),
    ("bot.contradictions", "bot.story"),
    ("bot.orders",),
    ("bot.ratings",),
    ("bot.claims",),
    ("bot.ringing",),
    ("bot.holders",),
    ("bot.accounts", "bot.signing_in"),
    (
        "bot.alarms",
        "bot.explaining",
        "bot.events",
        "bot.telling",
        "bot.learned",
        "bot.office",
        "bot.tokens",
        "bot.replay",
    ),
    ("bot.handover",),
    ("bot.digest", "bot.holding"),
    ("bot.ledger_file",),
    ("bot.ledger_table", "bot.held"),
    ("bot.ledger",),
    ("bot.storms", "bot.standins", "bot.volunteers"),
    ("bot.deadlines",),
    (
        "bot.binding",
        "bot.onetime",
        "bot.delivery",
        "bot.permits",
        "bot.reach",
        "bot.pending",
        "bot.remits",
        "bot.retrying",
    ),
    ("bot.attachments",),
    ("bot.posted", "bot.heartbeat"),
    ("bot.owed", "bot.bell", "bot.frozen"),
    ("bot.estates",),
    ("bot.places", "bot.people", "bot.takers", "bot.finding", "bot.confided"),
    ("bot.estate_names",),
    ("bot.assigned", "bot.five"),
    ("bot.words",),
    ("bot.desk",),
    (
        "bot.channels",
        "bot.routing",
        "bot.about",
        "bot.partners",
        "bot.offering",
        "bot.rated",
        "bot.clocks",
        "bot.wording",
        "bot.moves",
        "bot.endings",
        "bot.masking",
        "bot.crash",
        "bot.passwords",
        "bot.seal",
    ),
    ("bot.stricter", "bot.response"),
    ("bot.settings",),
    ("bot.sections",),
    ("bot.festivals",),
    ("bot.hours", "bot.calendar"),
    ("intents", "models"),
)
# Rows whose members know each other; everywhere else in a row they are strangers.
KNOW_EACH_OTHER = {
    "bot.supervise", "bot.worker", "bot.jobs", "bot.alarms", "bot.binding", "bot.owed", "bot.channels"
}  # fmt: skip
STRANGERS = {"intents": ("models", "bot", "standin", "flask", "rq", "redis", "sqlmodel", "sqlalchemy", "requests"),
             "models": ("intents", "bot", "standin", "flask", "rq", "redis", "requests"),
             "standin": ("bot", "intents", "models", "sqlmodel", "sqlalchemy", "rq")}  # fmt: skip
PURE = (
    "intents",
    "bot/routing.py",
    "bot/about.py",
    "bot/partners.py",
    "bot/offering.py",
    "bot/rated.py",
    "bot/clocks.py",
    "bot/calendar.py",
    "bot/festivals.py",
    "bot/wording.py",
    "bot/moves.py",
    "bot/endings.py",
    "bot/masking.py",
    "bot/stricter.py",
    "bot/response.py",
    "bot/digest/periods.py",
    "bot/digest/figures.py",
    "bot/digest/rules.py",
)
EDGES = ("flask", "rq", "redis", "requests", "sqlalchemy", "sqlmodel", "socket", "subprocess", "threading")


def sources() -> list[Path]:
    own = [ROOT / "app.py"]
    for package in PACKAGES:
        own += (ROOT / package).rglob("*.py")
    return sorted(path for path in own if "versions" not in path.parts)


def module_of(path: Path) -> str:
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[str, int]]:
    known = {module_of(p) for p in sources()}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield (full if full in known else node.module), node.lineno


def row_of(module: str) -> int | None:
    for n, row in enumerate(LAYERS):
        if any(module == name or module.startswith(f"{name}.") for name in row):
            return n
    return None


def name_in_row(module: str, row: int) -> str:
    return next(name for name in LAYERS[row] if module == name or module.startswith(f"{name}."))


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_downwards(path: Path) -> None:
    module = module_of(path)
    if module.startswith("standin") or module == "bot":
        return
    row = row_of(module)
    assert row is not None, f"{module} has no place in LAYERS"
    wrong = []
    for imported, line in imports(path):
        if imported.split(".")[0] not in OURS or imported == "bot":
            continue
        other = row_of(imported)
        assert other is not None, f"{imported} has no place in LAYERS"
        own, theirs = name_in_row(module, row), name_in_row(imported, other)
        sideways = other == row and own != theirs and LAYERS[row][0] not in KNOW_EACH_OTHER
        if other < row or sideways:
            wrong.append(f"line {line}: {module} imports {imported}")
    assert wrong == []


@pytest.mark.parametrize("package", sorted(STRANGERS))
def test_strangers_stay_strangers(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {imported}"
        for path in sources()
        if module_of(path).split(".")[0] == package
        for imported, line in imports(path)
        if imported.split(".")[0] in STRANGERS[package] and "migrations" not in path.parts and path.name != "db.py"
        and not (package == "models" and imported.startswith("sql"))
    ]  # fmt: skip
    assert wrong == []


def test_what_is_pure_touches_nothing_outside() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {imported}"
        for path in sources()
        if str(path.relative_to(ROOT)).startswith(PURE)
        for imported, line in imports(path)
        if imported.split(".")[0] in EDGES
    ]
    assert wrong == []


def test_only_the_services_ask_the_time() -> None:
    """`now` is an argument, so that a rehearsal can replace it. The stand-in platform has a clock of its own."""
    wrong = []
    for path in sources():
        if module_of(path) == "bot.services" or module_of(path).startswith("standin"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            owner = node.func.value
            asks = node.func.attr in ("now", "utcnow", "today")
            if asks and isinstance(owner, ast.Name) and owner.id in ("datetime", "date"):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert wrong == []


def test_no_import_inside_a_function() -> None:
    wrong = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                wrong += [
                    f"{path.relative_to(ROOT)}:{inner.lineno}"
                    for inner in ast.walk(node)
                    if isinstance(inner, ast.Import | ast.ImportFrom)
                ]
    assert wrong == []


def test_what_draws_is_loaded_by_name_alone() -> None:
    """matplotlib and fpdf2 take 100 MB: only bot.digest.drawing loads what imports them, when something is drawn."""
    heavy = re.compile(r"^(?:import|from) (?:matplotlib|fpdf|bot\.digest\.(?:charts|paper))\b|"
                       r"^from bot\.digest import .*\b(?:charts|paper)\b", re.MULTILINE)  # fmt: skip
    importers = {module_of(path) for path in sources() if heavy.search(path.read_text(encoding="utf-8"))}
    assert importers == {"bot.digest.charts", "bot.digest.paper"}


def test_a_command_that_understands_nothing_loads_nothing_to_understand_with() -> None:
    """Nor what serves or changes the schema: together they take longer to load than most commands have to do."""
    heavy = {"jieba", "pypinyin.phrases_dict", "bm25s", "alembic", "flask", "gunicorn", "matplotlib", "fpdf"}
    program = "import sys, app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert heavy & set(loaded.stdout.split()) == set()


def test_files_stay_readable() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_only_the_edges_open_a_transaction() -> None:
    """Web, jobs, the clock, the inbox and commands; nothing below the services commits."""
    allowed = ("app", "bot.commandline", "bot.console", "bot.web", "bot.jobs", "bot.clock", "bot.fetching", "bot.inbox",
               "bot.pulse", "bot.supervise", "bot.services", "bot.heartbeat", "bot.staging", "bot.checkup",
               "bot.worker", "bot.rehearse", "bot.digesting")  # fmt: skip
    wrong = []
    for path in sources():
        module = module_of(path)
        if module.startswith(("models", "standin")) or module.startswith(allowed):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("transaction", "commit"):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert wrong == []
