{#
    e to the power of -y for a double y from 0 to 700, with sums, products and quotients
    alone: these give the same bits on every engine, which libraries' exp does not. The
    whole part of y goes bit by bit, the rest by Taylor's series. The relative error is
    below 2e-15; beyond 700 it is 0.

        {{ exp_of_minus('z * z / 2') }}
#}
{% macro exp_of_minus(y) -%}
    {%- set whole = 'cast(floor(' ~ y ~ ') as ' ~ type_double() ~ ')' -%}
    {%- set rest = '(' ~ y ~ ' - ' ~ whole ~ ')' -%}
    {%- set factors = [] -%}
    {%- for power in [
        '0.36787944117144233', '0.1353352832366127', '0.01831563888873418',
        '0.00033546262790251185', '1.1253517471925912e-07', '1.2664165549094176e-14',
        '1.603810890548638e-28', '2.572209372642415e-56', '6.616261056709485e-112',
        '4.377491037053051e-223'
    ] -%}
        {%- set bit = 2 ** loop.index0 -%}
        {%- do factors.append(
            'case when cast(floor(' ~ y ~ ') as integer) % ' ~ 2 * bit ~ ' >= ' ~ bit
            ~ ' then ' ~ double_literal(power) ~ ' else ' ~ double_literal(1) ~ ' end'
        ) -%}
    {%- endfor -%}
    {%- set series = namespace(sql=double_literal(1)) -%}
    {%- for step in range(17, 0, -1) -%}
        {%- set series.sql -%}
            ({{ double_literal(1) }} - {{ rest }} / {{ double_literal(step) }} * {{ series.sql }})
        {%- endset -%}
    {%- endfor -%}
    case
        when {{ y }} < 700
            then {{ series.sql }} * {{ factors | join(' * ') }}
        when {{ y }} >= 700 then {{ double_literal(0) }}
    end
{%- endmacro %}
