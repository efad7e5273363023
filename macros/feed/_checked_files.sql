{#
    What the plugin found out about files (cx_warehouse/dbt_plugin.py): the value of one
    of its variables. Stops the build with the plugin's sentence when it found a fault.

        _checked_files('survey_answers_feed')  ->  select ... from read_csv(...)
#}
{% macro _checked_files(variable) -%}
    {%- set finding = run_query(
        "select getvariable('" ~ variable ~ "')"
    ).columns[0][0] or '' -%}
    {%- if finding.startswith('fault: ') -%}
        {{ exceptions.raise_compiler_error(finding[7:]) }}
    {%- endif -%}
    {{ return(finding) }}
{%- endmacro %}
