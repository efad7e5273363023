{#
    The post-hook of the store of judged answers, inside its transaction: the ledgers
    remember which files it holds, by which rules it was judged, and which of its rows
    no published build has tested; kinds of answers that no row has any more go, and so do
    the rows of the erased among those that were to be judged again. A store that was
    rebuilt leaves every day and every respondent to be counted anew.
#}
{% macro remember_judging() -%}
    {%- set plan = feed_plan() -%}
    {%- set files = ref('int_feed_files') -%}
    {%- set changes = ref('int_score_changes') -%}
    {%- set respondents = ref('int_respondents_to_recount') -%}
    {%- set batches = ref('int_batches_unpublished') -%}
    {%- set kinds = ref('int_answer_kinds') -%}
    {%- set rules = ref('int_judging_rules') -%}
    {%- set applied_rules = ref('int_judging_rules_applied') -%}
    {%- do ref('int_answer_keys_concerned') -%}
    {%- set stored_concerned = ref('int_stored_answers_concerned') -%}
    {%- if execute and plan.rebuilds -%} {%- do tell_feed_changes(none, this) -%} {%- endif -%}

    {%- set texts = delete_rows(
        files,
        'not ' ~ is_from_file(kept_files()) if plan.rebuilds
        else is_from_file(withdrawn_files())
    ) -%}
    {%- set rows = [] -%}
    {%- for file in plan.new + plan.changed -%}
        {%- do rows.append(
            '(' ~ string_literal(file) ~ ', ' ~ string_literal(plan.versions[file]) ~ ')'
        ) -%}
    {%- endfor -%}
    {%- if rows -%}
        {%- do texts.append(
            'insert into ' ~ files ~ ' (feed_file, file_version) values\n'
            ~ rows | join(',\n')
        ) -%}
    {%- endif -%}

    {%- set counts = _held_relation('fct_score_counts_by_day') if plan.rebuilds -%}
    {%- if counts -%}
        {%- do texts.append(
            'insert into ' ~ changes ~ '\n'
            ~ _cells_of_a_rebuilt_store(counts, with_answer_kinds(this, kinds))
        ) -%}
    {%- endif -%}

    {%- for name in models_by_respondent() if plan.rebuilds and _held_relation(name) -%}
        {%- do texts.append(
            'insert into ' ~ respondents ~ " (counted_by) values ('" ~ name ~ "')"
        ) -%}
    {%- endfor -%}

    {%- if erased_respondents() -%}
        {%- do texts.extend(delete_rows(stored_concerned, is_erased())) -%}
    {%- endif -%}
    {%- do texts.extend(delete_rows(applied_rules, 'true')) -%}
    {%- do texts.append('insert into ' ~ applied_rules ~ '\nselect * from ' ~ rules) -%}
    {%- do texts.extend(delete_rows(
        kinds,
        'answer_kind_id not in (select distinct stored.answer_kind_id from ' ~ this
        ~ ' as stored where stored.answer_kind_id is not null)'
    )) -%}

    {%- if plan.rebuilds -%}
        {%- do texts.extend(delete_rows(batches, 'true')) -%}
        {%- do texts.append(
            'insert into ' ~ batches ~ '\nselect distinct judged_batch from ' ~ this
        ) -%}
    {%- endif -%}
    {{ statements(texts) }}
{%- endmacro %}
