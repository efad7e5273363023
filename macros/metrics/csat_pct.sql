{#
    Customer satisfaction of counted answers: the share in the top boxes of the scale,
    in percent. Null when nobody answered.

        select {{ csat_pct('satisfied_count', 'response_count') }} as csat_pct
#}
{% macro csat_pct(satisfied_count, response_count) -%}
    {{ share_pct(satisfied_count, response_count) }}
{%- endmacro %}
