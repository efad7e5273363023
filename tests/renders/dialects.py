"""The models of a warehouse as DuckDB says them: parsed, looked at, translated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

import sqlglot
from sqlglot import exp
from sqlglot.tokens import Token, TokenType

from tests.renders.warehouses import COMMON, WAREHOUSES

# What may stand before a parenthesis and is no function.
WORDS = """
    all and any as between by case distinct else exists except from having in inner is
    join not on or over select then union using values when where with
"""


def parsed(sql: str, warehouse: str) -> exp.Expression:
    """The tree of a query. Raises sqlglot's ParseError for one that is none there."""
    (tree,) = sqlglot.parse(sql, read=warehouse)
    assert isinstance(tree, exp.Expression)
    return tree


def faults(sql: str, warehouse: str) -> Iterator[str]:
    """What a parser passes over: functions, names, constructs not to be had there."""
    tree = parsed(sql, warehouse)
    known = WAREHOUSES[warehouse]
    tokens = sqlglot.tokenize(sql, read=warehouse)
    relations = {alias.name.lower() for alias in tree.find_all(exp.TableAlias)}
    allowed = {*WORDS.split(), *COMMON.split(), *known.functions.split(), *relations}
    for token, following in pairwise(tokens):
        name = token.text.lower()
        if (
            following.token_type == TokenType.L_PAREN
            and name.isidentifier()
            and token.token_type not in (TokenType.STRING, TokenType.IDENTIFIER)
            and name not in allowed
        ):
            yield f"function {name}"
    reserved = frozenset(known.reserved.split())
    for identifier in tree.find_all(exp.Identifier):
        if not identifier.args.get("quoted") and identifier.name.lower() in reserved:
            yield f"reserved word {identifier.name}"
    for construct in known.lacks:
        if CONSTRUCTS[construct](tree, tokens):
            yield construct


def _has_order_without_frame(tree: exp.Expression) -> bool:
    ranks = (exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead)
    return any(
        window.args.get("order")
        and not window.args.get("spec")
        and not isinstance(window.this, ranks)
        for window in tree.find_all(exp.Window)
    )


# What a warehouse may lack: whether a query, its tree and its tokens, has it.
CONSTRUCTS: Mapping[str, Callable[[exp.Expression, list[Token]], bool]] = {
    "window clause": lambda tree, _: any(
        select.args.get("windows") for select in tree.find_all(exp.Select)
    ),
    "order of a window without a frame": lambda tree, _: _has_order_without_frame(tree),
    "recursive query whose columns have no names": lambda tree, _: any(
        not cte.args["alias"].columns
        for clause in tree.find_all(exp.With)
        if clause.recursive
        for cte in clause.expressions
    ),
    "constant table": lambda tree, _: tree.find(exp.Values) is not None,
    "is distinct from": lambda tree, _: any(
        tree.find_all(exp.NullSafeEQ, exp.NullSafeNEQ)
    ),
    "is true": lambda tree, _: any(
        isinstance(test.expression, exp.Boolean) for test in tree.find_all(exp.Is)
    ),
    "row before in": lambda tree, _: any(
        isinstance(test.this, exp.Tuple) for test in tree.find_all(exp.In)
    ),
    "condition on nothing": lambda tree, _: any(
        select.args.get("where") and not select.args.get("from_")
        for select in tree.find_all(exp.Select)
    ),
    "cast with parameters": lambda tree, _: any(
        cast.to.expressions for cast in tree.find_all(exp.Cast)
    ),
    "operator %": lambda _, tokens: any(
        token.token_type == TokenType.MOD for token in tokens
    ),
}


def translated(sql: str, warehouse: str) -> str:
    """A query of the warehouse as DuckDB says it; relations without their database."""
    if warehouse == "bigquery":
        # DuckDB has no decimal as long: it gets the digits that are meant.
        sql = re.sub(r"bignumeric /\* decimal(\(.*?\)) \*/", r"bignumeric\1", sql)
    tree = parsed(sql, warehouse)
    for table in tree.find_all(exp.Table):
        table.set("catalog", None)
    if warehouse == "databricks":
        _databricks(tree)
    if warehouse == "bigquery":
        _bigquery(tree)
    if warehouse == "trino":
        _trino(tree)
    # A session of this project is in UTC, whatever else a timestamp may mean.
    for data_type in tree.find_all(exp.DataType):
        if data_type.this == exp.DataType.Type.TIMESTAMPTZ:
            data_type.set("this", exp.DataType.Type.TIMESTAMP)
    return str(tree.sql(dialect="duckdb"))


def _databricks(tree: exp.Expression) -> None:
    # DuckDB's reduce has no last step: it is taken on a list of one.
    for reduced in list(tree.find_all(exp.Reduce)):
        if last := reduced.args.get("finish"):
            reduced.set("finish", None)
            listed = (
                f"transform(array({reduced.sql('databricks')}), "
                f"{last.sql('databricks')})"
            )
            reduced.replace(sqlglot.parse_one(f"{listed}[0]", read="databricks"))
    # from_utc_timestamp reads a timestamp as UTC, DuckDB's `at time zone` as local.
    for local in list(tree.find_all(exp.AtTimeZone)):
        utc = exp.AtTimeZone(this=local.this, zone=exp.Literal.string("UTC"))
        local.set("this", utc)


def _bigquery(tree: exp.Expression) -> None:
    # sqlglot takes the zone of datetime(timestamp(x, 'UTC'), zone) for a time of day.
    # The inner ones first: what is put in their place is a copy.
    for local in reversed(list(tree.find_all(exp.Datetime))):
        instant, zone = local.this, local.expression
        if isinstance(instant, exp.Timestamp) and zone:
            utc = exp.func("timezone", instant.args["zone"], instant.this)
            local.replace(exp.func("timezone", zone, utc))


def _trino(tree: exp.Expression) -> None:
    # DuckDB has one function in place of both, with the zone in front.
    for call in reversed(list(tree.find_all(exp.Anonymous))):
        if call.name.lower() in ("at_timezone", "with_timezone"):
            timestamp, zone = call.expressions
            call.replace(exp.func("timezone", zone, timestamp))
