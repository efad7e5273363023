with

variables as (

    {% for name in [
        'anonymity_threshold',
        'as_of',
        'confidence_level',
        'fiscal_year_start_month',
        'minimum_reportable_responses',
        'reporting_time_zone',
    ] %}
    select
        '{{ name }}' as variable_name,
        {{ 'null' if var(name) is none else string_literal(var(name)) }} as setting
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

typed as (

    select
        variable_name,
        setting,
        -- Only a number is cast.
        cast(
            case
                when {{ is_number(trimmed('setting')) }} then {{ trimmed('setting') }}
            end as {{ type_double() }}
        ) as number_of_setting

    from variables

),

judged as (

    select
        'vars' as seed_name,
        variable_name as seed_row,
        case
            when
                variable_name = 'reporting_time_zone'
                and coalesce(setting, '') not in ({{ known_time_zones() }})
                then 'it must be an IANA name such as Europe/Berlin'
            when
                variable_name = 'as_of'
                and setting is not null
                and not {{ is_timestamp(trimmed('setting')) }}
                then 'it must be a timestamp such as 2026-01-31T12:00:00Z'
            when
                variable_name = 'fiscal_year_start_month'
                and coalesce({{ whole_number('setting') }}, 0) not between 1 and 12
                then 'it must be a month from 1 to 12'
            when
                variable_name = 'minimum_reportable_responses'
                and coalesce({{ whole_number('setting') }}, -1) < 0
                then 'it must be a whole number, at least 0'
            when
                variable_name = 'anonymity_threshold'
                and coalesce({{ whole_number('setting') }}, 0) < 1
                then 'it must be a whole number, at least 1'
            when
                variable_name = 'confidence_level'
                and not coalesce(number_of_setting > 0 and number_of_setting < 1, false)
                then 'it must be a number between 0 and 1, such as 0.95'
        end as problem

    from typed

)

select * from judged
