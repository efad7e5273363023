{#
    A value as text, as every engine spells it: a date as 2026-01-31, a whole number by
    its digits. Null for null. Not for floating-point numbers and booleans, which engines
    spell otherwise.

        {{ as_text('period_start_date') }}
#}
{% macro as_text(value) -%}
    cast({{ value }} as {{ engine_data_type('varchar') }})
{%- endmacro %}
