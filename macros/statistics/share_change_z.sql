{#
    The z of a change of a share between two groups of answers, by the N-1 two-proportion
    test: (p2 - p1) sqrt((N - 1)/N) / sqrt(P (1 - P) (1/n1 + 1/n2)), P over both groups
    (Campbell 2007, Chi-squared and Fisher-Irwin tests of two-by-two tables). 0 where all
    answers are alike; null when a group is empty.

        {{ share_change_z('satisfied_count', 'response_count', 'earlier_satisfied_count',
            'earlier_response_count') }}
#}
{% macro share_change_z(part_count, response_count, earlier_part_count, earlier_response_count) -%}
    {%- set double = type_double() -%}
    {%- set n = 'cast(nullif(' ~ response_count ~ ', 0) as ' ~ double ~ ')' -%}
    {%- set earlier_n = 'cast(nullif(' ~ earlier_response_count ~ ', 0) as ' ~ double ~ ')' -%}
    {%- set parts = 'cast(' ~ part_count ~ ' + ' ~ earlier_part_count ~ ' as ' ~ double ~ ')' -%}
    {%- set total = '(' ~ n ~ ' + ' ~ earlier_n ~ ')' -%}
    case
        when {{ part_count }} + {{ earlier_part_count }} in (0, {{ response_count }} + {{ earlier_response_count }})
            then 0 * {{ total }}
        else
            ({{ part_count }} / {{ n }} - {{ earlier_part_count }} / {{ earlier_n }})
            * sqrt(({{ total }} - 1) / {{ total }})
            / sqrt(
                {{ parts }} / {{ total }} * (1 - {{ parts }} / {{ total }})
                * (1 / {{ n }} + 1 / {{ earlier_n }})
            )
    end
{%- endmacro %}
