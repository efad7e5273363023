{#
    A query of the IANA time zones that the engine knows: one column, time_zone.
    DuckDB also lists names of its calendar library that are no IANA names (`IST`, which
    India, Ireland and Israel share); they are left out.

        time_zone in ({{ known_time_zones() }})
#}
{% macro known_time_zones() -%}
    {{ return(adapter.dispatch('known_time_zones', 'cx_warehouse')()) }}
{%- endmacro %}

{% macro duckdb__known_time_zones() -%}
    select zones.name as time_zone from pg_timezone_names() as zones
    where
        zones.name not like 'SystemV/%'
        and zones.name not in ('US/Pacific-New', 'Canada/East-Saskatchewan')
        and zones.name not in (
            'ACT', 'AET', 'AGT', 'ART', 'AST', 'BET', 'BST', 'CAT', 'CNT', 'CST',
            'CTT', 'EAT', 'ECT', 'IET', 'IST', 'JST', 'MIT', 'NET', 'NST', 'PLT',
            'PNT', 'PRT', 'PST', 'SST', 'VST'
        )
{%- endmacro %}
