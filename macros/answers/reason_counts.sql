{#
    For a select list: one `<status_reason>_count` for each status_reason, from rows
    that have status_reason and answer_count.

        {{ reason_counts() | join(', ') }}
#}
{% macro reason_counts() -%}
    {%- set counts = [] -%}
    {%- for reason in status_reasons() -%}
        {%- do counts.append(
            count_where("status_reason = '" ~ reason ~ "'", 'answer_count')
            ~ ' as ' ~ reason ~ '_count'
        ) -%}
    {%- endfor -%}
    {{ return(counts) }}
{%- endmacro %}
