{#
    The schema of a node is its folder's name, as written: staging, intermediate,
    marts, definitions. dbt calls this for every node.

        generate_schema_name('marts', node)  ->  marts
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
