"""The rule of who may import whom, read from the imports themselves."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("connectors", "dedup", "flows", "livingsearch")
SHARED = {"livingsearch.review", "livingsearch.settings", "livingsearch.errors"}
"""Everyone in livingsearch may import these."""

MAY_IMPORT: dict[str, set[str]] = {
    "connectors": set(),
    "dedup": set(),
    "livingsearch.errors": set(),
    "livingsearch.settings": {"livingsearch.errors"},
    "livingsearch.strategy": {"livingsearch.errors"},
    "livingsearch.review": {"livingsearch.errors", "livingsearch.strategy"},
    "livingsearch.standin": {"livingsearch.errors", "livingsearch.strategy"},
    "livingsearch.samples": set(),
    "livingsearch.store": SHARED,
    "livingsearch.ledger": SHARED | {"livingsearch.store"},
    "livingsearch.exports": SHARED | {"livingsearch.store"},
    "livingsearch.services": SHARED
    | {
        "connectors",
        "dedup",
        "livingsearch.exports",
        "livingsearch.ledger",
        "livingsearch.store",
        "livingsearch.strategy",
    },
}
TOP = (
    SHARED
    | {f"livingsearch.{part}" for part in ("services", "ledger", "store", "standin", "strategy")}
    | {
        "connectors.errors",
        "connectors.exports",
        "dedup.errors",
    }
)
"""What the top layers use: the use cases, and the data and errors that come out of them."""
MAY_IMPORT["livingsearch.cli"] = TOP
MAY_IMPORT["flows"] = TOP


def modules() -> list[Path]:
    return sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer_of(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "livingsearch" else parts[0]


def imports_of(path: Path) -> set[str]:
    """Absolute names of what a module imports, names imported from a package included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] in PACKAGES}


def allowed(layer: str, imported: str) -> bool:
    if layer_of(imported) == layer:
        return True
    return any(imported == rule or imported.startswith(rule + ".") for rule in MAY_IMPORT[layer])


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_point_downwards(path: Path) -> None:
    layer = layer_of(name_of(path))
    if layer == "livingsearch":
        assert imports_of(path) == set(), "the package itself imports nothing"
        return
    wrong = sorted(name for name in imports_of(path) if not allowed(layer, name))
    assert not wrong, f"{layer} may not import {wrong}"


def test_every_layer_has_a_rule() -> None:
    layers = {layer_of(name_of(p)) for p in modules()} - {"livingsearch"}
    assert layers == set(MAY_IMPORT)


def test_the_rule_catches_a_breach() -> None:
    assert not allowed("connectors", "livingsearch.errors.StoreError")
    assert not allowed("dedup", "connectors.record.Record")
    assert not allowed("livingsearch.services", "flows.updates")
    assert allowed("livingsearch.ledger", "livingsearch.store.Store")


def test_only_the_store_opens_duckdb() -> None:
    openers = {
        name_of(path)
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr == "connect"
        and isinstance(node.value, ast.Name)
        and node.value.id == "duckdb"
    }
    assert openers == {"livingsearch.store.database"}


def test_modules_are_of_a_size_to_read() -> None:
    long = {name_of(p): n for p in modules() if (n := len(p.read_text("utf-8").splitlines())) > 400}
    assert not long
