with

periods as (

    select * from {{ ref('dim_periods') }}

),

score_counts as (

    select * from {{ ref('fct_score_counts_by_day') }}

),

answered as (

    select
        min(reporting_date) as first_date,
        max(reporting_date) as last_date

    from score_counts

),

first_and_last as (

    select
        period_grain,
        min(period_start_date) as first_start_date,
        min(period_end_date) as first_end_date,
        max(period_start_date) as last_start_date,
        max(period_end_date) as last_end_date

    from periods

    group by period_grain

),

spanned as (

    select
        count(*) as grain_count,
        {{ count_where(
            'answered.first_date >= first_and_last.first_start_date
            and answered.first_date < first_and_last.first_end_date
            and answered.last_date >= first_and_last.last_start_date
            and answered.last_date < first_and_last.last_end_date'
        ) }} as spanning_count,
        case when min(answered.first_date) is null then 0 else 5 end as expected_count

    from answered
    left join first_and_last
        on answered.first_date is not null

),

wrong as (

    select * from spanned
    where
        spanning_count <> expected_count
        or (expected_count > 0 and grain_count <> expected_count)

)

select * from wrong
