{#
    Empties the record of the build that passed, where there is one: what the warehouse
    holds has not passed as a whole.

        {{ forget_passed_build() }}
#}
{% macro forget_passed_build() -%}
    {%- set passed_builds = _held_relation('int_builds_passed') -%}
    {%- if passed_builds -%} delete from {{ passed_builds }} {%- endif -%}
{%- endmacro %}
