{#
    The integer that an answer_key spells, if it is a whole number; null when it is null,
    another text, or has more than nine digits.

        {{ canonical_integer('answer_key') }}  ->  null for '6.5', 'good' and '1e3'
#}
{% macro canonical_integer(text) -%}
    case
        when {{ matches(text, "'-?[0-9]{1,9}'") }} then cast({{ text }} as integer)
    end
{%- endmacro %}
