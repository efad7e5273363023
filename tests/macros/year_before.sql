-- Cases of year_before: the same period a year before, 52 weeks before for a week.
with

cases (case_name, period_grain, date_text, expected) as (

    values
    ('day', 'day', '2026-01-31', '2025-01-31'),
    ('before a leap day', 'day', '2024-02-28', '2023-02-28'),
    ('leap day', 'day', '2024-02-29', '2023-02-28'),
    ('after a leap day', 'day', '2024-03-01', '2023-03-01'),
    ('a year after a leap day', 'day', '2025-03-01', '2024-03-01'),
    ('week', 'week', '2026-01-05', '2025-01-06'),
    ('week after a year of 53', 'week', '2021-01-04', '2020-01-06'),
    ('week 53', 'week', '2020-12-28', '2019-12-30'),
    ('month', 'month', '2026-03-01', '2025-03-01'),
    ('quarter', 'quarter', '2026-01-01', '2025-01-01'),
    ('fiscal quarter', 'quarter', '2025-11-01', '2024-11-01'),
    ('year', 'year', '2026-01-01', '2025-01-01'),
    ('fiscal year', 'year', '2025-04-01', '2024-04-01'),
    ('null', 'month', null, null)

),

typed as (

    select
        case_name,
        period_grain,
        cast(date_text as date) as period_start_date,
        cast(expected as date) as expected

    from cases

),

judged as (

    select
        *,
        case period_grain
            {%- for grain in period_grains() %}
            when '{{ grain }}' then {{ year_before(grain, 'period_start_date') }}
            {%- endfor %}
        end as actual

    from typed

)

select * from judged
where actual is distinct from expected
