{#
    The columns that a judged answer carries, name and type: the file it came from, the
    hash of its key, the feed's columns as exported, what was read from them, the
    status_reason, and the number among rows that are alike in everything.

        select {{ judged_answer_columns().keys() | join(', ') }} from ...
#}
{% macro judged_answer_columns() -%}
    {%- set columns = {'feed_file': 'varchar', 'key_hash': 'ubigint'} -%}
    {%- for column in feed_columns() -%} {%- do columns.update({column: 'varchar'}) -%} {%- endfor -%}
    {%- do columns.update({
        'metric': 'varchar', 'touchpoint_id': 'varchar', 'scale_id': 'varchar',
        'score': 'integer', 'survey_weight': 'decimal(18, 10)',
        'responded_at_utc': 'timestamp', 'reporting_date': 'date',
        'status_reason': 'varchar', 'copy_number': 'bigint'
    }) -%}
    {{ return(columns) }}
{%- endmacro %}
