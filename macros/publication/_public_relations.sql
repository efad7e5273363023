{#
    The names of the marts that are for the public, sorted: what is published.

        _public_relations()
#}
{% macro _public_relations() -%}
    {{ return(
        graph.nodes.values()
        | selectattr('resource_type', 'equalto', 'model')
        | selectattr('access', 'equalto', 'public')
        | selectattr('schema', 'equalto', 'marts')
        | map(attribute='alias') | sort
    ) }}
{%- endmacro %}
