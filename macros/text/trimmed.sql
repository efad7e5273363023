{#
    Text without the spaces, tabs, carriage returns and line feeds at both ends. Null
    when the text is null, empty when nothing else is in it.

        {{ trimmed('answer') }}  ->  ' 7 ' becomes '7'
#}
{% macro trimmed(text) -%}
    case
        -- Nearly every text begins and ends with a letter or digit; a look is cheaper.
        when left({{ text }}, 1) > ' ' and right({{ text }}, 1) > ' ' then {{ text }}
        else trim(both ' ' || chr(9) || chr(10) || chr(13) from {{ text }})
    end
{%- endmacro %}
