{#
    The point below which a share p of the standard normal distribution lies, a number
    for a macro or a query: it is worked out while dbt compiles. Newton's method on the
    series of Marsaglia (2004), right to 1e-12 for p from 0.0001 to 0.9999 and to 1e-9 a
    hundred times nearer to the ends.

        {{ normal_quantile(0.975) }}  ->  1.95996398454005
#}
{% macro normal_quantile(p) -%}
    {%- set search = namespace(z=0.0, term=0.0, below=0.0) -%}
    {%- set upper = p if p > 0.5 else 1 - p -%}
    {#- The distribution is concave above 0: from there the steps never overshoot. -#}
    {%- for step in range(60) -%}
        {%- set search.term = search.z -%}
        {%- set search.below = search.z -%}
        {%- for odd in range(3, 400, 2) -%}
            {%- set search.term = search.term * search.z * search.z / odd -%}
            {%- set search.below = search.below + search.term -%}
            {%- if search.term <= search.below * 1e-17 -%}{%- break -%}{%- endif -%}
        {%- endfor -%}
        {#- What is missing, over the density: 0.3989… times e to the power of -z²/2. -#}
        {%- set power = -0.5 * search.z * search.z -%}
        {%- set density = 0.3989422804014327 * 2.718281828459045 ** power -%}
        {%- set move = (upper - 0.5) / density - search.below -%}
        {%- set search.z = search.z + move -%}
        {%- if move < 1e-15 -%}{%- break -%}{%- endif -%}
    {%- endfor -%}
    {{ return(search.z if p >= 0.5 else -search.z) }}
{%- endmacro %}
