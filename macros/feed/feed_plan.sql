{#
    What this run has to do about the files of the feed, as a mapping: `holds` (the
    warehouse has judged answers), `rebuilds` (it starts from nothing), `versions` (file
    and version of all that lie in the folder) and the lists `new`, `changed` and
    `removed` (cx_warehouse/feed_plan.py).

        {% if feed_plan().rebuilds %}
#}
{% macro feed_plan() -%}
    {%- set nothing = {
        'holds': false, 'rebuilds': true, 'versions': {},
        'new': [], 'changed': [], 'removed': []
    } -%}
    {%- if not execute -%} {{ return(nothing) }} {%- endif -%}
    {{ return(fromjson(_feed_plan_text())) }}
{%- endmacro %}
