"""What is known of the warehouses that cannot be reached.

All of it is from their documentation: logins that a profile needs, the functions that
they have (of those that the models call), the words that they reserve.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Warehouse:
    """A warehouse, as far as rendered models show it."""

    # A login that nobody has: nothing is connected to.
    login: Mapping[str, str | int]
    # Functions of its documentation that the models call, and words with parentheses.
    functions: str
    # Words that cannot name a relation or a column without quotes.
    reserved: str
    # Constructs that it has not (CONSTRUCTS in tests/renders/dialects.py).
    lacks: tuple[str, ...] = ()
    # What DuckDB has under another name, and sqlglot does not know: each has the same
    # meaning there as the function of the warehouse, for what the models ask of it.
    stand_ins: tuple[str, ...] = ()


# Functions, and words before a parenthesis, that all of them have with one meaning.
COMMON = """
    abs avg cast ceil chr coalesce concat count decimal dense_rank extract first_value
    floor greatest lag lead least length lower lpad max min mod nullif rank replace
    round row_number split_part sqrt substr sum translate trim
"""

WAREHOUSES: Mapping[str, Warehouse] = {
    "redshift": Warehouse(
        login={
            "type": "redshift",
            "host": "nowhere.invalid",
            "port": 5439,
            "user": "nobody",
            "password": "none",
            "dbname": "cx",
            "schema": "marts",
        },
        functions="""
            bool_or convert_timezone date_trunc dateadd datediff fnv_hash left md5
            position right varchar
        """,
        reserved="""
            aes128 aes256 all allowoverwrite analyse analyze and any array as asc
            authorization az64 backup between binary blanksasnull both bytedict bzip2
            case cast check collate column constraint create credentials cross
            current_date current_time current_timestamp current_user current_user_id
            default deferrable deflate defrag delta delta32k desc disable distinct do
            else emptyasnull enable encode encrypt encryption end except explicit
            false for foreign freeze from full globaldict256 globaldict64k grant group
            gzip having identity ignore ilike in initially inner intersect interval
            into is isnull join leading left like limit localtime localtimestamp lun
            luns lzo lzop minus mostly16 mostly32 mostly8 natural new not notnull null
            nulls off offline offset oid old on only open or order outer overlaps
            parallel partition percent permissions pivot placing primary raw readratio
            recover references rejectlog resort respect restore right select
            session_user similar snapshot some sysdate system table tag tdes text255
            text32k then timestamp to top trailing true truncatecolumns union unique
            unnest unpivot user using verbose wallet when where with without
        """,
        lacks=(
            "constant table",
            "is distinct from",
            "order of a window without a frame",
            "recursive query whose columns have no names",
            "row before in",
            "window clause",
        ),
        stand_ins=("create macro fnv_hash(any_value) as hash(any_value)",),
    ),
    "snowflake": Warehouse(
        login={
            "type": "snowflake",
            "account": "nowhere",
            "user": "nobody",
            "password": "none",
            "database": "cx",
            "warehouse": "none",
            "schema": "marts",
        },
        functions="""
            boolor_agg convert_timezone date_trunc dateadd datediff hash left ltrim
            md5 position regexp_like right rtrim
        """,
        reserved="""
            account all alter and any as between by case cast check column connect
            connection constraint create cross current current_date current_time
            current_timestamp current_user database delete distinct drop else exists
            false following for from full grant group gscluster having ilike in
            increment inner insert intersect into is issue join lateral left like
            localtime localtimestamp minus natural not null of on or order
            organization qualify regexp revoke right rlike row rows sample schema
            select set some start table tablesample then to trigger true try_cast
            union unique update using values view when whenever where with
        """,
        lacks=(
            "condition on nothing",
            "is true",
        ),
    ),
    "bigquery": Warehouse(
        login={
            "type": "bigquery",
            "method": "oauth-secrets",
            "token": "none",
            "project": "cx",
            "schema": "marts",
        },
        functions="""
            date_trunc datetime datetime_add datetime_diff error farm_fingerprint
            format_date interval left logical_or ltrim md5 regexp_contains right rtrim
            safe_ordinal split string strpos timestamp to_hex unnest
        """,
        reserved="""
            all and any array as asc assert_rows_modified at between by case cast
            collate contains create cross cube current default define desc distinct
            else end enum escape except exclude exists extract false fetch following
            for from full group grouping groups hash having if ignore in inner
            intersect interval into is join lateral left like limit lookup merge
            natural new no not null nulls of on or order outer over partition
            preceding proto qualify range recursive respect right rollup rows select
            set some struct tablesample then to treat true unbounded union unnest
            using when where window with within
        """,
        lacks=(
            "cast with parameters",
            "condition on nothing",
            "constant table",
            "operator %",
            "row before in",
        ),
        stand_ins=("create macro farm_fingerprint(text) as hash(text)",),
    ),
    "databricks": Warehouse(
        login={
            "type": "databricks",
            "host": "nowhere.invalid",
            "http_path": "/sql/1.0/warehouses/none",
            "token": "none",
            "catalog": "cx",
            "schema": "marts",
        },
        functions="""
            aggregate array bool_or concat_ws date_format date_trunc encode
            from_utc_timestamp if left md5 named_struct position raise_error
            regexp_extract right rpad sequence sha2 string struct timestamp_micros
            timestampadd to_utc_timestamp transform try_cast unhex unix_micros
            xxhash64
        """,
        reserved="anti cross except full inner intersect join lateral left natural on"
        " right semi union using",
        stand_ins=(
            "create macro xxhash64(text) as hash(text)",
            "create macro pmod(a, b) as a % b",
            "create macro raise_error(message) as error(message)",
            "create macro timestamp_micros(micros) as make_timestamp(micros)",
        ),
    ),
    "trino": Warehouse(
        login={
            "type": "trino",
            "method": "none",
            "user": "nobody",
            "host": "nowhere.invalid",
            "port": 8080,
            "database": "cx",
            "schema": "marts",
        },
        functions="""
            at_timezone bool_or date_add date_diff date_trunc from_big_endian_64 md5
            position regexp_like timestamp to_hex to_utf8 values with_timezone
            xxhash64
        """,
        reserved="""
            alter and as auto between by case cast constraint create cross cube
            current_catalog current_date current_path current_role current_schema
            current_time current_timestamp current_user deallocate delete describe
            distinct drop else end escape except exists extract false for from full
            group grouping having in inner insert intersect into is join json_array
            json_exists json_object json_query json_table json_value left like listagg
            localtime localtimestamp natural normalize not null on or order outer
            prepare recursive right rollup select skip table then trim true uescape
            union unnest using values when where with
        """,
        lacks=(
            "is true",
            "recursive query whose columns have no names",
            "row before in",
        ),
        stand_ins=(
            "create macro xxhash64(bytes) as hash(bytes)",
            "create macro from_big_endian_64(bytes) as bytes",
        ),
    ),
}
