{#
    Condition: the key of a respondent is in the ledger of those whom this model counts
    anew, or everybody is. Takes the expression of the key.
#}
{% macro _is_in_ledger_of_respondents(key) -%}
    {%- set ledger -%}
        from {{ ref('int_respondents_to_recount') }} as ledger
        where ledger.counted_by = '{{ this.identifier }}'
    {%- endset -%}
    (
        {{ key }} in (select ledger.respondent_key {{ ledger }})
        -- A row without a key is everybody.
        or exists (select 1 {{ ledger }} and ledger.respondent_key is null)
    )
{%- endmacro %}
