{#
    A bound (`low` or `high`) of the Wilson interval of a share, in percent, at the var
    confidence_level (Wilson 1927): centre = (p + z^2/2n) / (1 + z^2/n), half-width =
    z sqrt(p (1 - p)/n + z^2/4n^2) / (1 + z^2/n), with p = part/n. From 0 to 100; the share
    itself lies inside. Null when nobody answered.

        {{ wilson_pct('satisfied_count', 'response_count', 'low') }} as csat_pct_low
#}
{% macro wilson_pct(part_count, response_count, bound) -%}
    {%- set z = double_literal(confidence_z()) -%}
    {%- set n = 'cast(nullif(' ~ response_count ~ ', 0) as ' ~ type_double() ~ ')' -%}
    {%- set part = 'cast(' ~ part_count ~ ' as ' ~ type_double() ~ ')' -%}
    {%- set half -%}
        {{ z }} * sqrt({{ part }} * ({{ n }} - {{ part }}) / {{ n }} + {{ z }} * {{ z }} / 4)
    {%- endset -%}
    {%- set centre = part ~ ' + ' ~ z ~ ' * ' ~ z ~ ' / 2' -%}
    {%- set whole = '(' ~ n ~ ' + ' ~ z ~ ' * ' ~ z ~ ')' -%}
    case
        {%- if bound == 'low' %}
        when {{ part_count }} = 0 then 0 * {{ n }}
        else 100 * ({{ centre }} - {{ half }}) / {{ whole }}
        {%- else %}
        when {{ part_count }} = {{ response_count }} then 100 * {{ n }} / {{ n }}
        else 100 * ({{ centre }} + {{ half }}) / {{ whole }}
        {%- endif %}
    end
{%- endmacro %}
