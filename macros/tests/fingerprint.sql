{#
    A whole number of up to ten digits from columns, a decimal(10, 0): the same for equal
    rows, nulls included. Where two relations are said to count the same in every one of
    very many groups, it is enough that fingerprints, multiplied by the counts, have the
    same sum: another group or another count would make another.

        sum({{ fingerprint(['channel', 'score']) }} * answer_count)
#}
{% macro fingerprint(columns) -%}
    {{ return(adapter.dispatch('fingerprint', 'cx_warehouse')(columns)) }}
{%- endmacro %}

{% macro duckdb__fingerprint(columns) -%}
    cast(hash({{ columns | join(', ') }}) % 1000000007 as decimal(10, 0))
{%- endmacro %}
