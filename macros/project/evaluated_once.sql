{#
    What follows the last clause of a query whose columns others use many times, so that
    each is worked out once a row: PostgreSQL would put its expression wherever the column
    stands, and a p-value stands in a dozen places. Nothing on other engines.

        from score_pairs{{ evaluated_once() }}
#}
{% macro evaluated_once() -%}
    {{ return(adapter.dispatch('evaluated_once', 'cx_warehouse')()) }}
{%- endmacro %}

{% macro default__evaluated_once() -%}
{%- endmacro %}
