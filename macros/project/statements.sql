{#
    The statements of a list, one after the other, as a hook or a strategy gives them to
    dbt: one transaction with the model where the engine has any.

        {{ statements(delete_rows(files, 'true') + ['insert into ...']) }}
#}
{% macro statements(texts) -%}
    {{ return(adapter.dispatch('statements', 'cx_warehouse')(texts)) }}
{%- endmacro %}

{% macro default__statements(texts) -%}
    {{ texts | join(';\n\n') }}
{%- endmacro %}
