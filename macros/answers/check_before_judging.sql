{#
    The pre-hook of the store of judged answers. What stands before it must come from the
    same run: keys that were gathered for other files would leave versions uncompared.
    And a store of an earlier version of this project has to be rebuilt.
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
    {%- if execute and not feed_plan().holds and not should_full_refresh()
        and load_cached_relation(this) is not none -%}
        {%- do exceptions.raise_compiler_error(
            'The warehouse was written by an earlier version of this project: run '
            '`dbt build --full-refresh` once.'
        ) -%}
    {%- endif -%}
{%- endmacro %}
