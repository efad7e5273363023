{#
    Net Promoter Score of counted answers, in points from -100 to 100: the share of
    promoters less the share of detractors (Reichheld 2003). 0 when they are as many;
    null when nobody answered.

        select {{ nps('promoter_count', 'detractor_count', 'response_count') }} as nps
#}
{% macro nps(promoter_count, detractor_count, response_count) -%}
    {{ share_pct('(' ~ promoter_count ~ ' - ' ~ detractor_count ~ ')', response_count) }}
{%- endmacro %}
