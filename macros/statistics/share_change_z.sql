{#
    How far a share has moved, in standard errors: the z of the N-1 test of two
    proportions (E. Pearson 1947). Parts of an effective number of answers will do. 0 where
    all or none are in the part both times; null when nobody answered one of the times.

        {{ share_change_z('satisfied', 'n', 'satisfied_before', 'n_before') }}
#}
{% macro share_change_z(count, n, earlier_count, earlier_n) -%}
    {%- set double = type_double() -%}
    {%- set whole = '(cast(' ~ n ~ ' as ' ~ double ~ ') + ' ~ earlier_n ~ ')' -%}
    {%- set part = '(' ~ count ~ ' + ' ~ earlier_count ~ ')' -%}
    case
        when {{ n }} <= 0 or {{ earlier_n }} <= 0 or {{ part }} is null then null
        when {{ part }} <= 0 or {{ whole }} - {{ part }} <= 0 then 0
        else
            (cast({{ count }} as {{ double }}) / {{ n }}
                - cast({{ earlier_count }} as {{ double }}) / {{ earlier_n }})
            * sqrt(
                ({{ whole }} - 1) / ({{ part }} * ({{ whole }} - {{ part }}))
                * {{ n }} * {{ earlier_n }}
            )
    end
{%- endmacro %}
