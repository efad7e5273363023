{#
    The integer that text spells (`7`, ` 7 `, `7.0`, `-1`); null when it is null, is no
    whole number, or has more than nine digits. Never rounds: `6.5` is null.

        {{ whole_number('top_box_count') }}
#}
{% macro whole_number(text) -%}
    {%- set number = canonical_number(trimmed(text)) -%}
    case
        when
            {{ is_number(trimmed(text)) }}
            and position('.' in {{ number }}) = 0
            and length(replace({{ number }}, '-', '')) <= 9
            then cast({{ number }} as integer)
    end
{%- endmacro %}
