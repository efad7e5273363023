{#
    Whether the respondent of a row of the feed is erased. Costs nothing while nobody is.

        {{ is_erased() }} as is_erased
#}
{% macro is_erased() -%}
    {{ return(adapter.dispatch('is_erased', 'cx_warehouse')()) }}
{%- endmacro %}

{% macro duckdb__is_erased() -%}
    {%- set erased = erased_respondents() -%}
    {%- if erased -%}
        coalesce({{ respondent_hash() }} in ({{ erased | join(', ') }}), false)
    {%- else -%}
        false
    {%- endif -%}
{%- endmacro %}
