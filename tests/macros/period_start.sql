-- Cases of period_start. Quarters and years depend on the var fiscal_year_start_month:
-- its cases are those of the project's month, and those without a month.
with

cases (case_name, fiscal_month, period_grain, date_text, expected) as (

    values
    ('day', null, 'day', '2026-01-05', '2026-01-05'),
    ('Monday', null, 'week', '2026-01-05', '2026-01-05'),
    ('Sunday', null, 'week', '2026-01-11', '2026-01-05'),
    ('next Monday', null, 'week', '2026-01-12', '2026-01-12'),
    ('week of the last year', null, 'week', '2026-01-01', '2025-12-29'),
    ('first of the month', null, 'month', '2026-02-01', '2026-02-01'),
    ('last of the month', null, 'month', '2026-02-28', '2026-02-01'),
    ('leap day', null, 'month', '2024-02-29', '2024-02-01'),
    ('first of the quarter', 1, 'quarter', '2026-04-01', '2026-04-01'),
    ('last of the quarter', 1, 'quarter', '2026-03-31', '2026-01-01'),
    ('last quarter', 1, 'quarter', '2026-12-31', '2026-10-01'),
    ('first of the year', 1, 'year', '2026-01-01', '2026-01-01'),
    ('last of the year', 1, 'year', '2025-12-31', '2025-01-01'),
    ('first year', 1, 'year', '1900-06-15', '1900-01-01'),
    ('quarter from February', 2, 'quarter', '2026-01-31', '2025-11-01'),
    ('leap day from February', 2, 'quarter', '2024-02-29', '2024-02-01'),
    ('year from February', 2, 'year', '2026-01-31', '2025-02-01'),
    ('quarter from April', 4, 'quarter', '2026-03-31', '2026-01-01'),
    ('last of the year from April', 4, 'year', '2026-03-31', '2025-04-01'),
    ('first of the year from April', 4, 'year', '2026-04-01', '2026-04-01'),
    ('quarter from November', 11, 'quarter', '2025-10-31', '2025-08-01'),
    ('year from November', 11, 'year', '2025-11-01', '2025-11-01'),
    ('quarter from December', 12, 'quarter', '2026-02-28', '2025-12-01'),
    ('year from December', 12, 'year', '2025-11-30', '2024-12-01'),
    ('null day', null, 'day', null, null),
    ('null week', null, 'week', null, null),
    ('null quarter', null, 'quarter', null, null)

),

typed as (

    select
        case_name,
        period_grain,
        cast(date_text as date) as reporting_date,
        cast(expected as date) as expected

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
            when '{{ grain }}' then {{ period_start(grain, 'reporting_date') }}
            {%- endfor %}
        end as actual

    from typed

)

select * from judged
where actual is distinct from expected
