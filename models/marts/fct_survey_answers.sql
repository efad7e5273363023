with

accepted_answers as (

    select * from {{ ref('int_survey_answers_judged') }}
    where answer_status = 'accepted'

),

rating_scales as (

    select * from {{ ref('int_rating_scales') }}

),

sources as (

    select * from {{ ref('stg_definitions__sources') }}

),

-- What no rule and no score needs is typed here, not in the store.
classified as (

    select
        {{ answer_id('accepted_answers') }} as answer_id,
        accepted_answers.source_system,
        accepted_answers.survey_id,
        accepted_answers.question_id,
        accepted_answers.response_id,
        accepted_answers.respondent_id,
        accepted_answers.touchpoint_id,
        accepted_answers.metric,
        accepted_answers.scale_id,
        accepted_answers.trimmed_channel as channel,
        accepted_answers.trimmed_segment as segment,
        accepted_answers.score,
        {{ score_pct(
            'accepted_answers.score',
            'rating_scales.min_score',
            'rating_scales.max_score',
            'rating_scales.best_is_high'
        ) }} as score_pct,
        case
            when accepted_answers.metric in ('csat', 'ces')
                then {{ satisfaction_category(
                    'accepted_answers.score',
                    'rating_scales.min_score',
                    'rating_scales.max_score',
                    'rating_scales.best_is_high',
                    'rating_scales.top_box_count',
                    'rating_scales.bottom_box_count'
                ) }}
        end as satisfaction_category,
        case
            when accepted_answers.metric = 'nps'
                then {{ nps_category('accepted_answers.score') }}
        end as nps_category,
        accepted_answers.survey_weight as weight,
        accepted_answers.responded_at_utc as responded_at,
        accepted_answers.reporting_date,
        {{ utc_instant(
            'accepted_answers.interaction_at', "coalesce(sources.time_zone, 'UTC')"
        ) }} as interaction_at,
        {{ utc_instant(
            'accepted_answers.invited_at', "coalesce(sources.time_zone, 'UTC')"
        ) }} as invited_at,
        accepted_answers.comment

    from accepted_answers
    inner join rating_scales
        on accepted_answers.scale_id = rating_scales.scale_id
    left join sources
        on accepted_answers.source_system = sources.source_system

)

select * from classified
