{#
    Condition: the answer is of a respondent whose rows in this model are made anew, which
    in a full build is anybody. Takes the expression of the key.

        where {{ is_respondent_to_recount('respondent_key') }}
#}
{% macro is_respondent_to_recount(key) -%}
    {%- if is_incremental() -%} {{ _is_in_ledger_of_respondents(key) }}
    {%- else -%} true
    {%- endif -%}
{%- endmacro %}
