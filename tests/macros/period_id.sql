-- Cases of period_id: the grain and the first day.
with

cases (case_name, period_grain, date_text, expected) as (

    values
    ('day', 'day', '2026-01-05', 'day:2026-01-05'),
    ('week', 'week', '2026-01-05', 'week:2026-01-05'),
    ('month', 'month', '2026-01-01', 'month:2026-01-01'),
    ('quarter', 'quarter', '2026-01-01', 'quarter:2026-01-01'),
    ('year', 'year', '1900-01-01', 'year:1900-01-01'),
    ('null', 'day', null, null)

),

typed as (

    select
        case_name,
        period_grain,
        cast(date_text as date) as period_start_date,
        expected

    from cases

),

judged as (

    select
        *,
        case period_grain
            {%- for grain in period_grains() %}
            when '{{ grain }}' then {{ period_id(grain, 'period_start_date') }}
            {%- endfor %}
        end as actual

    from typed

)

select * from judged
where actual is distinct from expected
