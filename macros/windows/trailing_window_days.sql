{#
    The lengths of trailing windows in days, for a loop.

        {% for window_days in trailing_window_days() %}
#}
{% macro trailing_window_days() -%}
    {{ return([30, 90, 365]) }}
{%- endmacro %}
