{#
    Text without those of the given characters (an expression) that stand at its ends:
    `both`, `leading` or `trailing`.

        {{ without_ends("'0070'", "'0'", 'leading') }}  ->  '70'
#}
{% macro without_ends(text, characters, ends='both') -%}
    {{ return(adapter.dispatch('without_ends', 'cx_warehouse')(text, characters, ends)) }}
{%- endmacro %}

{% macro default__without_ends(text, characters, ends) -%}
    trim({{ ends }} {{ characters }} from {{ text }})
{%- endmacro %}
