{#
    The hook at the start of a run: one that writes makes the warehouse another than the
    one that passed, whether it is killed, fails or does a part only. `dbt test` writes
    nothing.

        on-run-start: "{{ forget_before_writing() }}"
#}
{% macro forget_before_writing() -%}
    {%- if execute and target.type in ('duckdb', 'postgres') and flags.WHICH != 'test' -%}
        {{ forget_passed_build() }}
    {%- endif -%}
{%- endmacro %}
