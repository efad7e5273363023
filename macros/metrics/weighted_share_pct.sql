{#
    A part of a whole in percent, both in weights of answers, from 0 to 100, unrounded.
    Null when the whole is 0.

        {{ weighted_share_pct('promoter_weight_sum', 'weight_sum') }}
#}
{% macro weighted_share_pct(part_weight, whole_weight) -%}
    100 * cast({{ part_weight }} as {{ type_double() }})
    / nullif(cast({{ whole_weight }} as {{ type_double() }}), 0)
{%- endmacro %}
