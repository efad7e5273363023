{#
    The keyed hashes of the respondents who are erased, as a list of literals.

        {% if erased_respondents() %}
#}
{% macro erased_respondents() -%}
    {{ return(adapter.dispatch('erased_respondents', 'cx_warehouse')()) }}
{%- endmacro %}

{% macro duckdb__erased_respondents() -%}
    {%- set literals = [] -%}
    {%- for hash in (_checked_files('erased_respondents') if execute else '').split() -%}
        {%- do literals.append(string_literal(hash)) -%}
    {%- endfor -%}
    {{ return(literals) }}
{%- endmacro %}
