{#
    The columns of a fact that say how its score changed, for a select list, from the
    columns of int_score_changes_tested: since the period before, and since a year before.

        {{ change_columns('nps', 'score_changes') | join(', ') }}
#}
{% macro change_columns(score, relation) -%}
    {%- set columns = [] -%}
    {%- for source, target in {
        'previous_score': score ~ '_previous',
        'change': score ~ '_change',
        'change_z': score ~ '_change_z',
        'change_p_value': score ~ '_change_p_value',
        'is_significant_change': 'is_significant_change',
        'minimum_detectable_change': score ~ '_minimum_detectable_change',
        'year_before_score': score ~ '_year_before',
        'year_change': score ~ '_year_change',
        'year_change_z': score ~ '_year_change_z',
        'year_change_p_value': score ~ '_year_change_p_value',
        'is_significant_year_change': 'is_significant_year_change'
    }.items() -%}
        {%- set column = relation ~ '.' ~ source -%}
        {%- do columns.append(column if source == target else column ~ ' as ' ~ target) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
