{#
    Whether a change is significant among those of its family, the rows of a window: the
    last p-value that keeps to its allowed_p_value is, and so is all before it. False when
    change_p_value is null.

        {{ is_significant('partition by period_id') }} as is_significant
#}
{% macro is_significant(family) -%}
    coalesce(
        change_p_value <= max(
            case when change_p_value <= allowed_p_value then change_p_value end
        ) over ({{ family }}),
        false
    )
{%- endmacro %}
