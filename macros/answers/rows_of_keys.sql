{#
    A subquery of the rows of a relation whose key_hash is among those of another one.

        select * from {{ rows_of_keys(this, ref('int_answer_keys_concerned')) }} as rows
#}
{% macro rows_of_keys(relation, keys) -%}
    {{ return(adapter.dispatch('rows_of_keys', 'cx_warehouse')(relation, keys)) }}
{%- endmacro %}

{% macro default__rows_of_keys(relation, keys) -%}
    (
        select * from {{ relation }}
        where key_hash in (select wanted.key_hash from {{ keys }} as wanted)
    )
{%- endmacro %}

{# DuckDB reads the hashes first, and of all other columns only the rows that it found. #}
{% macro duckdb__rows_of_keys(relation, keys) -%}
    (
        select * from {{ relation }}
        where
            rowid in (
                select candidates.rowid from {{ relation }} as candidates
                where
                    candidates.key_hash in (select wanted.key_hash from {{ keys }} as wanted)
            )
    )
{%- endmacro %}
