"""What is built is what is documented: columns, types, macros, contracts, readers."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from typing import Any

import pytest

from tests.harness import PROJECT_ROOT, Project

LAYERS = ("definitions", "staging", "intermediate", "marts", "reports")
PUBLIC_LAYERS = ("marts", "reports")

Node = dict[str, Any]


@pytest.fixture(scope="session")
def manifest(sample_project: Project) -> dict[str, Any]:
    """What dbt knows of the project."""
    path = sample_project.root / "target" / "manifest.json"
    return dict(json.loads(path.read_text("utf-8")))


@pytest.fixture(scope="session")
def relations(manifest: dict[str, Any]) -> dict[tuple[str, str], Node]:
    """Models and seeds, by schema and name."""
    return {
        (node["schema"], node["alias"]): node
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed")
    }


@pytest.fixture(scope="session")
def macros(manifest: dict[str, Any]) -> list[Node]:
    """The macros of the project, generic tests included."""
    return [
        macro
        for macro in manifest["macros"].values()
        if macro["package_name"] == "cx_warehouse"
    ]


def test_columns_are_those_that_are_built(
    sample_project: Project, relations: dict[tuple[str, str], Node]
) -> None:
    built = defaultdict(list)
    for schema, name, column, data_type in sample_project.query(
        "select table_schema, table_name, column_name, lower(data_type)"
        " from information_schema.columns"
        f" where table_schema in {LAYERS} order by ordinal_position"
    ):
        built[schema, name].append((column, data_type))
    documented = {
        key: [(name, column["data_type"]) for name, column in node["columns"].items()]
        for key, node in relations.items()
    }
    assert set(built) == set(documented)
    for key, columns in built.items():
        assert documented[key] == columns, ".".join(key)


def test_nothing_is_built_elsewhere(sample_project: Project) -> None:
    schemas = sample_project.query(
        "select distinct table_schema from information_schema.tables"
    )
    assert {schema for (schema,) in schemas} == set(LAYERS)


def test_every_relation_and_column_is_described(
    relations: dict[tuple[str, str], Node],
) -> None:
    for key, node in relations.items():
        sentence, *parts = node["description"].strip().split("\n\n")
        assert sentence.endswith("."), key
        headings = [part.split(":**")[0].strip("*") for part in parts]
        assert "Grain" in headings, key
        # Each at most once, and in this order.
        assert headings == [
            heading
            for heading in ("Grain", "Assumptions", "Nuance")
            if heading in headings
        ], key
        for name, column in node["columns"].items():
            assert column["description"].strip(), (*key, name)


def test_source_is_described_as_the_feed(
    manifest: dict[str, Any], relations: dict[tuple[str, str], Node]
) -> None:
    (source,) = manifest["sources"].values()
    staged = relations["staging", "stg_raw__survey_answers"]
    assert source["description"].strip()
    assert source["source_description"].strip()
    assert {
        name: (column["data_type"], column["description"])
        for name, column in source["columns"].items()
    } == {
        name: (column["data_type"], column["description"])
        for name, column in staged["columns"].items()
        # Which file a row came from is the reader's to say.
        if name != "feed_file"
    }


def test_a_model_has_a_twin(relations: dict[tuple[str, str], Node]) -> None:
    for (schema, name), node in relations.items():
        if schema != "definitions":
            twin = node["original_file_path"].replace(".sql", ".yml")
            assert node["patch_path"] == f"cx_warehouse://{twin}", name


def test_every_mart_has_an_enforced_contract(
    relations: dict[tuple[str, str], Node],
) -> None:
    marts = [node for (schema, _), node in relations.items() if schema in PUBLIC_LAYERS]
    assert marts
    for node in marts:
        assert node["config"]["contract"]["enforced"], node["name"]
        # A view takes no constraints; what holds for it, its data tests say.
        constrained = any(column["constraints"] for column in node["columns"].values())
        assert constrained == (node["config"]["materialized"] != "view"), node["name"]


def test_every_model_has_data_tests(
    manifest: dict[str, Any], relations: dict[tuple[str, str], Node]
) -> None:
    tested = {
        parent
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        for parent in node["depends_on"]["nodes"]
    }
    # Steps of judging that are not stored: each look at them judges the feed anew.
    # Rows lost or doubled in them are missed or seen in int_survey_answers_judged.
    steps = {
        f"int_survey_answers_{step}"
        for step in ("concerned", "keyed", "timed", "matched")
    }
    # One row per row of a seed; what they find comes together in one tested table.
    problems = {
        name for _, name in relations if re.fullmatch(r"int_\w+_problems", name)
    } - {"int_definition_problems"}
    untested = {
        name
        for (schema, name), node in relations.items()
        if schema != "definitions" and node["unique_id"] not in tested
    }
    assert untested <= steps | problems


def test_every_macro_is_documented_with_its_arguments(macros: list[Node]) -> None:
    assert macros
    for macro in macros:
        assert macro["description"].strip(), macro["name"]
        # dbt has held their names against the macro's (validate_macro_args); it knows
        # no arguments of generic tests.
        for argument in macro["arguments"]:
            assert argument["type"], (macro["name"], argument["name"])
            assert argument["description"].strip(), (macro["name"], argument["name"])


def test_every_macro_lists_all_its_arguments(macros: list[Node]) -> None:
    for macro in macros:
        definition = re.search(
            rf"{{%-? *macro +{macro['name']}\((.*?)\) *-?%}}",
            macro["macro_sql"],
            re.DOTALL,
        )
        if definition is None:
            assert macro["name"].startswith("test_")
            continue
        names = [
            argument.split("=")[0].strip()
            for argument in definition[1].split(",")
            if argument.strip()
        ]
        assert [argument["name"] for argument in macro["arguments"]] == names


def test_public_macros_stand_alone(macros: list[Node]) -> None:
    files = Counter(macro["original_file_path"] for macro in macros)
    for macro in macros:
        # An engine's own words stand together, in one file.
        if macro["original_file_path"].startswith("macros/engines/"):
            continue
        stem = macro["original_file_path"].rsplit("/", 1)[1].removesuffix(".sql")
        name = macro["name"].removeprefix("test_").split("__")[-1]
        assert name == stem, macro["name"]
        assert files[macro["original_file_path"]] <= 3


def test_access_is_stated(relations: dict[tuple[str, str], Node]) -> None:
    atoms = {"fct_survey_answers", "fct_unaccepted_answers"}
    for (schema, name), node in relations.items():
        if schema == "definitions":
            continue
        public = "public" if schema in PUBLIC_LAYERS else "private"
        assert node["access"] == ("protected" if name in atoms else public), name
        assert node["group"] == "customer_surveys", name


def test_every_public_fact_has_a_reader(
    manifest: dict[str, Any], relations: dict[tuple[str, str], Node]
) -> None:
    read = {
        parent
        for exposure in manifest["exposures"].values()
        for parent in exposure["depends_on"]["nodes"]
    }
    for (_, name), node in relations.items():
        if name.startswith(("fct_", "report_")):
            assert (node["unique_id"] in read) == (node["access"] == "public"), name
    for exposure in manifest["exposures"].values():
        assert exposure["description"].strip().endswith("?"), exposure["name"]
        assert exposure["type"] in ("dashboard", "analysis")
        assert exposure["owner"]["name"]
        assert exposure["owner"]["email"]


def test_every_doc_block_is_used(manifest: dict[str, Any]) -> None:
    blocks = {
        block["name"]
        for block in manifest["docs"].values()
        if block["package_name"] == "cx_warehouse"
    }
    files = [
        path.read_text("utf-8")
        for folder in ("models", "seeds", "macros")
        for path in (PROJECT_ROOT / folder).rglob("*.yml")
    ]
    used = Counter(
        name for text in files for name in re.findall(r"doc\('(\w+)'\)", text)
    )
    assert blocks == set(used)


def test_a_shared_column_is_described_once(
    relations: dict[tuple[str, str], Node],
) -> None:
    described = defaultdict(list)
    for node in relations.values():
        for column in node["columns"].values():
            described[column["description"]].append(column["doc_blocks"])
    for description, blocks in described.items():
        if len(blocks) > 1:
            assert all(blocks), description
