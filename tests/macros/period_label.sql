-- Cases of period_label: ISO weeks around the ends of years, and fiscal years. Those of
-- quarters and years are for the project's fiscal_year_start_month.
with

cases (case_name, fiscal_month, period_grain, date_text, expected) as (

    values
    ('day', null, 'day', '2026-01-05', '2026-01-05'),
    ('first full week', null, 'week', '2026-01-05', '2026-W02'),
    ('week of the next year', null, 'week', '2025-12-29', '2026-W01'),
    ('Thursday in the next year', null, 'week', '2024-12-30', '2025-W01'),
    ('year of 53 weeks', null, 'week', '2020-12-28', '2020-W53'),
    ('after 53 weeks', null, 'week', '2021-01-04', '2021-W01'),
    ('53 weeks again', null, 'week', '2026-12-28', '2026-W53'),
    ('week 52 that ends on New Year', null, 'week', '2022-12-26', '2022-W52'),
    ('week 1 on New Year', null, 'week', '2024-01-01', '2024-W01'),
    ('week of two digits', null, 'week', '2026-03-02', '2026-W10'),
    ('month', null, 'month', '2026-01-01', '2026-01'),
    ('December', null, 'month', '2025-12-01', '2025-12'),
    ('quarter', 1, 'quarter', '2026-01-01', '2026-Q1'),
    ('last quarter', 1, 'quarter', '2025-10-01', '2025-Q4'),
    ('year', 1, 'year', '2026-01-01', '2026'),
    ('first year', 1, 'year', '1900-01-01', '1900'),
    ('year from February', 2, 'year', '2025-02-01', 'FY2026'),
    ('last quarter from February', 2, 'quarter', '2025-11-01', 'FY2026-Q4'),
    ('year from April', 4, 'year', '2025-04-01', 'FY2026'),
    ('first quarter from April', 4, 'quarter', '2025-04-01', 'FY2026-Q1'),
    ('last quarter from April', 4, 'quarter', '2026-01-01', 'FY2026-Q4'),
    ('year from November', 11, 'year', '2025-11-01', 'FY2026'),
    ('last quarter from November', 11, 'quarter', '2025-08-01', 'FY2025-Q4'),
    ('year from December', 12, 'year', '2025-12-01', 'FY2026'),
    ('first quarter from December', 12, 'quarter', '2025-12-01', 'FY2026-Q1'),
    ('second quarter from December', 12, 'quarter', '2026-03-01', 'FY2026-Q2')

),

typed as (

    select
        case_name,
        period_grain,
        cast(date_text as date) as period_start_date,
        expected

    from cases
    where
        fiscal_month is null
        or fiscal_month = {{ var('fiscal_year_start_month') }}

),

judged as (

    select
        *,
        case period_grain
            {%- for grain in period_grains() %}
            when '{{ grain }}' then {{ period_label(grain, 'period_start_date') }}
            {%- endfor %}
        end as actual

    from typed

)

select * from judged
where actual is distinct from expected
