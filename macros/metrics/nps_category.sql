{#
    `promoter` (9 and 10), `passive` (7 and 8) or `detractor` (6 and below) for a score
    on 0-10 or 1-10, the best end high (Reichheld 2003). Null when the score is null.

        {{ nps_category('score') }}  ->  8 is passive
#}
{% macro nps_category(score) -%}
    case
        when {{ score }} is null then null
        when {{ score }} >= 9 then 'promoter'
        when {{ score }} >= 7 then 'passive'
        else 'detractor'
    end
{%- endmacro %}
