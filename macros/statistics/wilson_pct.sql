{#
    The lower or upper bound (`low`, `high`) of a share in percent, from 0 to 100, at the
    confidence of the project: Wilson's interval (1927), which contains the share. The
    count may be a part of an effective number of answers, with decimals. Null when n is
    0.

        {{ wilson_pct('satisfied_count', 'response_count', 'low') }}  ->  3 of 4: 30.06
#}
{% macro wilson_pct(count, n, bound) -%}
    {%- if bound == 'low' -%}
        100 * {{ _wilson_low(count, n) }}
    {%- else -%}
        100 - 100 * {{ _wilson_low('(' ~ n ~ ' - ' ~ count ~ ')', n) }}
    {%- endif -%}
{%- endmacro %}
