{#
    The rows that a data test looks at, in place of dbt's own macro. A test of the
    answers need not look at each of a hundred million again because a day was added:
    with `config: {where: unpublished}` it looks at unpublished_rows, with `where:
    in_unpublished_cells` at unpublished_cells. Any other `where` is a condition, as ever.
#}
{% macro get_where_subquery(relation) -%}
    {%- if config.get('where') == 'unpublished' -%}
        {{ return(unpublished_rows(relation)) }}
    {%- elif config.get('where') == 'in_unpublished_cells' -%}
        {{ return(unpublished_cells(relation)) }}
    {%- endif -%}
    {{ return(default__get_where_subquery(relation)) }}
{%- endmacro %}
