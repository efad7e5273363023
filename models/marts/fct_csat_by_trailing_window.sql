with

trailing_windows as (

    select * from {{ ref('int_trailing_windows') }}
    where metric = 'csat'

),

scored as (

    select
        {{ surrogate_key([
            'touchpoint_id', 'answer_policy', as_text('window_days'),
            as_text('as_of_date')
        ]) }} as trailing_window_id,
        score_scope,
        touchpoint_id,
        answer_policy,
        window_days,
        as_of_date,
        response_count,
        positive_count as satisfied_count,
        response_count - positive_count - negative_count as neutral_count,
        negative_count as dissatisfied_count,
        {{ csat_pct('positive_count', 'response_count') }} as csat_pct,
        {{ wilson_pct('positive_count', 'response_count', 'low') }} as csat_pct_low,
        {{ wilson_pct('positive_count', 'response_count', 'high') }} as csat_pct_high,
        is_mixed_scale,
        is_full_window,
        response_count >= {{ var('minimum_reportable_responses') }} as is_reportable

    from trailing_windows

)

select * from scored
