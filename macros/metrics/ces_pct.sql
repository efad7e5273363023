{#
    Customer effort of counted answers: the share that found it easy (the top boxes of
    the scale), in percent. Null when nobody answered.

        select {{ ces_pct('easy_count', 'response_count') }} as ces_pct
#}
{% macro ces_pct(easy_count, response_count) -%}
    {{ share_pct(easy_count, response_count) }}
{%- endmacro %}
