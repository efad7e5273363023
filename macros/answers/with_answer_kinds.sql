{#
    A subquery of stored answers with all columns: those of the feed as exported, what
    was read from them, and the status. `stored` has the columns of the store, `kinds`
    those of int_answer_kinds.

        select * from {{ with_answer_kinds(this, ref('int_answer_kinds')) }} as answers
#}
{% macro with_answer_kinds(stored, kinds) -%}
    (
        select
            stored_answers.feed_file,
            stored_answers.key_hash,
            {%- for column in feed_columns() %}
            {{ 'answer_kinds' if column in answer_kind_texts() else 'stored_answers' }}.{{ column }},
            {%- endfor %}
            answer_kinds.metric,
            answer_kinds.touchpoint_id,
            answer_kinds.scale_id,
            answer_kinds.score,
            answer_kinds.trimmed_channel,
            answer_kinds.trimmed_segment,
            stored_answers.survey_weight,
            stored_answers.responded_at_utc,
            stored_answers.reporting_date,
            nullif(stored_answers.status_reason, 'erased') as status_reason,
            stored_answers.copy_number,
            {{ answer_status('stored_answers.status_reason') }} as answer_status,
            stored_answers.judged_batch
        from {{ stored }} as stored_answers
        left join {{ kinds }} as answer_kinds
            on stored_answers.answer_kind_id = answer_kinds.answer_kind_id
    )
{%- endmacro %}
