{#
    The two-sided p-value of a standard normal z, an expression of type double: how often
    chance alone would give a value so far from 0. Null for null. The absolute error is
    below 1e-14 (West 2005, Better approximations to cumulative normal functions, after
    Hart 1968). `z` is written many times: give it a column, not an expression.

        {{ p_value('change_z') }}  ->  0.05 for 1.959963984540054
#}
{% macro p_value(z) -%}
    {%- set x = 'abs(' ~ z ~ ')' -%}
    {%- set above = _polynomial(x, [
        '0.0352624965998911', '0.700383064443688', '6.37396220353165', '33.912866078383',
        '112.079291497871', '221.213596169931', '220.206867912376'
    ]) -%}
    {%- set below = _polynomial(x, [
        '0.0883883476483184', '1.75566716318264', '16.064177579207', '86.7807322029461',
        '296.564248779674', '637.333633378831', '793.826512519948', '440.413735824752'
    ]) -%}
    {%- set fraction = namespace(sql='(' ~ x ~ ' + ' ~ double_literal('0.65') ~ ')') -%}
    {%- for step in range(4, 0, -1) -%}
        {%- set fraction.sql -%}
            ({{ x }} + {{ double_literal(step) }} / {{ fraction.sql }})
        {%- endset -%}
    {%- endfor -%}
    2 * {{ exp_of_minus('(' ~ z ~ ' * ' ~ z ~ ' / 2)') }} * case
        when {{ x }} < {{ double_literal('7.07106781186547') }} then {{ above }} / {{ below }}
        else {{ double_literal(1) }} / {{ fraction.sql }} / {{ double_literal('2.506628274631') }}
    end
{%- endmacro %}
