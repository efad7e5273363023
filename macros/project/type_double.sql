{#
    The engine's 64-bit floating-point type; dbt.type_float() has 32 bits on some.

        cast(100 * satisfied_count as {{ type_double() }})
#}
{% macro type_double() -%}
    {{ return(engine_data_type('double')) }}
{%- endmacro %}
