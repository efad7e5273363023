{#
    By how many months quarters and years begin later than in the calendar, 0 to 11; 0
    for the other grains. Stops the build when fiscal_year_start_month is no month.

        fiscal_shift('year')  ->  3 when the fiscal year begins in April
#}
{% macro fiscal_shift(grain) -%}
    {%- set month = var('fiscal_year_start_month') | string | int(0) -%}
    {%- if month < 1 or month > 12 -%}
        {{ exceptions.raise_compiler_error(
            "The var fiscal_year_start_month is "
            ~ var('fiscal_year_start_month') ~ ": it must be a month from 1 to 12."
        ) }}
    {%- endif -%}
    {{ return(month - 1 if grain in ('quarter', 'year') else 0) }}
{%- endmacro %}
