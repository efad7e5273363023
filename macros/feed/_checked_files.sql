{#
    What the plugin found out about files (cx_warehouse/dbt_plugin.py): one of its
    findings. Stops the build with the plugin's sentence when it found a fault.

        _checked_files('survey_answers_feed')  ->  select ... from read_csv(...)
#}
{% macro _checked_files(finding_name) -%}
    {%- set finding = run_query(
        "select getvariable('cx_warehouse')." ~ finding_name
    ).columns[0][0] or '' -%}
    {%- if finding.startswith('fault: ') -%}
        {{ exceptions.raise_compiler_error(finding[7:]) }}
    {%- endif -%}
    {{ return(finding) }}
{%- endmacro %}
