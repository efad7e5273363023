{#
    How many rows meet a condition, as a bigint; 0 when none does. With `answer_count`
    the rows are themselves counts, and these are added up.

        {{ count_where("nps_category = 'promoter'") }}
        {{ count_where('score >= 4', 'answer_count') }}
#}
{% macro count_where(condition, answer_count='1') -%}
    cast(
        coalesce(sum(case when {{ condition }} then {{ answer_count }} else 0 end), 0)
        as bigint
    )
{%- endmacro %}
