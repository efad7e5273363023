{#
    The survey weight that text spells, decimal(18, 10) rounded half up; 1 when the text
    is null or only spaces; null when it is no number, not above 0 after rounding, or
    does not fit. Decided on the text, so that every engine rounds alike.

        {{ survey_weight("'0.55367512345'") }}  ->  0.5536751235
#}
{% macro survey_weight(text) -%}
    {%- set number = trimmed(text) -%}
    {%- set whole = without_ends(text_part(number, '.', 1), "'0'", 'leading') -%}
    {%- set fraction = text_part(number, '.', 2) -%}
    case
        when {{ text }} is null then cast(1 as {{ type_decimal(18, 10) }})
        -- Most weights fit as they are; only the others are cut, padded and rounded.
        when {{ matches(text, "'[0-9]{1,8}([.][0-9]{1,10})?'") }}
            then nullif(cast({{ text }} as {{ type_decimal(18, 10) }}), 0)
        when {{ number }} = '' then cast(1 as {{ type_decimal(18, 10) }})
        when {{ first_characters(number, 1) }} = '-' then null
        when {{ is_number(number) }} and length({{ whole }}) <= 8
            then {{ _weight_in_range(
                "cast('0' || " ~ whole ~ " || '.' || "
                ~ first_characters(fraction ~ " || '0000000000'", 10) ~ ' as '
                ~ type_decimal(20, 10) ~ ') + case when substr(' ~ fraction
                ~ ", 11, 1) >= '5' then cast(0.0000000001 as " ~ type_decimal(20, 10)
                ~ ') else cast(0 as ' ~ type_decimal(20, 10) ~ ') end'
            ) }}
    end
{%- endmacro %}
