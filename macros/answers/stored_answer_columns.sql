{#
    The columns of the store of judged answers, name and type, but for its batch: the
    file, the hash of the key, the number of the kind of answer, the feed's columns that
    no kind has, what was read from them, the status_reason, and the number among rows
    that are alike in everything.

        select {{ stored_answer_columns().keys() | join(', ') }} from ...
#}
{% macro stored_answer_columns() -%}
    {%- set columns = {
        'feed_file': 'varchar', 'key_hash': 'ubigint', 'answer_kind_id': 'integer'
    } -%}
    {%- for column in feed_columns() if column not in answer_kind_texts() -%}
        {%- do columns.update({column: 'varchar'}) -%}
    {%- endfor -%}
    {%- do columns.update({
        'survey_weight': 'decimal(18, 10)', 'responded_at_utc': 'timestamp',
        'reporting_date': 'date', 'status_reason': 'varchar', 'copy_number': 'bigint'
    }) -%}
    {{ return(columns) }}
{%- endmacro %}
