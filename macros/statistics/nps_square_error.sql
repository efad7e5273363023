{#
    The square of the standard error of an NPS after three answers more (see nps_bound), on
    shares: (p + d - (p - d)^2) / n.

        {{ nps_square_error('promoter_count', 'detractor_count', 'response_count') }}
#}
{% macro nps_square_error(promoter_count, detractor_count, response_count) -%}
    {%- set n = 'cast(' ~ response_count ~ ' + 3 as ' ~ type_double() ~ ')' -%}
    {%- set share = adjusted_nps_share(promoter_count, detractor_count, response_count) -%}
    (
        (
            (
                cast({{ promoter_count }} + {{ detractor_count }} as {{ type_double() }})
                + {{ double_literal('1.5') }}
            ) / {{ n }} - {{ share }} * {{ share }}
        ) / {{ n }}
    )
{%- endmacro %}
