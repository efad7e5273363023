{#
    A part of a whole in percent, from 0 to 100, unrounded: one division of doubles made
    from counts. Null when the whole is 0.

        {{ share_pct('promoter_count', 'response_count') }} as promoter_pct
#}
{% macro share_pct(part_count, whole_count) -%}
    cast(100 * {{ part_count }} as {{ type_double() }}) / nullif({{ whole_count }}, 0)
{%- endmacro %}
