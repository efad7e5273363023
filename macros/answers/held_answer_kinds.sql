{#
    The kinds of answers that have a number already: the relation, or a subquery without
    rows.

        select * from {{ held_answer_kinds() }} as held_answer_kinds
#}
{% macro held_answer_kinds() -%}
    {%- if is_incremental() -%} {{ return(this) }} {%- endif -%}
    {{ return(no_rows({'answer_kind_id': 'integer'}, answer_kind_columns())) }}
{%- endmacro %}
