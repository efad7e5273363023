{%- set family = 'partition by metric, score_scope, period_id, comparison' -%}
{%- set shares = [
    'positive_n_eff', 'n_eff', 'earlier_positive_n_eff', 'earlier_n_eff'
] -%}
{%- set nps_parts = [
    'positive_n_eff', 'detractor_n_eff', 'n_eff',
    'earlier_positive_n_eff', 'earlier_detractor_n_eff', 'earlier_n_eff'
] -%}
with

score_pairs as (

    select * from {{ ref('int_score_pairs_by_period') }}

),

tested as (

    select
        *,
        case
            when metric = 'nps' then {{ nps_change_z(*nps_parts) }}
            when metric in ('csat', 'ces') then {{ share_change_z(*shares) }}
        end as change_z,
        case
            when metric = 'nps' then {{ nps_minimum_detectable_change(*nps_parts) }}
            when metric in ('csat', 'ces')
                then {{ share_minimum_detectable_change(*shares) }}
        end as minimum_detectable_change

    from score_pairs{{ evaluated_once() }}

),

valued as (

    select
        *,
        {{ p_value('change_z') }} as change_p_value

    from tested{{ evaluated_once() }}

),

ranked as (

    select
        *,
        {{ allowed_p_value(family) }} as allowed_p_value

    from valued

),

judged as (

    select
        metric,
        score_scope,
        score_group,
        period_id,
        comparison,
        earlier_score,
        score - earlier_score as score_change,
        change_z,
        change_p_value,
        {{ is_significant(family) }} as is_significant,
        minimum_detectable_change

    from ranked

)

select * from judged
