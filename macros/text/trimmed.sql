{#
    Text without the spaces, tabs, carriage returns and line feeds at both ends. Null
    when the text is null, empty when nothing else is in it.

        {{ trimmed('answer') }}  ->  ' 7 ' becomes '7'
#}
{% macro trimmed(text) -%}
    case
        -- Nearly every text begins and ends with a letter or digit; a look is cheaper.
        when {{ first_characters(text, 1) }} > ' ' and {{ last_characters(text, 1) }} > ' '
            then {{ text }}
        else {{ without_ends(text, "' ' || chr(9) || chr(10) || chr(13)") }}
    end
{%- endmacro %}
