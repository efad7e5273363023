-- What does a bad moment cost? The NPS of the customers who were satisfied, neutral or
-- dissatisfied at a touchpoint in the 120 days before they were asked about the brand.
-- Only respondents who answered both are in it; the latest CSAT answer counts.
with

survey_answers as (

    select * from {{ ref('fct_survey_answers') }}
    where respondent_id is not null

),

touchpoints as (

    select * from {{ ref('dim_touchpoints') }}

),

nps_answers as (

    select survey_answers.*

    from survey_answers
    inner join touchpoints
        on survey_answers.touchpoint_id = touchpoints.touchpoint_id
    where
        survey_answers.metric = 'nps'
        and touchpoints.survey_kind = 'relationship'

),

csat_answers as (

    select * from survey_answers
    where metric = 'csat'

),

pairs as (

    select
        nps_answers.answer_id,
        nps_answers.nps_category,
        csat_answers.touchpoint_id,
        csat_answers.satisfaction_category,
        row_number() over (
            partition by nps_answers.answer_id, csat_answers.touchpoint_id
            -- Of answers at one instant the lowest score counts.
            order by
                csat_answers.responded_at desc,
                csat_answers.score asc,
                csat_answers.scale_id asc
        ) as recency_rank

    from nps_answers
    inner join csat_answers
        on
            nps_answers.respondent_id = csat_answers.respondent_id
            -- An experience can only weigh on what is asked after it.
            and nps_answers.responded_at > csat_answers.responded_at
            and nps_answers.reporting_date
            <= {{ dbt.dateadd('day', 120, 'csat_answers.reporting_date') }}

),

counted as (

    select
        touchpoint_id,
        satisfaction_category,
        count(*) as response_count,
        {{ count_where("nps_category = 'promoter'") }} as promoter_count,
        {{ count_where("nps_category = 'detractor'") }} as detractor_count

    from pairs
    where recency_rank = 1

    group by touchpoint_id, satisfaction_category

),

scored as (

    select
        touchpoints.journey_order,
        touchpoints.touchpoint_name,
        counted.satisfaction_category,
        counted.response_count,
        {{ nps(
            'counted.promoter_count', 'counted.detractor_count', 'counted.response_count'
        ) }} as nps,
        counted.response_count >= {{ var('minimum_reportable_responses') }}
            as is_reportable

    from counted
    inner join touchpoints
        on counted.touchpoint_id = touchpoints.touchpoint_id

)

select * from scored
order by journey_order asc, satisfaction_category desc
