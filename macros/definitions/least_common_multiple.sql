{#
    The least common multiple of two positive whole numbers, as decimal(38, 0).

        {{ least_common_multiple('4', '6') }}  ->  12
#}
{% macro least_common_multiple(left_number, right_number) -%}
    {{ return(adapter.dispatch('least_common_multiple', 'cx_warehouse')(
        left_number, right_number
    )) }}
{%- endmacro %}

{% macro duckdb__least_common_multiple(left_number, right_number) -%}
    cast(
        lcm(cast({{ left_number }} as hugeint), cast({{ right_number }} as hugeint))
        as decimal(38, 0)
    )
{%- endmacro %}
