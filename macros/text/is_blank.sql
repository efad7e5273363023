{#
    Whether text is null or only spaces (spaces, tabs, carriage returns, line feeds).

        {{ is_blank('answer') }}
#}
{% macro is_blank(text) -%}
    case
        when {{ first_characters(text, 1) }} > ' ' then false
        else coalesce({{ trimmed(text) }}, '') = ''
    end
{%- endmacro %}
