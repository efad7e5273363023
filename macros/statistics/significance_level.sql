{#
    1 less the var confidence_level, a number: how often chance alone may pass for a change.

        {{ double_literal(significance_level()) }}
#}
{% macro significance_level() -%}
    {{ return((1 - _confidence_level()) | round(12)) }}
{%- endmacro %}
