with

-- Who gave no id is a respondent of one answer, which none overtakes.
known_answers as (

    select
        metric,
        touchpoint_id,
        scale_id,
        respondent_id,
        responded_at,
        reporting_date,
        {{ answer_side('nps_category', 'satisfaction_category') }} as side

    from {{ ref('fct_survey_answers') }}
    where
        metric in ('csat', 'nps')
        and not {{ is_blank('respondent_id') }}

),

followed as (

    select
        metric,
        touchpoint_id,
        scale_id,
        side,
        reporting_date,
        lead(reporting_date) over (
            partition by respondent_id, metric, touchpoint_id
            -- Of answers at one instant the worst is taken for the latest.
            order by reporting_date asc, responded_at asc, side desc, scale_id asc
        ) as next_date

    from known_answers

),

overtaken as (

    select
        metric,
        touchpoint_id,
        scale_id,
        side,
        reporting_date,
        next_date,
        count(*) as answer_count

    from followed
    -- Later ones meet it in no window.
    where
        next_date
        < {{ dbt.dateadd('day', trailing_window_days() | max, 'reporting_date') }}

    group by metric, touchpoint_id, scale_id, side, reporting_date, next_date

)

select * from overtaken
