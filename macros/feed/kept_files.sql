{#
    The files that went but whose rows stay, because the var keep_removed_files says so,
    as a list.

        {% if kept_files() %}
#}
{% macro kept_files() -%}
    {{ return(feed_plan().removed if var('keep_removed_files') else []) }}
{%- endmacro %}
