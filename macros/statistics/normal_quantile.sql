{#
    The quantile of the standard normal distribution, a number: the z below which the
    share `probability` lies, from 0.000001 to 0.999999. Newton's method on the series
    Phi(z) = 1/2 + phi(z) (z + z^3/3 + z^5/(3*5) + ...) (Marsaglia 2004).

        {{ normal_quantile(0.975) }}  ->  1.959963984540054
#}
{% macro normal_quantile(probability) -%}
    {%- set upper = [probability, 1 - probability] | max -%}
    {%- set found = namespace(z=0.0) -%}
    {%- for step in range(60) -%}
        {%- set density = 2.718281828459045 ** (-found.z * found.z / 2) * 0.3989422804014327 -%}
        {%- set series = namespace(sum=found.z, term=found.z) -%}
        {%- for odd in range(3, 203, 2) -%}
            {%- set series.term = series.term * found.z * found.z / odd -%}
            {%- set series.sum = series.sum + series.term -%}
        {%- endfor -%}
        {%- set found.z = found.z + (upper - 0.5 - density * series.sum) / density -%}
    {%- endfor -%}
    {{ return(found.z if probability >= 0.5 else -found.z) }}
{%- endmacro %}
