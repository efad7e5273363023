with

score_counts as (

    select * from {{ ref('int_score_counts_by_period') }}
    where metric = 'nps'

),

rating_scales as (

    select * from {{ ref('int_rating_scales') }}

),

touchpoints as (

    select * from {{ ref('dim_touchpoints') }}

),

described as (

    select
        score_counts.*,
        touchpoints.survey_kind,
        rating_scales.min_score

    from score_counts
    left join rating_scales
        on score_counts.scale_id = rating_scales.scale_id
    left join touchpoints
        on score_counts.touchpoint_id = touchpoints.touchpoint_id

),

in_scope as (

    select
        described.*,
        'touchpoint ' || described.touchpoint_id as scope

    from described

    union all

    select
        described.*,
        'kind ' || described.survey_kind as scope

    from described

),

expected as (

    select
        scope,
        period_id,
        sum(answer_count) as response_count,
        {{ count_where('score in (9, 10)', 'answer_count') }} as promoter_count,
        {{ count_where('score in (7, 8)', 'answer_count') }} as passive_count,
        {{ count_where('score < 7', 'answer_count') }} as detractor_count,
        max(min_score) = 0 as is_standard_scale

    from in_scope

    group by scope, period_id

),

built as (

    select
        'touchpoint ' || touchpoint_id as scope,
        period_id,
        response_count,
        promoter_count,
        passive_count,
        detractor_count,
        is_standard_scale

    from {{ ref('fct_nps_by_touchpoint_period') }}

    union all

    select
        'kind ' || survey_kind as scope,
        period_id,
        response_count,
        promoter_count,
        passive_count,
        detractor_count,
        is_standard_scale

    from {{ ref('fct_nps_by_period') }}

),

differences as (

    select
        built.*,
        expected.response_count as expected_response_count,
        expected.promoter_count as expected_promoter_count,
        expected.passive_count as expected_passive_count,
        expected.detractor_count as expected_detractor_count,
        expected.is_standard_scale as expected_is_standard_scale

    from built
    full outer join expected
        on
            built.scope = expected.scope
            and built.period_id = expected.period_id
    where
        (
            built.response_count = expected.response_count
            and built.promoter_count = expected.promoter_count
            and built.passive_count = expected.passive_count
            and built.detractor_count = expected.detractor_count
            and built.is_standard_scale = expected.is_standard_scale
        ) is not true

)

select * from differences
