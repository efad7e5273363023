{#
    The dimensions by which a change of a score is taken apart, for a loop: each with the
    column of the daily counts that has its members.

        {% for dimension, member in score_dimensions().items() %}
#}
{% macro score_dimensions() -%}
    {{ return({
        'touchpoint': 'touchpoint_id', 'channel': 'channel', 'segment': 'segment'
    }) }}
{%- endmacro %}
