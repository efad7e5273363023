{#
    A part of a whole in percent, both in weights of answers, from 0 to 100, unrounded.
    Null when the whole is 0.

        {{ weighted_share_pct('promoter_weight_sum', 'weight_sum') }}
#}
{% macro weighted_share_pct(part_weight, whole_weight) -%}
    100 * {{ decimal_as_double(part_weight) }}
    / nullif({{ decimal_as_double(whole_weight) }}, 0)
{%- endmacro %}
