{#
    The columns of a kind of answer, name and type: its texts as exported, and what they
    mean by a definition.

        select {{ answer_kind_columns().keys() | join(', ') }} from ...
#}
{% macro answer_kind_columns() -%}
    {%- set columns = {} -%}
    {%- for column in answer_kind_texts() -%} {%- do columns.update({column: 'varchar'}) -%} {%- endfor -%}
    {%- do columns.update({
        'is_missing_id': 'boolean', 'is_real_response': 'boolean', 'metric': 'varchar',
        'touchpoint_id': 'varchar', 'scale_id': 'varchar', 'score': 'integer',
        'answer_reason': 'varchar', 'trimmed_channel': 'varchar',
        'trimmed_segment': 'varchar'
    }) -%}
    {{ return(columns) }}
{%- endmacro %}
