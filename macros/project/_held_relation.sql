{#
    The relation of a model as the last run left it, for a model that stands before it;
    none when there is none. A unit test knows no other models, and `dbt compile
    --no-introspect` asks no database: nothing is held.

        _held_relation('int_survey_answers_stored')
#}
{% macro _held_relation(name) -%}
    {%- if not execute or not flags.INTROSPECT -%} {{ return(none) }} {%- endif -%}
    {%- for node in graph.get('nodes', {}).values()
        if node.resource_type == 'model' and node.name == name -%}
        {{ return(adapter.get_relation(node.database, node.schema, node.alias)) }}
    {%- endfor -%}
    {{ return(none) }}
{%- endmacro %}
