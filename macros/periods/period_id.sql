{#
    The key of a period: its grain and its first day.

        {{ period_id('month', 'period_start_date') }}  ->  'month:2026-01-01'
#}
{% macro period_id(grain, start_date) -%}
    '{{ grain }}:' || {{ as_text(start_date) }}
{%- endmacro %}
