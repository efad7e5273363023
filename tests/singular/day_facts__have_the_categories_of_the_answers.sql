with

answers as (

    select * from {{ ref('fct_survey_answers') }}

),

answer_categories as (

    select
        metric,
        touchpoint_id,
        reporting_date,
        nps_category,
        satisfaction_category,
        count(*) as answer_count

    from answers

    group by
        metric,
        touchpoint_id,
        reporting_date,
        nps_category,
        satisfaction_category

),

published_categories as (

    {% for metric, category, named_category in [
        ('csat', 'satisfied', 'satisfied'),
        ('csat', 'neutral', 'neutral'),
        ('csat', 'dissatisfied', 'dissatisfied'),
        ('ces', 'satisfied', 'easy'),
        ('ces', 'neutral', 'neutral'),
        ('ces', 'dissatisfied', 'difficult'),
        ('nps', 'promoter', 'promoter'),
        ('nps', 'passive', 'passive'),
        ('nps', 'detractor', 'detractor'),
    ] -%}
    {{ 'union all\n' if not loop.first }}
    select
        '{{ metric }}' as metric,
        touchpoint_id,
        period_start_date as reporting_date,
        '{{ category }}' as category,
        {{ named_category }}_count as answer_count

    from {{ ref('fct_' ~ metric ~ '_by_touchpoint_period') }}
    where period_grain = 'day'
    {% endfor %}
),

compared as (

    select
        metric,
        touchpoint_id,
        reporting_date,
        -- An answer has the one category that its metric asks for.
        case
            when nps_category is null then satisfaction_category
            when satisfaction_category is null then nps_category
        end as category,
        answer_count,
        0 as published_count

    from answer_categories

    union all

    select
        metric,
        touchpoint_id,
        reporting_date,
        category,
        0 as answer_count,
        answer_count as published_count

    from published_categories

),

differences as (

    select
        metric,
        touchpoint_id,
        reporting_date,
        category,
        sum(answer_count) as answer_count,
        sum(published_count) as published_count

    from compared

    group by metric, touchpoint_id, reporting_date, category
    having
        (
            sum(answer_count) = sum(published_count)
            and count(published_count) = count(*)
            and category is not null
        ) is not true

)

select * from differences
