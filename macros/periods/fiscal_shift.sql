{#
    By how many months quarters and years begin later than in the calendar, 0 to 11; 0
    for the other grains. (A var that is no month stops the build before it is used,
    in int_variable_problems.)

        fiscal_shift('year')  ->  3 when the fiscal year begins in April
#}
{% macro fiscal_shift(grain) -%}
    {%- set month = var('fiscal_year_start_month') | string | trim | float(1) | int -%}
    {{ return(month - 1 if grain in ('quarter', 'year') else 0) }}
{%- endmacro %}
