{#
    Text without the spaces, tabs, carriage returns and line feeds at both ends. Null
    when the text is null, empty when nothing else is in it.

        {{ trimmed('answer') }}  ->  ' 7 ' becomes '7'
#}
{% macro trimmed(text) -%}
    trim(both ' ' || chr(9) || chr(10) || chr(13) from {{ text }})
{%- endmacro %}
