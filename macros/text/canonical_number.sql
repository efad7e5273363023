{#
    The one spelling of a number: of text that is_number, without needless zeros, so
    that equal numbers are equal texts however many digits they have. Decided on the
    text: no digit is rounded away.

        {{ canonical_number("'-007.50'") }}  ->  '-7.5', and '-0.0' becomes '0'
#}
{% macro canonical_number(text) -%}
    {%- set digits = "replace(" ~ text ~ ", '-', '')" -%}
    {%- set whole = without_ends(text_part(digits, '.', 1), "'0'", 'leading') -%}
    {%- set fraction = without_ends(text_part(digits, '.', 2), "'0'", 'trailing') -%}
    case
        -- Most numbers are spelt so already.
        when {{ matches(text, "'[1-9][0-9]*|0'") }} then {{ text }}
        when {{ whole }} = '' and {{ fraction }} = '' then '0'
        else
            case when {{ first_characters(text, 1) }} = '-' then '-' else '' end
            || case when {{ whole }} = '' then '0' else {{ whole }} end
            || case when {{ fraction }} = '' then '' else '.' || {{ fraction }} end
    end
{%- endmacro %}
