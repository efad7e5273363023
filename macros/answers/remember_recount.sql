{#
    The post-hook of the daily counts, inside their transaction: the ledger of changes
    remembers that they are counted.
#}
{% macro remember_recount() -%}
    {{ return(adapter.dispatch('remember_recount', 'cx_warehouse')()) }}
{%- endmacro %}

{% macro default__remember_recount() -%}
    update {{ ref('int_score_changes') }} set is_counted = true where not is_counted
{%- endmacro %}
