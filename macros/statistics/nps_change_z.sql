{#
    The z of a change of an NPS between two groups of answers: the difference of both, each
    after three answers more (see nps_bound), by its standard error. Null when a group is
    empty.

        {{ nps_change_z('promoter_count', 'detractor_count', 'response_count',
            'earlier_promoter_count', 'earlier_detractor_count', 'earlier_response_count') }}
#}
{% macro nps_change_z(
    promoter_count, detractor_count, response_count,
    earlier_promoter_count, earlier_detractor_count, earlier_response_count
) -%}
    {%- set now = [promoter_count, detractor_count, 'nullif(' ~ response_count ~ ', 0)'] -%}
    {%- set then = [
        earlier_promoter_count, earlier_detractor_count,
        'nullif(' ~ earlier_response_count ~ ', 0)'
    ] -%}
    ({{ adjusted_nps_share(*now) }} - {{ adjusted_nps_share(*then) }})
    / sqrt({{ nps_square_error(*now) }} + {{ nps_square_error(*then) }})
{%- endmacro %}
