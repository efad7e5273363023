{#
    A subquery that gives the rows of fct_score_restatements as earlier builds left
    them; none before the first.

        select * from {{ earlier_restatements() }} as earlier_restatements
#}
{% macro earlier_restatements() -%}
    {%- set restatements = _held_relation('fct_score_restatements') -%}
    {%- if restatements is none -%}
        {{ no_rows({
            'build_number': 'bigint', 'built_at': 'timestamp', 'metric': 'varchar',
            'touchpoint_id': 'varchar', 'period_id': 'varchar',
            'period_grain': 'varchar', 'period_start_date': 'date',
            'response_count': 'bigint', 'positive_count': 'bigint',
            'neutral_count': 'bigint', 'negative_count': 'bigint', 'score': 'double'
        }) }}
    {%- else -%}
        (
            select * from {{ restatements }}
        )
    {%- endif -%}
{%- endmacro %}
