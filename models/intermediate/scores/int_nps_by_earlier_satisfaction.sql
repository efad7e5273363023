with

nps_answers_paired as (

    select * from {{ ref('int_nps_answers_paired') }}

),

rating_scales as (

    select * from {{ ref('int_rating_scales') }}

),

touchpoints as (

    select * from {{ ref('dim_touchpoints') }}
    where survey_kind = 'relationship'

),

periods_by_day as (

    select * from {{ ref('int_periods_by_day') }}

),

classified as (

    select
        answers.reporting_date,
        answers.touchpoint_id,
        answers.nps_score,
        {{ nps_category('answers.nps_score') }} as nps_category,
        {{ score_category("'csat'", 'answers.score', 'rating_scales') }}
            as satisfaction_category,
        {{ common_steps(
            'answers.score',
            'rating_scales.min_score',
            'rating_scales.max_score',
            'rating_scales.best_is_high',
            'rating_scales.common_step_count'
        ) }} as common_steps

    from nps_answers_paired as answers
    inner join touchpoints
        on answers.nps_touchpoint_id = touchpoints.touchpoint_id
    inner join rating_scales
        on answers.scale_id = rating_scales.scale_id

),

pairs as (

    select
        reporting_date,
        touchpoint_id,
        satisfaction_category,
        nps_category,
        cast(common_steps as {{ type_double() }}) as x,
        cast(nps_score as {{ type_double() }}) as y

    from classified

),

daily as (

    select
        reporting_date,
        touchpoint_id,
        satisfaction_category,
        count(*) as pair_count,
        {{ count_where("nps_category = 'promoter'") }} as promoter_count,
        {{ count_where("nps_category = 'detractor'") }} as detractor_count,
        sum(x) as sum_x,
        sum(y) as sum_y,
        sum(x * x) as sum_xx,
        sum(y * y) as sum_yy,
        sum(x * y) as sum_xy

    from pairs

    group by reporting_date, touchpoint_id, satisfaction_category

),

summed as (

    select
        periods_by_day.period_id,
        daily.touchpoint_id,
        {%- for category in ['satisfied', 'dissatisfied'] %}
        {%- set condition = "daily.satisfaction_category = '" ~ category ~ "'" %}
        {{ count_where(condition, 'daily.pair_count') }} as {{ category }}_pair_count,
        {{ count_where(condition, 'daily.promoter_count') }}
            as {{ category }}_promoter_count,
        {{ count_where(condition, 'daily.detractor_count') }}
            as {{ category }}_detractor_count,
        {%- endfor %}
        cast(sum(daily.pair_count) as bigint) as pair_count,
        sum(daily.sum_x) as sum_x,
        sum(daily.sum_y) as sum_y,
        sum(daily.sum_xx) as sum_xx,
        sum(daily.sum_yy) as sum_yy,
        sum(daily.sum_xy) as sum_xy

    from daily
    inner join periods_by_day
        on daily.reporting_date = periods_by_day.reporting_date

    group by periods_by_day.period_id, daily.touchpoint_id

),

scored as (

    select
        period_id,
        touchpoint_id,
        pair_count,
        satisfied_pair_count,
        {{ nps(
            'satisfied_promoter_count', 'satisfied_detractor_count', 'satisfied_pair_count'
        ) }} as satisfied_nps,
        dissatisfied_pair_count,
        {{ nps(
            'dissatisfied_promoter_count',
            'dissatisfied_detractor_count',
            'dissatisfied_pair_count'
        ) }} as dissatisfied_nps,
        {{ correlation(
            'pair_count', 'sum_x', 'sum_y', 'sum_xx', 'sum_yy', 'sum_xy'
        ) }} as score_correlation

    from summed

)

select * from scored
