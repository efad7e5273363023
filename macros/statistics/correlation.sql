{#
    Pearson's correlation of pairs, from -1 to 1, from their number and their sums, which
    are additive over groups of pairs; exact up to the last step where the values are
    whole numbers. Null for fewer than two pairs, and where one of the two never varies.

        {{ correlation('n', 'sum_x', 'sum_y', 'sum_xx', 'sum_yy', 'sum_xy') }}
#}
{% macro correlation(n, sum_x, sum_y, sum_xx, sum_yy, sum_xy) -%}
    {%- set variation_x = '(' ~ n ~ ' * ' ~ sum_xx ~ ' - ' ~ sum_x ~ ' * ' ~ sum_x ~ ')' -%}
    {%- set variation_y = '(' ~ n ~ ' * ' ~ sum_yy ~ ' - ' ~ sum_y ~ ' * ' ~ sum_y ~ ')' -%}
    case
        when {{ variation_x }} > 0 and {{ variation_y }} > 0 then greatest(-1, least(1,
            ({{ n }} * {{ sum_xy }} - {{ sum_x }} * {{ sum_y }})
            / sqrt({{ variation_x }}) / sqrt({{ variation_y }})
        ))
    end
{%- endmacro %}
