{#
    A part of a whole in percent, both in weights of answers, from 0 to 100 (-100 for a
    balance), unrounded. Null when the whole is 0.

        {{ weighted_share_pct('promoter_weight_sum', 'weight_sum') }}
#}
{% macro weighted_share_pct(part_weight, whole_weight) -%}
    {%- set part = decimal_as_double(part_weight) -%}
    {%- set whole = decimal_as_double(whole_weight) -%}
    case
        when {{ whole }} = 0 then null
        -- A hundred times 0.007 over 0.007 is a little more than a hundred.
        when {{ part }} = {{ whole }} then 100
        when {{ part }} = -{{ whole }} then -100
        else 100 * {{ part }} / {{ whole }}
    end
{%- endmacro %}
