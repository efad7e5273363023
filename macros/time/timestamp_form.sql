{#
    The regular expression of a timestamp of the contract's form, trimmed; whether the
    day exists it cannot say.

        {{ matches(text, "'" ~ timestamp_form() ~ "'") }}
#}
{% macro timestamp_form() -%}
    {%- set day -%}
        (19[0-9]{2}|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])
        -(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])
    {%- endset -%}
    {%- set clock = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?' -%}
    {%- set offset = 'Z|[+-]((0[0-9]|1[0-3])(:?[0-5][0-9])?|14(:?00)?)' -%}
    {{ return(day.split() | join ~ '([T ]' ~ clock ~ '(' ~ offset ~ ')?)?') }}
{%- endmacro %}
