{#
    The hook at the end of a run: a whole `dbt build` of which every model, seed and data
    test passed is remembered, with the marts that are for the public. A test that fails
    later is a reason to forget it.

        on-run-end: "{{ remember_passed_build(results) }}"
#}
{% macro remember_passed_build(results) -%}
    {%- if execute and target.type in ('duckdb', 'postgres') -%}
    {%- set passed = [] -%}
    {%- set failed = [] -%}
    {%- for result in results -%}
        {%- if result.status in ('success', 'pass') -%}
            {%- do passed.append(result.node.unique_id) -%}
        {#- Nothing is done about an exposure. -#}
        {%- elif result.status != 'no-op' -%}
            {%- do failed.append(result.node.unique_id) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set missing = graph.nodes.values()
        | selectattr('resource_type', 'in', ['model', 'seed', 'snapshot', 'test'])
        | map(attribute='unique_id') | reject('in', passed) | list -%}
    {%- if failed -%}
        {{ forget_passed_build() }}
    {%- elif flags.WHICH == 'build' and not missing -%}
        insert into {{ _held_relation('int_builds_passed') }} (relation_name, invocation_id)
        values
        {%- for relation in _public_relations() %}
        ({{ string_literal(relation) }}, {{ string_literal(invocation_id) }})
        {{- ',' if not loop.last }}
        {%- endfor %}
    {%- endif -%}
    {%- endif -%}
{%- endmacro %}
