{#
    Whether text is null or only spaces (spaces, tabs, carriage returns, line feeds).

        {{ is_blank('answer') }}
#}
{% macro is_blank(text) -%}
    coalesce({{ trimmed(text) }}, '') = ''
{%- endmacro %}
