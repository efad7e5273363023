{#
    The post-hook of fct_score_restatements, inside its transaction: what is written
    there leaves the ledger of changes, and what was judged is published.
#}
{% macro forget_score_changes() -%}
    {#- Nothing is published unless every row of the feed is accounted for. -#}
    {%- do ref('fct_answer_counts_by_question') -%}
    {{ statements(
        delete_rows(ref('int_score_changes'), 'is_counted and ' ~ publishes())
        + delete_rows(ref('int_batches_unpublished'), publishes())
    ) }}
{%- endmacro %}
