{#
    How large a p-value may be to be significant among those of its family, the rows of a
    window: Benjamini and Hochberg (1995). Of m tests the k-th by its p-value may take k/m
    of the error.

        {{ allowed_p_value('partition by period_id') }} as allowed_p_value
#}
{% macro allowed_p_value(family) -%}
    {{ double_literal(1 - confidence_level()) }}
    * cast(
        row_number() over ({{ family }} order by change_p_value) as {{ type_double() }}
    ) / count(*) over ({{ family }})
{%- endmacro %}
