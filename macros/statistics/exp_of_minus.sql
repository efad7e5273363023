{#
    e to the power of -y, for a double y that is not below 0, by sums, products and
    quotients alone: these give the same bits on every engine, which the engines' own exp
    does not. Below the point, y goes into Taylor's series; before it, bit by bit into
    powers of e. Right to 2e-15 of the value; 0 from 700 on, where it is below 1e-304. Name
    a column: y is written many times. Null when y is null.

        {{ exp_of_minus('half_square') }}  ->  0.36787944117144233 for 1
#}
{% macro exp_of_minus(y) -%}
    {%- set whole = 'floor(' ~ y ~ ')' -%}
    {%- set rest = '(' ~ y ~ ' - ' ~ whole ~ ')' -%}
    {%- set series = namespace(text=double_literal(1)) -%}
    {%- for step in range(17, 0, -1) -%}
        {%- set series.text =
            '(1 - ' ~ rest ~ ' / ' ~ step ~ ' * ' ~ series.text ~ ')' -%}
    {%- endfor -%}
    {#- e to the power of -1, -2, -4, ... -512. -#}
    {%- set powers = [
        '0.36787944117144233', '0.1353352832366127', '0.01831563888873418',
        '0.00033546262790251185', '1.1253517471925912e-07', '1.2664165549094176e-14',
        '1.603810890548638e-28', '2.572209372642415e-56', '6.616261056709485e-112',
        '4.377491037053051e-223'
    ] -%}
    {%- set factors = [] -%}
    {%- for power in powers -%}
        {%- set bit = 2 ** loop.index0 -%}
        {%- do factors.append(
            'case when ' ~ remainder('cast(' ~ whole ~ ' as integer)', 2 * bit) ~ ' >= ' ~ bit
            ~ ' then ' ~ double_literal(power) ~ ' else 1 end'
        ) -%}
    {%- endfor -%}
    case
        when {{ y }} >= 700 then 0
        else {{ series.text }}
            * {{ factors | join('\n            * ') }}
    end
{%- endmacro %}
