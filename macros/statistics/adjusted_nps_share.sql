{#
    The NPS after three answers more (see nps_bound), as a share from -1 to 1.

        {{ adjusted_nps_share('promoter_count', 'detractor_count', 'response_count') }}
#}
{% macro adjusted_nps_share(promoter_count, detractor_count, response_count) -%}
    (
        cast({{ promoter_count }} - {{ detractor_count }} as {{ type_double() }})
        / cast({{ response_count }} + 3 as {{ type_double() }})
    )
{%- endmacro %}
