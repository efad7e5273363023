{#
    The post-hook of fct_score_restatements, inside its transaction: what is written
    there leaves the ledger of changes, and what was judged is published.
#}
{% macro forget_score_changes() -%}
    {#- Nothing is published unless every row of the feed is accounted for. -#}
    {%- do ref('fct_answer_counts_by_question') -%}
    delete from {{ ref('int_score_changes') }} where is_counted and {{ publishes() }};

    delete from {{ ref('int_batches_unpublished') }} where {{ publishes() }}
{%- endmacro %}
