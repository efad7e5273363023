{#
    The two-sided p-value of a z: how likely a normal deviate is at least as far from 0.
    Hart's rational approximation (1968, in the form of West 2005), right to 1e-15. Name
    a column: z is written many times. Null when z is null.

        {{ p_value('change_z') }}  ->  0.05 for a z of 1.959964
#}
{% macro p_value(z) -%}
    {%- set x = 'abs(' ~ z ~ ')' -%}
    {%- set numerator = _polynomial(x, [
        '0.0352624965998911', '0.700383064443688', '6.37396220353165', '33.912866078383',
        '112.079291497871', '221.213596169931', '220.206867912376'
    ]) -%}
    {%- set denominator = _polynomial(x, [
        '0.0883883476483184', '1.75566716318264', '16.064177579207', '86.7807322029461',
        '296.564248779674', '637.333633378831', '793.826512519948', '440.413735824752'
    ]) -%}
    {%- set density = exp_of_minus('(' ~ z ~ ' * ' ~ z ~ ' / 2)') -%}
    case
        when {{ z }} is null then null
        -- Beyond, what is left is less than the smallest double.
        when {{ x }} > 37 then cast(0 as {{ type_double() }})
        when {{ x }} < 7 then 2 * {{ density }} * {{ numerator }} / {{ denominator }}
        else
            2 * {{ density }} / {{ double_literal('2.506628274631') }} / (
                {{ x }} + 1 / ({{ x }} + 2 / ({{ x }} + 3 / (
                    {{ x }} + 4 / ({{ x }} + {{ double_literal('0.65') }})
                )))
            )
    end
{%- endmacro %}
