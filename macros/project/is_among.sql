{#
    Whether the values of columns stand together in a row of a relation, which has columns
    of the same names, that meets a condition on it.

        where {{ is_among(['source_system', 'response_id'], 'rules', 'rules.is_new') }}
#}
{% macro is_among(columns, relation, condition) -%}
    {{ return(adapter.dispatch('is_among', 'cx_warehouse')(columns, relation, condition)) }}
{%- endmacro %}

{% macro default__is_among(columns, relation, condition) -%}
    ({{ columns | join(', ') }}) in (
        select
            {%- for column in columns %}
            {{ relation }}.{{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ relation }}
        where {{ condition }}
    )
{%- endmacro %}
