{#
    The post-hook of the store of judged answers, inside its transaction: the ledgers
    remember which files it holds, by which rules it was judged, and which of its rows
    no published build has tested; kinds of answers that no row has any more go, and so do
    the rows of the erased among those that were to be judged again. A store that was
    rebuilt leaves every day to be counted anew.
#}
{% macro remember_judging() -%}
    {%- set plan = feed_plan() -%}
    {%- set files = ref('int_feed_files') -%}
    {%- set changes = ref('int_score_changes') -%}
    {%- set batches = ref('int_batches_unpublished') -%}
    {%- set kinds = ref('int_answer_kinds') -%}
    {#- The incremental strategy reads them, too, and dbt looks for references here. -#}
    {%- do ref('int_answer_keys_concerned') -%}
    {%- set stored_concerned = ref('int_stored_answers_concerned') -%}
    {%- set read = plan.new + plan.changed -%}
    {%- if execute and plan.rebuilds -%} {%- do tell_feed_changes(none, this) -%} {%- endif -%}

    delete from {{ files }}
    where
        {%- if plan.rebuilds %}
        not {{ is_from_file(kept_files()) }}
        {%- else %}
        {{ is_from_file(withdrawn_files()) }}
        {%- endif %};

    {% if read -%}
    insert into {{ files }} (feed_file, file_version) values
    {%- for file in read %}
    ({{ string_literal(file) }}, {{ string_literal(plan.versions[file]) }})
    {{- ',' if not loop.last }}
    {%- endfor %};
    {%- endif %}

    {% set counts = _held_relation('fct_score_counts_by_day') if plan.rebuilds -%}
    {%- if counts -%}
    insert into {{ changes }}
    select
        'rebuilt' as cause,
        reporting_date, source_system, survey_id, question_id, metric, touchpoint_id,
        0 as answer_count,
        false as is_counted
    from (
        select
            reporting_date, source_system, survey_id, question_id, metric, touchpoint_id
        from {{ counts }}
        union
        select
            reporting_date, source_system, survey_id, question_id, metric, touchpoint_id
        from {{ with_answer_kinds(this, kinds) }} as judged_answers
        where answer_status = 'accepted'
    ) as cells;
    {%- endif %}

    delete from {{ stored_concerned }}
    where {{ is_erased() }};

    delete from {{ ref('int_judging_rules_applied') }};

    insert into {{ ref('int_judging_rules_applied') }}
    select * from {{ ref('int_judging_rules') }};

    delete from {{ kinds }}
    where
        answer_kind_id not in (
            select distinct stored.answer_kind_id from {{ this }} as stored
            where stored.answer_kind_id is not null
        )
    {{- ';' if plan.rebuilds }}

    {% if plan.rebuilds -%}
    delete from {{ batches }};

    insert into {{ batches }}
    select distinct judged_batch from {{ this }}
    {%- endif %}
{%- endmacro %}
