-- Cases of period_end: the first day after the period.
with

cases (case_name, period_grain, date_text, expected) as (

    values
    ('day', 'day', '2026-01-31', '2026-02-01'),
    ('leap day', 'day', '2024-02-28', '2024-02-29'),
    ('week', 'week', '2026-01-05', '2026-01-12'),
    ('week across years', 'week', '2025-12-29', '2026-01-05'),
    ('February', 'month', '2026-02-01', '2026-03-01'),
    ('February of a leap year', 'month', '2024-02-01', '2024-03-01'),
    ('December', 'month', '2025-12-01', '2026-01-01'),
    ('quarter', 'quarter', '2026-01-01', '2026-04-01'),
    ('last quarter', 'quarter', '2025-10-01', '2026-01-01'),
    ('fiscal quarter across years', 'quarter', '2025-11-01', '2026-02-01'),
    ('year', 'year', '2026-01-01', '2027-01-01'),
    ('fiscal year', 'year', '2025-04-01', '2026-04-01'),
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
            when '{{ grain }}' then {{ period_end(grain, 'period_start_date') }}
            {%- endfor %}
        end as actual

    from typed

)

select * from judged
where actual is distinct from expected
