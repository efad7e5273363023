-- Who recommends us, and how did we reach them? Relationship NPS by channel and segment
-- for each quarter, from the daily counts: no answer is read again.
with

score_counts as (

    select * from {{ ref('fct_score_counts_by_day') }}
    where metric = 'nps'

),

touchpoints as (

    select * from {{ ref('dim_touchpoints') }}
    where survey_kind = 'relationship'

),

classified as (

    select
        {{ period_start('quarter', 'score_counts.reporting_date') }} as quarter_date,
        score_counts.channel,
        score_counts.segment,
        score_counts.answer_count,
        {{ nps_category('score_counts.score') }} as nps_category

    from score_counts
    inner join touchpoints
        on score_counts.touchpoint_id = touchpoints.touchpoint_id

),

counted as (

    select
        quarter_date,
        channel,
        segment,
        cast(sum(answer_count) as bigint) as response_count,
        {{ count_where("nps_category = 'promoter'", 'answer_count') }}
            as promoter_count,
        {{ count_where("nps_category = 'detractor'", 'answer_count') }}
            as detractor_count

    from classified

    group by quarter_date, channel, segment

),

scored as (

    select
        {{ period_label('quarter', 'quarter_date') }} as period_label,
        channel,
        segment,
        response_count,
        promoter_count,
        detractor_count,
        {{ nps('promoter_count', 'detractor_count', 'response_count') }} as nps,
        response_count >= {{ var('minimum_reportable_responses') }} as is_reportable

    from counted

)

select * from scored
order by period_label asc, channel asc nulls last, segment asc nulls last
