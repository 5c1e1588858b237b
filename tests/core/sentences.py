"""Where the code says which sentence: every use of a key of keywords/wording.toml, found in the source itself."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

BOT = Path(__file__).parents[2] / "bot"


@dataclass(frozen=True)
class Taker:
    """A function that is handed keys: at which positions, what it fills in by itself, which arguments are no blanks."""

    at: tuple[int, ...]
    fills: frozenset[str] = frozenset()
    no_blanks: frozenset[str] = frozenset()  # its own keyword arguments
    suffixes: tuple[str, ...] = ("",)


@dataclass(frozen=True)
class Use:
    """One key that the code asks for, and the blanks it gives."""

    where: str
    key: str
    given: frozenset[str]
    named: frozenset[str]  # of these, what is named one by one


@dataclass(frozen=True)
class Unknown:
    """A key that is worked out at run time, by the function it stands in and its expression."""

    where: str
    function: str
    call: str  # "answer(key)"
    given: frozenset[str]
    suffixes: tuple[str, ...]


def uses(takers: dict[str, Taker], matter: frozenset[str]) -> Iterator[Use | Unknown]:
    """Every key handed to one of `takers` anywhere in bot/. matter: what `**matter_words(...)` stands for."""
    for path in sorted(BOT.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function, call in _calls(tree):
            taker = takers.get(_name(call))
            if taker is None:
                continue
            named = frozenset(word.arg for word in call.keywords if word.arg) - taker.no_blanks
            spread = matter if any(word.arg is None for word in call.keywords) else frozenset()
            for at in taker.at:
                if at < len(call.args):
                    where = f"{path.relative_to(BOT.parent)}:{call.lineno}"
                    yield from _keys(where, function, call, at, taker, (named, named | spread | taker.fills))


def words_of(function: str, path: str) -> frozenset[str]:
    """The keys of the dictionary that a function returns."""
    tree = ast.parse((BOT / path).read_text(encoding="utf-8"))
    found = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == function)
    returned = next(node.value for node in ast.walk(found) if isinstance(node, ast.Return))
    assert isinstance(returned, ast.Dict)
    return frozenset(str(ast.literal_eval(key)) for key in returned.keys if key is not None)


def _keys(
    where: str, function: str, call: ast.Call, at: int, taker: Taker, blanks: tuple[frozenset[str], frozenset[str]]
) -> Iterable[Use | Unknown]:
    named, given = blanks
    argument = call.args[at]
    for key in (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            for suffix in taker.suffixes:
                yield Use(where, key.value + suffix, given, named)
        else:
            yield Unknown(where, function, f"{_name(call)}({ast.unparse(key)})", given, taker.suffixes)


def _calls(tree: ast.AST, function: str = "") -> Iterator[tuple[str, ast.Call]]:
    for node in ast.iter_child_nodes(tree):
        inner = node.name if isinstance(node, ast.FunctionDef) else function
        if isinstance(node, ast.Call):
            yield function, node
        yield from _calls(node, inner)


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
