{#
    A bound (`low` or `high`) of the adjusted Wald interval of an NPS, in points, at the var
    confidence_level: of the NPS after three answers more, 3/4 of a promoter, 3/4 of a
    detractor and 3/2 of a passive (Rocks 2016, Interval estimation for the Net Promoter
    Score), cut off at -100 and 100. Null when nobody answered. The NPS of a handful of
    answers that all say the same may lie outside.

        {{ nps_bound('promoter_count', 'detractor_count', 'response_count', 'low') }} as nps_low
#}
{% macro nps_bound(promoter_count, detractor_count, response_count, bound) -%}
    {%- set score = adjusted_nps_share(promoter_count, detractor_count, response_count) -%}
    {%- set error -%}
        sqrt({{ nps_square_error(promoter_count, detractor_count, response_count) }})
    {%- endset -%}
    {%- set limit = double_literal(-100 if bound == 'low' else 100) -%}
    {%- set operator = '-' if bound == 'low' else '+' -%}
    {%- set value -%}
        100 * ({{ score }} {{ operator }} {{ double_literal(confidence_z()) }} * {{ error }})
    {%- endset -%}
    case
        when {{ response_count }} = 0 then null
        when {{ value }} {{ '<' if bound == 'low' else '>' }} {{ limit }} then {{ limit }}
        else {{ value }}
    end
{%- endmacro %}
