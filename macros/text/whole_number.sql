{#
    The integer that text spells (`7`, ` 7 `, `7.0`, `-1`); null when it is null, is no
    whole number, or has more than nine digits. Never rounds: `6.5` is null.

        {{ whole_number('top_box_count') }}
#}
{% macro whole_number(text) -%}
    case
        when {{ matches(trimmed(text), "'-?0*[0-9]{1,9}([.]0+)?'") }}
            then cast({{ text_part(trimmed(text), '.', 1) }} as integer)
    end
{%- endmacro %}
