{#
    How much weight the rows that meet a condition have together, decimal(38, 10); 0 when
    none does.

        {{ weight_where("nps_category = 'promoter'", 'weight_sum') }}
#}
{% macro weight_where(condition, weight) -%}
    cast(
        coalesce(sum(case when {{ condition }} then {{ weight }} end), 0)
        as {{ type_decimal(38, 10) }}
    )
{%- endmacro %}
