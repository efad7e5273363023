{#
    Text as codes, labels and statuses are compared: trimmed, in lower case. Null when
    the text is null.

        {{ folded('label') }}  ->  ' Very Satisfied' becomes 'very satisfied'
#}
{% macro folded(text) -%}
    lower({{ trimmed(text) }})
{%- endmacro %}
