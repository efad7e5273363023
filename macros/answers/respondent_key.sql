{#
    A number of 64 bits from the id of a respondent. Two respondents may share it: it finds
    the answers to look at, never those of one person. Null when the id is null.

        {{ respondent_key() }} as respondent_key
#}
{% macro respondent_key() -%}
    {{ return(adapter.dispatch('respondent_key', 'cx_warehouse')()) }}
{%- endmacro %}

{% macro duckdb__respondent_key() -%}
    case when respondent_id is not null then hash(respondent_id) end
{%- endmacro %}
