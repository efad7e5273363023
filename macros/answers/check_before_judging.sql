{#
    The pre-hook of the store of judged answers. What stands before it must come from the
    same run: keys that were gathered for other files would leave versions uncompared.
    And a store of an earlier version of this project, or counts that lack a column, have
    to be rebuilt.
#}
{% macro check_before_judging() -%}
    {%- for name in [
        'stg_raw__survey_answers', 'int_judging_rules_changed',
        'int_answer_keys_concerned', 'int_stored_answers_concerned',
        'int_survey_answers_concerned', 'int_answer_kinds_concerned',
        'int_answer_kinds', 'int_answer_kinds_by_day', 'int_repeated_answer_keys',
        'int_answer_versions_ranked'
    ] if execute and 'model.cx_warehouse.' ~ name not in selected_resources -%}
        {%- do exceptions.raise_compiler_error(
            'int_survey_answers_stored is built together with all that stands before '
            'it: run `dbt build`, or select +int_survey_answers_stored.'
        ) -%}
    {%- endfor -%}
    {%- if execute and not should_full_refresh() -%}
        {%- set counts = _held_relation('fct_score_counts_by_day') -%}
        {%- set held_columns = adapter.get_columns_in_relation(counts)
            | map(attribute='name') | list if counts else none -%}
        {%- set columns = graph.nodes['model.cx_warehouse.fct_score_counts_by_day'].columns -%}
        {%- if load_cached_relation(this) is not none and (
            not feed_plan().holds
            or counts and columns | reject('in', held_columns) | list
        ) -%}
            {%- do exceptions.raise_compiler_error(
                'The warehouse was written by an earlier version of this project: run '
                '`dbt build --full-refresh` once.'
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
