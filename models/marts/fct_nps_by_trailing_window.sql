with

trailing_windows as (

    select * from {{ ref('int_trailing_windows') }}
    where metric = 'nps'

),

scored as (

    select
        {{ surrogate_key([
            'score_pool', 'touchpoint_id', 'answer_policy', as_text('window_days'),
            as_text('as_of_date')
        ]) }} as trailing_window_id,
        score_scope,
        score_pool as survey_kind,
        touchpoint_id,
        answer_policy,
        window_days,
        as_of_date,
        response_count,
        positive_count as promoter_count,
        response_count - positive_count - negative_count as passive_count,
        negative_count as detractor_count,
        {{ nps('positive_count', 'negative_count', 'response_count') }} as nps,
        {{ nps_bound('positive_count', 'negative_count', 'response_count', 'low') }}
            as nps_low,
        {{ nps_bound('positive_count', 'negative_count', 'response_count', 'high') }}
            as nps_high,
        is_standard_scale,
        is_full_window,
        response_count >= {{ var('minimum_reportable_responses') }} as is_reportable

    from trailing_windows

)

select * from scored
