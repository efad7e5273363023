{#
    The files whose rows this run withdraws, as a list: those that changed and, unless
    the var keep_removed_files says otherwise, those that went.

        {% if withdrawn_files() %}
#}
{% macro withdrawn_files() -%}
    {%- set plan = feed_plan() -%}
    {{ return(plan.changed + ([] if var('keep_removed_files') else plan.removed)) }}
{%- endmacro %}
