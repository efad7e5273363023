{#
    Whether trimmed text is a number as the feed knows it: an optional minus, digits,
    optionally a point and digits. No plus, no exponent, no comma. Null for null.

        {{ is_number("'6.50'") }}  ->  true
#}
{% macro is_number(text) -%}
    {{ matches(text, "'-?[0-9]+([.][0-9]+)?'") }}
{%- endmacro %}
