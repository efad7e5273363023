{%- set facts = {
    'csat': ['satisfied_count', 'neutral_count', 'dissatisfied_count', 'csat_pct'],
    'nps': ['promoter_count', 'passive_count', 'detractor_count', 'nps'],
    'ces': ['easy_count', 'neutral_count', 'difficult_count', 'ces_pct'],
} %}
with

scores as (

    {% for metric, (positive, neutral, negative, score) in facts.items() %}
    select
        '{{ metric }}' as metric,
        touchpoint_id,
        period_id,
        period_grain,
        period_start_date,
        response_count,
        {{ positive }} as positive_count,
        {{ neutral }}{{ ' as neutral_count' if neutral != 'neutral_count' }},
        {{ negative }} as negative_count,
        {{ score }} as score

    from {{ ref('fct_' ~ metric ~ '_by_touchpoint_period') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from scores
