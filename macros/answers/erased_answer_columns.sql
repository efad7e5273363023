{#
    The columns of the store for what is left of a row of an erased respondent: its file
    and its kind, which knows the source; a list for a select list.

        select {{ erased_answer_columns() | join(', ') }} from ...
#}
{% macro erased_answer_columns() -%}
    {%- set targets = [] -%}
    {%- for column, type in stored_answer_columns().items() -%}
        {%- if column in ('feed_file', 'answer_kind_id') -%}
            {%- do targets.append(column) -%}
        {%- elif column == 'status_reason' -%}
            {%- do targets.append("'erased' as status_reason") -%}
        {%- else -%}
            {%- do targets.append('cast(null as ' ~ engine_data_type(type) ~ ') as ' ~ column) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(targets) }}
{%- endmacro %}
