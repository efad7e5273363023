{#
    The square of the standard error of a share after four answers more, two of each kind
    (Agresti and Coull 1998), so that it is not 0 where all answers are alike.

        {{ share_square_error('satisfied_count', 'response_count') }}
#}
{% macro share_square_error(part_count, response_count) -%}
    {%- set n = 'cast(' ~ response_count ~ ' + 4 as ' ~ type_double() ~ ')' -%}
    {%- set share = '(' ~ part_count ~ ' + 2) / ' ~ n -%}
    ({{ share }} * (1 - {{ share }}) / {{ n }})
{%- endmacro %}
