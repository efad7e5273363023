{#
    What a folded answer and a folded code are compared by: a number in its one
    spelling, so that `6.0` is code `6`, and any other text as it is.

        {{ answer_key('folded_answer') }}
#}
{% macro answer_key(text) -%}
    case
        when {{ is_number(text) }} then {{ canonical_number(text) }}
        else {{ text }}
    end
{%- endmacro %}
