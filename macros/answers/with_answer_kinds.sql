{#
    A subquery of stored answers with all columns: those of the feed as exported, what
    was read from them, and the status. `stored` has the columns of the store, `kinds`
    those of int_answer_kinds.

        select * from {{ with_answer_kinds(this, ref('int_answer_kinds')) }} as answers
#}
{% macro with_answer_kinds(stored, kinds) -%}
    (
        select
            stored.feed_file,
            stored.key_hash,
            {%- for column in feed_columns() %}
            {{ 'kinds' if column in answer_kind_texts() else 'stored' }}.{{ column }},
            {%- endfor %}
            kinds.metric,
            kinds.touchpoint_id,
            kinds.scale_id,
            kinds.score,
            stored.survey_weight,
            stored.responded_at_utc,
            stored.reporting_date,
            nullif(stored.status_reason, 'erased') as status_reason,
            stored.copy_number,
            {{ answer_status('stored.status_reason') }} as answer_status,
            stored.judged_batch
        from {{ stored }} as stored
        left join {{ kinds }} as kinds
            on stored.answer_kind_id = kinds.answer_kind_id
    )
{%- endmacro %}
